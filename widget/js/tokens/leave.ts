/**
 * The address of the server's sign-in page for one sign-in that has been remembered: the one way there, for `signInWithRedirect`
 * and for the widget with `mode: 'redirect'`.
 */
import type { Proofs } from './dpop.js';
import { checkRedirect } from './options.js';
import type { Redirects } from './redirect.js';
import type { AuthorizationServer } from './server.js';
import type { RedirectOptions } from './types.js';

/** What it takes to leave. */
interface Parts {
  readonly redirects: Redirects;
  readonly server: AuthorizationServer;
  readonly proofs: Proofs | undefined;
}

/**
 * Remembers a sign-in, and gives the address that begins it.
 *
 * @throws TokensError `options.…`, `redirect.…`, `network.…` (when endpoints are discovered)
 */
export async function leave({ redirects, server, proofs }: Parts, given: RedirectOptions): Promise<string> {
  const asked = checkRedirect(given);
  // First what can fail: an attempt that does not leave is not remembered, and does not count.
  const { authorization } = await server.metadata();
  const key = await proofs?.own();
  const params = await redirects.begin(asked);
  // RFC 9449 section 10: the code is bound to the key too, if that is still there when the browser comes back.
  if (key?.isStored) params['dpop_jkt'] = key.thumbprint;
  return withParams(authorization, params);
}

/** Endpoints may have parameters of their own (RFC 6749 section 3.1). */
export function withParams(address: string, params: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}
