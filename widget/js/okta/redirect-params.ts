/**
 * Parameters of the incumbent's `token.getWithRedirect`: those that the session knows, those that go into the address as they are,
 * and those that are said to be neither.
 */
import type { RedirectOptions } from '../tokens/types.js';
import type { RedirectParams } from './types.js';
import { warnOnce } from './warnings.js';

/** What the session makes the request of. */
export const signInParams = ({ scopes, acrValues, maxAge, loginHint, prompt }: RedirectParams): RedirectOptions => ({
  scopes,
  acrValues,
  maxAge: maxAge === undefined ? undefined : Number(maxAge),
  loginHint,
  prompt: prompt as RedirectOptions['prompt'],
});

/** By the names that the server has for them. */
const NAMES: Readonly<Record<string, string>> = { idp: 'idp', idpScope: 'idp_scope', display: 'display', sessionToken: 'sessionToken' };
const KNOWN = ['scopes', 'acrValues', 'maxAge', 'loginHint', 'prompt', 'originalUri', 'extraParams'];

/** What else goes into the address; the rest is told on the console. */
export function extraParams(params: RedirectParams): Readonly<Record<string, string>> {
  const extra: Record<string, string> = { ...params.extraParams };
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null || KNOWN.includes(name)) continue;
    const parameter = NAMES[name];
    if (parameter === undefined) warnOnce(`parameter \`${name}\` of \`token.getWithRedirect\` has no effect: a code is asked for, with the options of the widget, and with a \`state\` and a \`nonce\` of its own.`);
    else extra[parameter] = [value].flat().join(' ');
  }
  return extra;
}
