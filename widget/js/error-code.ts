/**
 * The codes as a type. Made from `error-codes.mjs` by `scripts/build/error-codes.mjs`: change it there, where it also
 * says who must act and what the way out is.
 */

/**
 * - `options.unknown`: There is no such option. The message names the nearest one.
 * - `options.missing`: An option that is needed is not there.
 * - `options.type`: The option has another type than it must have.
 * - `options.value`: The option has the right type and a value that it cannot have.
 * - `options.conflict`: Two options do not go together, or one is there without the other.
 * - `options.unavailable`: The option, or its value, is planned and not in this version.
 * - `events.unknown`: `on` was given a name that is not an event’s.
 * - `mount.no_target`: The target of `mount` is not in the page, or there is no page.
 * - `load.unsupported`: The browser has no WebAssembly, or it is switched off.
 * - `load.unreachable`: The WebAssembly file, or `latchkey-customize.js`, could not be fetched, or broke off.
 * - `load.not_found`: The server answered the request for the WebAssembly file with an error.
 * - `load.blocked`: The page's Content Security Policy forbids to fetch the WebAssembly file, or to compile it.
 * - `load.invalid`: What came is not the WebAssembly file of this version of the script: a stale cache, or files
 *   of two versions.
 * - `load.texts`: The texts of a language could not be fetched, or are of another version. The widget speaks
 *   English.
 * - `hooks.failed`: A function of the page that is among the options has thrown. The message names the option,
 *   `cause` is what was thrown.
 * - `internal.panic`: The widget has crashed. The person sees a way to start again.
 * - `setup.interact_refused`: The server refused to begin a sign-in for this client. The message has its reason
 *   (RFC 6749 section 5.2).
 * - `setup.insecure_context`: The page is no secure context, so the browser lends no keys and checks no
 *   signatures.
 * - `setup.passkey_place`: The server's passkeys belong to another domain than this page's (WebAuthn Level 3,
 *   5.1.3).
 * - `clock.skewed`: This device's clock is wrong by more than five minutes. Nothing failed: the server's time was
 *   used instead.
 * - `network.unreachable`: No answer came: offline, blocked by the page's policy, or refused by CORS. Browsers do
 *   not say which.
 * - `network.timed_out`: No answer came within 30 seconds.
 * - `server.unreadable`: The server's answer is none that the protocol knows, often an error page. The message has
 *   its status.
 * - `server.missing_member`: A member that is needed is missing in the answer, or of another type. The message has
 *   its path.
 * - `server.foreign_href`: The answer wants something to be sent to another origin than the issuer's. Nothing was
 *   sent.
 * - `server.forbidden_redirect`: The answer leads to an address that is neither http(s) nor that of an app which
 *   it has declared.
 * - `server.token_refused`: The token endpoint says no; the message has its reason (RFC 6749 section 5.2).
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
 * - `id_token.expired`: `exp` has passed by more than five minutes (step 9).
 * - `id_token.issued_in_the_future`: `iat` is later than now by more than five minutes (step 10).
 * - `id_token.nonce_mismatch`: `nonce` is not the one of this sign-in (step 11). The token may belong to another.
 * - `id_token.access_token_mismatch`: `at_hash` is not that of the access token (OIDC Core 3.1.3.8).
 * - `id_token.acr_mismatch`: `acr` is none of those that `acrValues` asks for (step 12).
 * - `id_token.authentication_too_old`: `auth_time` is older than `maxAge` allows (step 13).
 * - `redirect.loop`: The browser was sent to the server too often in too short a time; it is not sent again.
 * - `redirect.no_storage`: The page has no sessionStorage, where a sign-in is remembered until the browser is
 *   back.
 */
export type SignInErrorCode =
  | 'options.unknown'
  | 'options.missing'
  | 'options.type'
  | 'options.value'
  | 'options.conflict'
  | 'options.unavailable'
  | 'events.unknown'
  | 'mount.no_target'
  | 'load.unsupported'
  | 'load.unreachable'
  | 'load.not_found'
  | 'load.blocked'
  | 'load.invalid'
  | 'load.texts'
  | 'hooks.failed'
  | 'internal.panic'
  | 'setup.interact_refused'
  | 'setup.insecure_context'
  | 'setup.passkey_place'
  | 'clock.skewed'
  | 'network.unreachable'
  | 'network.timed_out'
  | 'server.unreadable'
  | 'server.missing_member'
  | 'server.foreign_href'
  | 'server.forbidden_redirect'
  | 'server.token_refused'
  | 'server.issuer_mismatch'
  | 'id_token.malformed'
  | 'id_token.algorithm_not_allowed'
  | 'id_token.unknown_key'
  | 'id_token.signature_invalid'
  | 'id_token.issuer_mismatch'
  | 'id_token.audience_mismatch'
  | 'id_token.authorized_party_mismatch'
  | 'id_token.expired'
  | 'id_token.issued_in_the_future'
  | 'id_token.nonce_mismatch'
  | 'id_token.access_token_mismatch'
  | 'id_token.acr_mismatch'
  | 'id_token.authentication_too_old'
  | 'redirect.loop'
  | 'redirect.no_storage';
