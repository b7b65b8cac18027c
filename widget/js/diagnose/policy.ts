/**
 * What the page's Content Security Policy lets through: seen by trying, where that leaves no trace, and read off the policy
 * itself where trying would put something into the page.
 */
import type { Findings } from './findings.js';
import { watchPolicy } from './requests.js';

/** The eight bytes that every module begins with, and a module by themselves. */
const SMALLEST_MODULE = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

/** All but `connect-src`, which shows when the server is asked. */
export async function lookAtPolicy(findings: Findings): Promise<void> {
  lookAtCompiling(findings);
  lookAtTrustedTypes(findings);
  const policies = await readPolicies();
  if (policies === undefined) return findings.skip(['policy.images'], 'the page cannot be asked for its own policy');
  const isAllowed = policies.every((policy) => allowsData(policy));
  findings.note('policy.images', isAllowed, { policies });
}

function lookAtCompiling(findings: Findings): void {
  if (typeof WebAssembly !== 'object') return findings.skip(['policy.compile'], 'there is no WebAssembly');
  try {
    new WebAssembly.Module(SMALLEST_MODULE);
    findings.note('policy.compile', true);
  } catch (cause) {
    findings.note('policy.compile', false, { cause: String(cause) });
  }
}

/** Asking a default policy is what the browser does on its behalf when any script of the page sets markup. */
function lookAtTrustedTypes(findings: Findings): void {
  const { trustedTypes } = window as { trustedTypes?: { defaultPolicy?: { createHTML(text: string): unknown } | null } };
  try {
    trustedTypes?.defaultPolicy?.createHTML('');
    findings.note('policy.trusted_types', true, { hasDefaultPolicy: !!trustedTypes?.defaultPolicy });
  } catch (cause) {
    // Browsers throw one themselves for a policy without this function: then it refuses markup, as the widget would have it.
    findings.note('policy.trusted_types', cause instanceof TypeError ? 'unknown' : false, { cause: String(cause), reason: 'it may have no `createHTML`' });
  }
}

/** The policies of this page: of its head, and of its `<meta>` elements. */
async function readPolicies(): Promise<readonly string[] | undefined> {
  const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[http-equiv="content-security-policy" i]')];
  try {
    const { headers } = await fetch(location.href, { credentials: 'same-origin', cache: 'force-cache' });
    // Several headers arrive as one, between commas; a comma is no part of a policy.
    const sent = headers.get('content-security-policy')?.split(',') ?? [];
    return [...sent, ...metas.map(({ content }) => content)].map((policy) => policy.trim());
  } catch {
    return undefined;
  }
}

function allowsData(policy: string): boolean {
  const sources = directive(policy, 'img-src') ?? directive(policy, 'default-src');
  return sources === undefined || sources.includes('data:');
}

/** CSP Level 3, 2.2.1: the first directive of a name counts, in any case of letters. */
const directive = (policy: string, name: string): readonly string[] | undefined =>
  policy
    .split(';')
    .map((part) => part.trim().split(/\s+/))
    .find(([first]) => first?.toLowerCase() === name)
    ?.slice(1);

/** Puts this style sheet into the page once more, without effect, and tells whether the policy kept it out. */
export async function isStyleBlocked(href: string): Promise<boolean> {
  const policy = watchPolicy(({ effectiveDirective }) => effectiveDirective.startsWith('style-src'));
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', media: 'not all', href });
  try {
    await new Promise((resolve) => {
      for (const end of ['load', 'error']) link.addEventListener(end, resolve);
      document.head.append(link);
    });
    return (await policy.broken()) !== undefined;
  } finally {
    policy.stop();
    link.remove();
  }
}
