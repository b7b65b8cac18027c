/**
 * What is made of the page's functions where they run. The same for their texts is `npx latchkey check-okta-config`'s.
 */
import type { Wrap } from './adapters.js';
import { continued, withEmail, type Submits } from './registration.js';

export const run: Wrap = (name, value, languages = []) => {
  if (name === 'continuation') return continued(value as Parameters<typeof continued>[0]);
  if (name === 'submits') return withEmail(value as Submits);
  const choose = value as (supported: readonly string[], wanted: readonly string[]) => unknown;
  return choose(languages, typeof navigator === 'object' ? navigator.languages : []);
};
