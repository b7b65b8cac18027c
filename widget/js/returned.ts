/**
 * The way back from another provider's pages: the identity server sends the browser to the page's `redirectUri` with the
 * result in the query. It is taken out of the address, so that neither a reload nor a bookmark uses it again.
 *
 * Only a return that belongs to a sign-in of this tab is touched: whatever else stands in the query is the page's own.
 */

/** `{state, interaction_code}` or `{state, error, error_description?}`, or nothing if there is none of ours. */
export function takeReturned(): Record<string, string> | undefined {
  const url = new URL(location.href);
  const returned: Record<string, string> = {};
  for (const name of NAMES) {
    const value = url.searchParams.get(name);
    if (value !== null) returned[name] = value;
    url.searchParams.delete(name);
  }
  if (!(returned['interaction_code'] ?? returned['error']) || !isOurs(returned['state'])) return undefined;
  history.replaceState(history.state, '', url);
  return returned;
}

/** RFC 6749 section 4.1.2 and RFC 9207, with the interaction code in the place of the code. */
const NAMES = ['state', 'interaction_code', 'error', 'error_description', 'iss'];

/** What the widget keeps to go on with, and nothing that somebody else calls nearly so: `latchkey.` and a SHA-256 in base64url. */
export const isKept = (key: string): boolean => /^latchkey\.[\w-]{43}$/.test(key);

function isOurs(state: string | undefined): boolean {
  try {
    const saved = Object.entries(sessionStorage).filter(([key]) => isKept(key));
    return state !== undefined && saved.some(([, text]) => JSON.parse(text as string).state === state);
  } catch {
    // A page without storage has kept nothing to go on with.
    return false;
  }
}
