/**
 * Which files of the package are in the page: the script once, the style sheet at all, and all of one build. The style sheet
 * says its version in `--latchkey-version`, a mounted widget in `data-latchkey`; what the page has loaded under its own name is
 * compared byte for byte with the build that this script is of.
 */
import type { SignInOptions } from '../types.js';
import { parse } from '../option-rules.js';
import type { Findings } from './findings.js';
import { isStyleBlocked } from './policy.js';

/** The build puts its version here, and the digest of each file that it has made: SHA-384 in base64, by name. */
declare const VERSION: string;
declare const DIGESTS: Readonly<Record<string, string>>;

/** Everything that is known of the files. */
export async function lookAtFiles(findings: Findings, options: SignInOptions | undefined): Promise<void> {
  const loaded = loadedFiles();
  const scripts = loaded.filter((url) => /\/latchkey(\.iife)?\.js$/.test(url.pathname));
  const modules = loaded.filter((url) => /\/latchkey_bg[^/]*\.wasm$/.test(url.pathname));
  const isTwice = scripts.length > 1 || modules.length > 1;
  if (scripts.length + modules.length === 0) findings.skip(['page.duplicates'], 'none of the files has its usual name');
  else findings.note('page.duplicates', !isTwice, isTwice ? { files: [...scripts, ...modules].map(String) } : undefined);
  const style = styleVersion();
  await lookAtStyle(findings, style, options);
  await lookAtVersions(findings, loaded, style);
}

/** Without what tells answers of caches apart, each once. */
function loadedFiles(): readonly URL[] {
  const elements = [...document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>('script[src], link[rel="stylesheet"][href]')];
  const named = elements.map((element) => ('src' in element ? element.src : element.href));
  const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
  return [...new Set([...named, ...fetched])].flatMap((url) => parse(url) ?? []);
}

/** What the style sheet says of itself, to the widget or to an element that is taken for one. */
function styleVersion(): string | undefined {
  const probe = Object.assign(document.createElement('div'), { className: 'latchkey', hidden: true });
  document.body.append(probe);
  const version = getComputedStyle(probe).getPropertyValue('--latchkey-version');
  probe.remove();
  return version.trim().replaceAll('"', '') || undefined;
}

async function lookAtStyle(findings: Findings, version: string | undefined, options: SignInOptions | undefined): Promise<void> {
  // In a shadow root the widget has a style sheet of its own.
  const isElsewhere = (options as { isolation?: string } | undefined)?.isolation === 'shadow';
  if (version !== undefined || isElsewhere) {
    findings.note('files.style', true, version === undefined ? undefined : { version });
    return findings.note('policy.style', true);
  }
  findings.note('files.style', false);
  const link = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].find(({ href }) => /\/latchkey[^/]*\.css/.test(href));
  if (!link) return findings.skip(['policy.style'], 'no style sheet of the package is linked');
  findings.note('policy.style', !(await isStyleBlocked(link.href)), { href: link.href });
}

async function lookAtVersions(findings: Findings, loaded: readonly URL[], style: string | undefined): Promise<void> {
  const mounted = [...document.querySelectorAll<HTMLElement>('[data-latchkey]')].map(({ dataset }) => dataset['latchkey'] ?? '');
  const versions = [...new Set([VERSION, ...(style === undefined ? [] : [style]), ...mounted])];
  const compared = await Promise.all(loaded.map(compare));
  const changed = compared.flatMap(({ url, isSame }) => (isSame === false ? [url] : []));
  const same = compared.filter(({ isSame }) => isSame === true).length;
  const seen = mounted.length + same + changed.length + (style === undefined ? 0 : 1);
  if (seen === 0) return findings.skip(['files.versions'], 'none of the files has its usual name');
  findings.note('files.versions', versions.length === 1 && changed.length === 0, { versions, changed, same });
}

/**
 * Whether the file at this address is the one of this build; `undefined` if it is none of ours, or cannot be read. What development
 * servers hand out of `node_modules` they have written anew.
 */
async function compare(url: URL): Promise<{ readonly url: string; readonly isSame: boolean | undefined }> {
  const isRewritten = url.pathname.includes('/node_modules/');
  const name = Object.keys(DIGESTS).find((known) => !isRewritten && url.pathname.endsWith(`/${known}`));
  return { url: url.href, isSame: name === undefined ? undefined : await isSame(url, DIGESTS[name]) };
}

async function isSame(url: URL, digest: string | undefined): Promise<boolean | undefined> {
  try {
    // What the page has got, and not what is there now.
    const response = await fetch(url, { cache: 'force-cache', credentials: 'same-origin' });
    if (!response.ok) return undefined;
    const hash = await crypto.subtle.digest('SHA-384', await response.arrayBuffer());
    return btoa(String.fromCharCode(...new Uint8Array(hash))) === digest;
  } catch {
    return undefined;
  }
}
