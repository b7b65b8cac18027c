/**
 * Loads what only some sign-ins need: scripts of their own, beside `latchkey.js` or in the folder that the page names.
 *
 * Bundlers find them by the plain `import`, and make files of other names of them. Browsers may remember until the page is loaded
 * anew that a script has failed, so it is asked for under another address from then on.
 */
import { failure } from './errors.js';
import { wasmUrl } from './load-wasm.js';

const SCRIPTS = {
  customize: () => import('./customize.js'),
  redirect: () => import('./redirect.js'),
  speech: () => import('./speech.js'),
  tasks: () => import('./tasks.js'),
};

type Scripts = { readonly [Name in keyof typeof SCRIPTS]: Awaited<ReturnType<(typeof SCRIPTS)[Name]>> };

/** Milliseconds in which even a slow network brings a script. */
const LONGEST_WAIT = 60_000;

/** How often each has failed. */
const failures: Partial<Record<keyof Scripts, number>> = {};

/**
 * The script `latchkey-<name>.js`, run at most once.
 *
 * @throws SignInError `load.unreachable`
 */
export async function loadScript<Name extends keyof Scripts>(name: Name, assetsUrl: string | undefined): Promise<Scripts[Name]> {
  const file = `latchkey-${name}.js`;
  const { [name]: failed = 0 } = failures;
  const find = SCRIPTS[name] as () => Promise<Scripts[Name]>;
  try {
    if (assetsUrl === undefined && !failed) return await inTime(find());
    // Not found there, it may be one that a bundler has found.
    return await inTime(importFrom<Scripts[Name]>(new URL(failed ? `${file}?retry=${failed}` : file, wasmUrl(assetsUrl)).href).catch(find));
  } catch (cause) {
    failures[name] = failed + 1;
    throw failure('load.unreachable', `${file} could not be loaded`, { cause });
  }
}

/** Not for bundlers: there is nothing to find before the page runs. */
const importFrom = <Script>(url: string): Promise<Script> => import(/* webpackIgnore: true */ /* @vite-ignore */ url);

/** What is imported cannot be called off: it is waited for no longer. */
const inTime = <Script>(script: Promise<Script>): Promise<Script> =>
  Promise.race([script, new Promise<never>((_, reject) => setTimeout(reject, LONGEST_WAIT, new Error('it took too long')))]);
