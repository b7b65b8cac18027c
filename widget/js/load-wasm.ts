/**
 * Fetches and compiles the WebAssembly, once for all widgets of the page, and makes instances of it.
 *
 * Every failure has a code, because each has another remedy: a wrong path, a policy, an old browser, a stale cache. A file whose
 * digest is not the one that the build has written down is never started. Nothing is drawn here.
 */
import { createBindings, type Bindings, type Fetch } from './bindings.js';
import { failure, SignInError } from './errors.js';
import { timeLimit } from './time-limit.js';

/** By address. A failure is forgotten, so that the next call tries again. */
const modules = new Map<string, Promise<WebAssembly.Module>>();
/** Milliseconds in which even a slow network brings the file. A file that stalls would otherwise never be tried again. */
const LONGEST_WAIT = 60_000;

/** Addresses that failed once: asked for again past the cache, which may hold what was wrong. */
const failed = new Set<string>();

/**
 * A fresh instance, compiled at most once per address.
 *
 * @throws SignInError `load.…`
 */
export async function instantiate(assetsUrl: string | undefined, onTrap: (cause: unknown) => void, send: Fetch): Promise<Bindings> {
  const module = await loadModule(wasmUrl(assetsUrl));
  const bindings = createBindings(onTrap, send);
  bindings.attach(await WebAssembly.instantiate(module, bindings.imports));
  return bindings;
}

/** The address of the style sheet, for those who load it themselves. */
export const stylesUrl = (assetsUrl: string | undefined): string =>
  // Bundlers look for exactly such expressions to find the files.
  assetsUrl === undefined ? new URL('latchkey.css', import.meta.url).href : inFolder(assetsUrl, 'latchkey.css');

export const wasmUrl = (assetsUrl: string | undefined): string =>
  assetsUrl === undefined ? new URL('latchkey_bg.wasm', import.meta.url).href : inFolder(assetsUrl, 'latchkey_bg.wasm');

const inFolder = (folder: string, file: string): string => new URL(file, new URL(folder.replace(/\/?$/, '/'), document.baseURI)).href;

function loadModule(url: string): Promise<WebAssembly.Module> {
  const known = modules.get(url);
  if (known) return known;
  const module = request(url).then((response) => compile(url, response));
  modules.set(url, module);
  module.catch(() => forget(url));
  return module;
}

function forget(url: string): void {
  modules.delete(url);
  failed.add(url);
}

async function request(url: string): Promise<Response> {
  if (typeof WebAssembly !== 'object') throw failure('load.unsupported', 'this browser has no WebAssembly');
  if (!isSecureContext) throw failure('setup.insecure_context', 'serve the page over https or from localhost');
  const policy = watchPolicy(url);
  try {
    const response = await fetch(url, { credentials: 'same-origin', cache: failed.has(url) ? 'reload' : 'default', signal: timeLimit(LONGEST_WAIT) });
    if (response.ok) return response;
    throw failure('load.not_found', `${url} was answered with status ${response.status}`);
  } catch (cause) {
    if (cause instanceof SignInError) throw cause;
    if (await policy.wasBroken()) throw failure('load.blocked', `the page's connect-src does not allow ${url}`, { cause });
    throw failure('load.unreachable', `${url} could not be fetched`, { cause });
  } finally {
    policy.stop();
  }
}

/** A fetch that the page's policy refuses fails like one without network; only the event tells them apart. */
function watchPolicy(url: string) {
  let broken = false;
  const listen = (event: SecurityPolicyViolationEvent): void => {
    broken ||= event.blockedURI === url;
  };
  document.addEventListener('securitypolicyviolation', listen);
  return {
    // The event is a task of its own, queued before the fetch fails: one turn of the event loop later it has been seen.
    wasBroken: () => new Promise<boolean>((resolve) => setTimeout(() => resolve(broken))),
    stop: () => document.removeEventListener('securitypolicyviolation', listen),
  };
}

/** The build puts the digest of the file here that it has made beside this script: SHA-256 in base64. */
declare const WASM_DIGEST: string;

async function compile(url: string, response: Response): Promise<WebAssembly.Module> {
  try {
    // Compiling while it arrives is refused unless the type is exactly this one; servers often send another.
    const canStream = response.headers.get('content-type') === 'application/wasm';
    const early = canStream ? WebAssembly.compileStreaming(response.clone()) : undefined;
    early?.catch(() => undefined); // What is not our file is refused for its digest, and for nothing else.
    const bytes = await response.arrayBuffer();
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    if (btoa(String.fromCharCode(...new Uint8Array(digest))) !== WASM_DIGEST) {
      throw failure('load.invalid', `${url} is not the WebAssembly of this version of latchkey.js`);
    }
    return await (early ?? WebAssembly.compile(bytes));
  } catch (cause) {
    if (cause instanceof SignInError) throw cause;
    // No browser gives this failure a type of its own: Chromium and Safari name the directive, Firefox says "CSP".
    if (/unsafe-eval|\bCSP\b|Content Security Policy/.test(String(cause))) {
      throw failure('load.blocked', "the page's script-src does not allow 'wasm-unsafe-eval'", { cause });
    }
    throw failure('load.unreachable', `${url} broke off`, { cause });
  }
}
