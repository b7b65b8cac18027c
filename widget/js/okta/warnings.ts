/**
 * What is said on the console: each thing once for a page, and nothing about what works as it did.
 */
import type { Finding } from './translate.js';

const said = new Set<string>();

export function warnOnce(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  console.warn(`[latchkey/okta] ${text}`);
}

const WORDS = { changed: 'works in another way', ignored: 'has no effect', unknown: 'is not known' } as const;

/** Says what is not as it was. What is refused is thrown elsewhere. */
export function warnOf(findings: readonly Finding[]): void {
  for (const { option, verdict, advice } of findings) {
    if (verdict in WORDS) warnOnce(`option \`${option}\` ${WORDS[verdict as keyof typeof WORDS]}. ${advice}`);
  }
}
