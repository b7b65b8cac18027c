/**
 * What goes wrong after the sign-in, for the integrator: one class, told apart by a stable `code`.
 *
 * A class of its own, because this entry shares no code with the widget at run time. Messages name options, claims and
 * addresses of endpoints; they never hold a token, a code or a claim's value.
 */

/**
 * - `options.unknown`, `options.missing`, `options.type`, `options.value`, `options.conflict`: as for `createSignIn`
 * - `events.unknown`: `on` was given a name that is not an event's
 * - `tokens.signed_out`: nobody is signed in, or not any more
 * - `tokens.not_renewable`: there is no refresh token, so the tokens end by themselves
 * - `tokens.renewal_refused`: the server does not renew (any more); whoever was signed in is signed out
 * - `tokens.not_accepted`: `accept` was given something without tokens
 * - `redirect.loop`: the browser was sent to the server too often in too short a time; it is not sent again
 * - `redirect.no_storage`: the page has no sessionStorage, where a sign-in is remembered until the browser is back
 * - `callback.unknown_state`: the address belongs to no sign-in of this tab, or to one that is too old or done
 * - `callback.issuer_mismatch`: the answer came from another issuer (RFC 9207)
 * - `callback.refused`: the server says no; `oauthError` tells why: `access_denied`, `login_required`, …
 * - `id_token.…`: the check that the ID token did not pass, as for the widget; and `id_token.subject_mismatch`: a renewal
 *   brought somebody else's
 * - `userinfo.subject_mismatch`: userinfo speaks of somebody else than the ID token (OIDC Core 5.3.2)
 * - `dpop.not_bound`: the server gave a bearer token although `dpop` was asked for
 * - `fetch.origin_not_allowed`: the address is none of `allowedOrigins`, so nothing was sent
 * - `fetch.step_up_required`: the API wants a stronger or fresher sign-in (RFC 9470): see `acrValues` and `maxAge`
 * - `server.unreadable`, `server.missing_member`, `server.token_type`: the server's answer is not what it must be
 * - `server.token_refused`: the token endpoint says no; `oauthError` tells why
 * - `server.issuer_mismatch`: the discovery document is another issuer's
 * - `storage.failed`: the place that tokens are kept in threw something; they are in memory all the same
 * - `network.unreachable`, `network.timed_out`: try again
 */
export type TokensErrorCode =
  | 'options.unknown'
  | 'options.missing'
  | 'options.type'
  | 'options.value'
  | 'options.conflict'
  | 'events.unknown'
  | 'tokens.signed_out'
  | 'tokens.not_renewable'
  | 'tokens.renewal_refused'
  | 'tokens.not_accepted'
  | 'redirect.loop'
  | 'redirect.no_storage'
  | 'callback.unknown_state'
  | 'callback.issuer_mismatch'
  | 'callback.refused'
  | `id_token.${IdTokenFault}`
  | 'userinfo.subject_mismatch'
  | 'dpop.not_bound'
  | 'fetch.origin_not_allowed'
  | 'fetch.step_up_required'
  | 'server.unreadable'
  | 'server.missing_member'
  | 'server.token_type'
  | 'server.token_refused'
  | 'server.issuer_mismatch'
  | 'storage.failed'
  | 'network.unreachable'
  | 'network.timed_out';

/** Which check of OIDC Core 3.1.3.7 and 12.2 was not passed. */
export type IdTokenFault =
  | 'malformed'
  | 'algorithm_not_allowed'
  | 'unknown_key'
  | 'signature_invalid'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'authorized_party_mismatch'
  | 'subject_mismatch'
  | 'expired'
  | 'issued_in_the_future'
  | 'nonce_mismatch'
  | 'access_token_mismatch'
  | 'acr_mismatch'
  | 'authentication_too_old';

/** What an error carries beside its code and its message; each is absent where it says nothing. */
export interface TokensErrorDetails {
  /** The option that is at fault. */
  readonly option?: string | undefined;
  /** The server's own code (RFC 6749 sections 4.1.2.1 and 5.2, OIDC Core 3.1.2.6). */
  readonly oauthError?: string | undefined;
  /** The server's id of the request that failed, for its logs. */
  readonly requestId?: string | undefined;
  /** What a step-up wants: authentication contexts, separated by spaces. */
  readonly acrValues?: string | undefined;
  /** What a step-up wants: how long ago the person may have signed in, in seconds. */
  readonly maxAge?: number | undefined;
  /** The browser's own error, where one stands behind this one. */
  readonly cause?: unknown;
}

/** An error that the page's developer should know of. */
export class TokensError extends Error {
  override readonly name = 'TokensError';
  /** Stable across versions, unlike `message`: compare this. */
  readonly code: TokensErrorCode;
  /** The option that is at fault; absent unless the code begins with `options.`. */
  declare readonly option?: string;
  /** The server's own code; absent unless the server said no. */
  declare readonly oauthError?: string;
  /** The server's id of the request that failed; absent when it gave none. */
  declare readonly requestId?: string;
  /** Only with `fetch.step_up_required`; pass it on to `signInWithRedirect`. */
  declare readonly acrValues?: string;
  /** Only with `fetch.step_up_required`; pass it on to `signInWithRedirect`. */
  declare readonly maxAge?: number;

  constructor(code: TokensErrorCode, message: string, { cause, ...details }: TokensErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    Object.assign(this, Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)));
  }
}
