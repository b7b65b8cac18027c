/**
 * What is made of the page's functions where they run. The same for their texts is `npx latchkey check-okta-config`'s.
 */
import type { WrapperName } from './adapters.js';
import { continued } from './registration.js';

/** What the incumbent tells a page that chooses the language itself. */
export const LANGUAGES: readonly string[] = [
  ...['cs', 'da', 'de', 'el', 'en', 'es', 'eu', 'fi', 'fr', 'ht', 'hu', 'id', 'it', 'ja', 'ko', 'ms', 'nb', 'nl-NL', 'pl', 'pt-BR', 'ro', 'ru'],
  ...['sv', 'th', 'tr', 'uk', 'zh-CN', 'zh-TW'],
];

export function run(name: WrapperName, value: unknown): unknown {
  if (name === 'continuation') return continued(value as Parameters<typeof continued>[0]);
  const choose = value as (supported: readonly string[], wanted: readonly string[]) => unknown;
  return choose(LANGUAGES, typeof navigator === 'object' ? navigator.languages : []);
}
