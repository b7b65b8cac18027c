/**
 * The codes as a type. Made from `../error-codes.mjs` by `scripts/build/error-codes.mjs`: change it there, where it also
 * says who must act and what the way out is.
 */

/**
 * - `options.unknown`: There is no such option. The message names the nearest one.
 * - `options.missing`: An option that is needed is not there.
 * - `options.type`: The option has another type than it must have.
 * - `options.value`: The option has the right type and a value that it cannot have.
 * - `options.conflict`: Two options do not go together, or one is there without the other.
 * - `events.unknown`: `on` was given a name that is not an event’s.
 * - `network.unreachable`: No answer came: offline, blocked by the page's policy, or refused by CORS. Browsers do
 *   not say which.
 * - `network.timed_out`: No answer came within 30 seconds.
 * - `server.unreadable`: The server's answer is none that the protocol knows, often an error page. The message has
 *   its status.
 * - `server.missing_member`: A member that is needed is missing in the answer, or of another type. The message has
 *   its path.
 * - `server.token_refused`: The token endpoint says no; the message has its reason (RFC 6749 section 5.2).
 * - `server.token_type`: `token_type` is another one than was asked for.
 * - `server.issuer_mismatch`: The discovery document is another issuer's.
 * - `id_token.malformed`: The ID token is no signed JSON Web Token.
 * - `id_token.algorithm_not_allowed`: `alg` is neither RS256 nor ES256.
 * - `id_token.unknown_key`: None of the keys that the issuer publishes is the one that the token names, also after
 *   asking again.
 * - `id_token.signature_invalid`: The signature was not made by the issuer's key. Somebody may have changed the
 *   token.
 * - `id_token.issuer_mismatch`: `iss` is not exactly the option `issuer` (OIDC Core 3.1.3.7, step 2).
 * - `id_token.audience_mismatch`: `aud` does not hold the option `clientId` (step 3).
 * - `id_token.authorized_party_mismatch`: There are several audiences, and `azp` is not the option `clientId`
 *   (steps 4 and 5).
 * - `id_token.subject_mismatch`: A renewal brought somebody else's ID token (OIDC Core 12.2).
 * - `id_token.expired`: `exp` has passed by more than five minutes (step 9).
 * - `id_token.issued_in_the_future`: `iat` is later than now by more than five minutes (step 10).
 * - `id_token.nonce_mismatch`: `nonce` is not the one of this sign-in (step 11). The token may belong to another.
 * - `id_token.access_token_mismatch`: `at_hash` is not that of the access token (OIDC Core 3.1.3.8).
 * - `id_token.acr_mismatch`: `acr` is none of those that `acrValues` asks for (step 12).
 * - `id_token.authentication_too_old`: `auth_time` is older than `maxAge` allows (step 13).
 * - `tokens.signed_out`: Nobody is signed in, or not any more.
 * - `tokens.not_renewable`: There is no refresh token, so the tokens end by themselves.
 * - `tokens.renewal_refused`: The server does not renew (any more); whoever was signed in is signed out.
 * - `tokens.not_accepted`: `accept` was given something without tokens, or `redeem` something without a code.
 * - `redirect.loop`: The browser was sent to the server too often in too short a time; it is not sent again.
 * - `redirect.no_storage`: The page has no sessionStorage, where a sign-in is remembered until the browser is
 *   back.
 * - `callback.unknown_state`: The address, or the code, belongs to no sign-in of this tab, or to one that is too
 *   old or done.
 * - `callback.issuer_mismatch`: The answer came from another issuer (RFC 9207).
 * - `callback.refused`: The server says no; `oauthError` tells why: `access_denied`, `login_required` and so on.
 * - `userinfo.subject_mismatch`: Userinfo speaks of somebody else than the ID token (OIDC Core 5.3.2).
 * - `dpop.not_bound`: The server, or the widget, gave a bearer token although `dpop` was asked for.
 * - `fetch.origin_not_allowed`: The address is none of `allowedOrigins`, so nothing was sent.
 * - `fetch.step_up_required`: The API wants a stronger or fresher sign-in (RFC 9470): see `acrValues` and `maxAge`
 *   of the error.
 * - `storage.failed`: The place that tokens are kept in threw something; they are in memory all the same.
 */
export type TokensErrorCode =
  | 'options.unknown'
  | 'options.missing'
  | 'options.type'
  | 'options.value'
  | 'options.conflict'
  | 'events.unknown'
  | 'network.unreachable'
  | 'network.timed_out'
  | 'server.unreadable'
  | 'server.missing_member'
  | 'server.token_refused'
  | 'server.token_type'
  | 'server.issuer_mismatch'
  | 'id_token.malformed'
  | 'id_token.algorithm_not_allowed'
  | 'id_token.unknown_key'
  | 'id_token.signature_invalid'
  | 'id_token.issuer_mismatch'
  | 'id_token.audience_mismatch'
  | 'id_token.authorized_party_mismatch'
  | 'id_token.subject_mismatch'
  | 'id_token.expired'
  | 'id_token.issued_in_the_future'
  | 'id_token.nonce_mismatch'
  | 'id_token.access_token_mismatch'
  | 'id_token.acr_mismatch'
  | 'id_token.authentication_too_old'
  | 'tokens.signed_out'
  | 'tokens.not_renewable'
  | 'tokens.renewal_refused'
  | 'tokens.not_accepted'
  | 'redirect.loop'
  | 'redirect.no_storage'
  | 'callback.unknown_state'
  | 'callback.issuer_mismatch'
  | 'callback.refused'
  | 'userinfo.subject_mismatch'
  | 'dpop.not_bound'
  | 'fetch.origin_not_allowed'
  | 'fetch.step_up_required'
  | 'storage.failed';
