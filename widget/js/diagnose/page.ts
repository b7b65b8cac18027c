/**
 * What the page and its browser are: secure, framed, with storage, cookies, WebAssembly and passkeys or without. Nothing here
 * asks a server.
 */
import type { SignInOptions } from '../types.js';
import type { Findings } from './findings.js';

/** Everything that can be seen without the network. */
export async function lookAtPage(findings: Findings, options: SignInOptions | undefined): Promise<void> {
  findings.note('page.secure_context', isSecureContext, { address: location.origin });
  findings.note('page.origin', self.origin !== 'null', { origin: self.origin });
  lookAtFrame(findings);
  findings.note('page.storage', hasStorage());
  if (options) lookAtCookies(findings, new URL(options.issuer));
  findings.note('browser.wasm', typeof WebAssembly === 'object');
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
  if (isSameSite(location.hostname, hostname)) return findings.note('page.cookies', true, details);
  findings.note('page.cookies', false, { ...details, reason: 'the server is of another site than the page' });
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
 * Whether two hosts are of one site. Exactly that takes the Public Suffix List; here it is the last two labels, or three under
 * country codes with a second level (`co.uk`), which is right for what people use.
 */
export function isSameSite(one: string, other: string): boolean {
  const site = (host: string): string => {
    if (/^[\d.]+$|:/.test(host)) return host;
    const labels = host.split('.');
    const isSecondLevel = /^(co|com|net|org|gov|ac|edu|ne|or)$/.test(labels.at(-2) ?? '') && labels.at(-1)?.length === 2;
    return labels.slice(isSecondLevel ? -3 : -2).join('.');
  };
  return site(one) === site(other);
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
