/**
 * What the page and its browser are: secure, framed, with storage, cookies, WebAssembly and passkeys or without. Nothing here
 * asks a server.
 */
import type { SignInOptions } from '../types.js';
import type { Findings } from './findings.js';

const NEEDS_NONE = '`mode: \'redirect\'` needs no WebAssembly';

/** Everything that can be seen without the network. */
export async function lookAtPage(findings: Findings, options: SignInOptions | undefined): Promise<void> {
  findings.note('page.secure_context', isSecureContext, { address: location.origin });
  findings.note('page.origin', self.origin !== 'null', { origin: self.origin });
  lookAtFrame(findings);
  findings.note('page.storage', hasStorage());
  if (options) lookAtCookies(findings, new URL(options.issuer));
  if (options?.mode === 'redirect') findings.skip(['browser.wasm', 'policy.compile'], NEEDS_NONE);
  else findings.note('browser.wasm', typeof WebAssembly === 'object');
  await lookAtPasskeys(findings);
}

function lookAtFrame(findings: Findings): void {
  const ancestors = [...(location.ancestorOrigins ?? [])];
  const isForeign = ancestors.length > 0 ? ancestors.some((origin) => origin !== self.origin) : !canSee(window.top);
  findings.note('page.frame', !isForeign, isForeign ? { ancestors } : undefined);
}

const canSee = (other: Window | null): boolean => {
  try {
    return other !== null && other.location.href !== '';
  } catch {
    return false;
  }
};

function hasStorage(): boolean {
  try {
    const key = 'latchkey-diagnose';
    sessionStorage.setItem(key, '1');
    sessionStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

function lookAtCookies(findings: Findings, { hostname }: URL): void {
  const details = { page: location.hostname, server: hostname };
  if (!hasCookies()) return findings.note('page.cookies', false, { ...details, reason: 'cookies are switched off' });
  const isSame = isSameSite(location.hostname, hostname);
  const reason = isSame === 'unknown' ? 'the browser does not say whether both are of one site' : 'the server is of another site than the page';
  findings.note('page.cookies', isSame, isSame === true ? details : { ...details, reason });
}

/** A frame without an origin may not even ask. */
function hasCookies(): boolean {
  try {
    return document.cookie !== undefined && navigator.cookieEnabled;
  } catch {
    return false;
  }
}

/**
 * Whether the page's host and another are of one site. Which domains are nobody's own (`co.uk`, `vercel.app`) stands in the Public
 * Suffix List, which the browser has: it takes no cookie for one of those.
 */
function isSameSite(page: string, other: string): boolean | 'unknown' {
  if (page === other) return true;
  const common = commonDomain(page.split('.'), other.split('.'));
  if ([page, other].some((host) => /^[\d.]+$|:/.test(host)) || common.length < 2) return false;
  if (takesCookie(`; domain=${common.join('.')}`)) return true;
  return takesCookie('') ? false : 'unknown';
}

/** The labels at the end that both have. */
function commonDomain(one: readonly string[], other: readonly string[]): readonly string[] {
  const isCommon = (_: string, index: number): boolean => one.slice(index).join('.') === other.slice(index - one.length).join('.');
  const first = one.findIndex(isCommon);
  return first < 0 ? [] : one.slice(first);
}

/** Whether one can be set there; it is gone again at once. */
function takesCookie(domain: string): boolean {
  const name = 'latchkey-diagnose';
  document.cookie = `${name}=1; path=/${domain}`;
  const isThere = document.cookie.includes(`${name}=1`);
  document.cookie = `${name}=; path=/; max-age=0${domain}`;
  return isThere;
}

async function lookAtPasskeys(findings: Findings): Promise<void> {
  const isAddress = /^[\d.]+$|:/.test(location.hostname);
  const type = (window as { PublicKeyCredential?: typeof PublicKeyCredential }).PublicKeyCredential;
  const details = type && {
    autofill: await type.isConditionalMediationAvailable?.(),
    builtIn: await type.isUserVerifyingPlatformAuthenticatorAvailable?.(),
  };
  findings.note('passkeys.available', type !== undefined && !isAddress, { host: location.hostname, ...details });
  findings.note('passkeys.allowed', arePasskeysAllowed());
}

/** Firefox and Safari do not tell. */
function arePasskeysAllowed(): boolean | 'unknown' {
  const page = document as { featurePolicy?: { allowsFeature(name: string): boolean; features(): readonly string[] } };
  const policy = page.featurePolicy;
  if (!policy?.features().includes('publickey-credentials-get')) return 'unknown';
  return policy.allowsFeature('publickey-credentials-get');
}
