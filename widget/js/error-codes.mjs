// Every code that an error of the package can carry, in one place: what it means, who must act, and the way out.
//
// The build makes from it the types `SignInErrorCode` and `TokensErrorCode` (`scripts/build/error-codes.mjs`), the list in the
// package (`dist/error-codes.json`) and, from that, the reference page of the demo site. Data only. A test compares it with what
// the sources can throw, in TypeScript and in Rust, both ways; a code stays what it is once a version has had it.

/**
 * Who must act for the error to go away.
 *
 * @typedef {'page' | 'server' | 'person' | 'nobody' | 'latchkey'} Actor
 *
 * One code.
 *
 * @typedef {object} ErrorCode
 * @property {string} text what has happened, in Markdown, whole sentences
 * @property {Actor} who
 * @property {string} way the way out, likewise
 * @property {('widget' | 'tokens')[]} entries whose errors carry it: those of `createSignIn`, or those of `createTokens`
 */

/** What each actor is called. @type {Record<Actor, string>} */
export const ACTORS = {
  page: "the page's developer",
  server: 'whoever runs or configures the identity server',
  person: 'the person, who has been told',
  nobody: 'nobody; it may pass',
  latchkey: 'Latchkey: report it',
};

const WIDGET = /** @type {const} */ (['widget']);
const TOKENS = /** @type {const} */ (['tokens']);
const BOTH = /** @type {const} */ (['widget', 'tokens']);

/** @type {Record<string, ErrorCode>} */
export const ERROR_CODES = {
  // ── how the package is called ──
  'options.unknown': {
    text: 'There is no such option. The message names the nearest one.',
    who: 'page',
    way: 'Correct the name; the options are on the reference page.',
    entries: BOTH,
  },
  'options.missing': {
    text: 'An option that is needed is not there.',
    who: 'page',
    way: 'Give the option that the message names.',
    entries: BOTH,
  },
  'options.type': {
    text: 'The option has another type than it must have.',
    who: 'page',
    way: 'Give what the message says.',
    entries: BOTH,
  },
  'options.value': {
    text: 'The option has the right type and a value that it cannot have.',
    who: 'page',
    way: 'Give what the message says.',
    entries: BOTH,
  },
  'options.conflict': {
    text: 'Two options do not go together, or one is there without the other.',
    who: 'page',
    way: 'Give both or neither, as the message says.',
    entries: BOTH,
  },
  'options.unavailable': {
    text: 'The option, or its value, is planned and not in this version.',
    who: 'page',
    way: 'Leave it out, or take a version that has it.',
    entries: WIDGET,
  },
  'events.unknown': {
    text: '`on` was given a name that is not an event’s.',
    who: 'page',
    way: 'Correct the name; the events are on the reference page.',
    entries: BOTH,
  },
  'mount.no_target': {
    text: 'The target of `mount` is not in the page, or there is no page.',
    who: 'page',
    way: 'Mount in a browser, once the element is in the page.',
    entries: WIDGET,
  },

  // ── loading ──
  'load.unsupported': {
    text: 'The browser has no WebAssembly, or it is switched off.',
    who: 'person',
    way: 'The page asks for another browser. `mode: \'redirect\'` and `latchkey/tokens` need no WebAssembly.',
    entries: WIDGET,
  },
  'load.unreachable': {
    text: 'The WebAssembly file, or `latchkey-customize.js`, could not be fetched, or broke off.',
    who: 'nobody',
    way: 'The person can try again. From another origin than the page’s the file needs `Access-Control-Allow-Origin`.',
    entries: WIDGET,
  },
  'load.not_found': {
    text: 'The server answered the request for the WebAssembly file with an error.',
    who: 'page',
    way: 'Serve `latchkey_bg.wasm` beside `latchkey.js`, or say where it is with `assetsUrl`.',
    entries: WIDGET,
  },
  'load.blocked': {
    text: "The page's Content Security Policy forbids to fetch the WebAssembly file, or to compile it.",
    who: 'page',
    way: "Add what the message names: `'wasm-unsafe-eval'` to `script-src`, or the file's origin to `connect-src`. `npx latchkey csp` prints the whole policy.",
    entries: WIDGET,
  },
  'load.invalid': {
    text: 'What came is not the WebAssembly file of this version of the script: a stale cache, or files of two versions.',
    who: 'page',
    way: 'Publish all files of one build together, and under names or folders that change with them.',
    entries: WIDGET,
  },
  'load.texts': {
    text: 'The texts of a language could not be fetched, or are of another version. The widget speaks English.',
    who: 'page',
    way: 'Serve `latchkey-speech.js` and the folder `locales` beside `latchkey.js`, all of one build, and let `connect-src` have them.',
    entries: WIDGET,
  },
  'hooks.failed': {
    text: 'A function of the page that is among the options has thrown. The message names the option, `cause` is what was thrown.',
    who: 'page',
    way: 'Correct the function. To tell the person something, let it throw an object `{ message, fields? }` that is no `Error`.',
    entries: WIDGET,
  },
  'internal.panic': {
    text: 'The widget has crashed. The person sees a way to start again.',
    who: 'latchkey',
    way: 'Report the message with the version; nothing of the person is in it.',
    entries: WIDGET,
  },

  // ── how page and server are set up ──
  'setup.interact_refused': {
    text: 'The server refused to begin a sign-in for this client. The message has its reason (RFC 6749 section 5.2).',
    who: 'server',
    way: 'Register `clientId` with this `redirectUri`, the grant type `interaction_code` and the `scopes`; `diagnose` says which of them it is.',
    entries: WIDGET,
  },
  'setup.insecure_context': {
    text: 'The page is no secure context, so the browser lends no keys and checks no signatures.',
    who: 'page',
    way: 'Serve the page over https, or from localhost.',
    entries: WIDGET,
  },
  'setup.passkey_place': {
    text: "The server's passkeys belong to another domain than this page's (WebAuthn Level 3, 5.1.3).",
    who: 'server',
    way: "Set the server's RP ID to this page's domain, or to a parent of it.",
    entries: WIDGET,
  },

  'clock.skewed': {
    text: "This device's clock is wrong by more than five minutes. Nothing failed: the server's time was used instead.",
    who: 'person',
    way: 'None is needed here; a page that compares times itself can use `clockSkew` of `latchkey/tokens`.',
    entries: WIDGET,
  },

  // ── the network ──
  'network.unreachable': {
    text: "No answer came: offline, blocked by the page's policy, or refused by CORS. Browsers do not say which.",
    who: 'nobody',
    way: 'The person can try again. If it never works, `diagnose` tells the reasons apart.',
    entries: BOTH,
  },
  'network.timed_out': {
    text: 'No answer came within 30 seconds.',
    who: 'nobody',
    way: 'The person can try again.',
    entries: BOTH,
  },

  // ── the server's answers ──
  'server.unreadable': {
    text: "The server's answer is none that the protocol knows, often an error page. The message has its status.",
    who: 'server',
    way: "Look into the server's log, by the request id.",
    entries: BOTH,
  },
  'server.missing_member': {
    text: 'A member that is needed is missing in the answer, or of another type. The message has its path.',
    who: 'server',
    way: 'Compare the answer with the protocol; an intermediary may have changed it.',
    entries: BOTH,
  },
  'server.foreign_href': {
    text: "The answer wants something to be sent to another origin than the issuer's. Nothing was sent.",
    who: 'server',
    way: "Give the issuer by the same origin that the server names itself by, such as that of the organisation's own domain.",
    entries: WIDGET,
  },
  'server.forbidden_redirect': {
    text: 'The answer leads to an address that is neither http(s) nor that of an app which it has declared.',
    who: 'server',
    way: 'Correct the address in the policy of the server.',
    entries: WIDGET,
  },
  'server.token_refused': {
    text: 'The token endpoint says no; the message has its reason (RFC 6749 section 5.2).',
    who: 'server',
    way: 'Allow the grant type for this client; `invalid_grant` means that a code was too old or used, and the person begins anew.',
    entries: BOTH,
  },
  'server.token_type': {
    text: '`token_type` is another one than was asked for.',
    who: 'server',
    way: 'Have the server issue bearer tokens to this client, or ask for bound ones with `dpop`.',
    entries: TOKENS,
  },
  'server.issuer_mismatch': {
    text: "The discovery document is another issuer's.",
    who: 'page',
    way: 'Give `issuer` letter by letter as the discovery document has it.',
    entries: BOTH,
  },

  // ── the checks of the ID token ──
  'id_token.malformed': {
    text: 'The ID token is no signed JSON Web Token.',
    who: 'server',
    way: "Look into the server's log, by the request id.",
    entries: BOTH,
  },
  'id_token.algorithm_not_allowed': {
    text: '`alg` is neither RS256 nor ES256.',
    who: 'server',
    way: 'Have ID tokens of this client signed with one of the two.',
    entries: BOTH,
  },
  'id_token.unknown_key': {
    text: 'None of the keys that the issuer publishes is the one that the token names, also after asking again.',
    who: 'server',
    way: 'Publish a key before tokens are signed with it; see that no cache serves an old key set.',
    entries: BOTH,
  },
  'id_token.signature_invalid': {
    text: "The signature was not made by the issuer's key. Somebody may have changed the token.",
    who: 'server',
    way: 'Find out who stands between page and server.',
    entries: BOTH,
  },
  'id_token.issuer_mismatch': {
    text: '`iss` is not exactly the option `issuer` (OIDC Core 3.1.3.7, step 2).',
    who: 'page',
    way: 'Give `issuer` letter by letter as the discovery document has it.',
    entries: BOTH,
  },
  'id_token.audience_mismatch': {
    text: '`aud` does not hold the option `clientId` (step 3).',
    who: 'server',
    way: 'See that the token endpoint issues tokens for the client that asks.',
    entries: BOTH,
  },
  'id_token.authorized_party_mismatch': {
    text: 'There are several audiences, and `azp` is not the option `clientId` (steps 4 and 5).',
    who: 'server',
    way: 'See that the token endpoint issues tokens for the client that asks.',
    entries: BOTH,
  },
  'id_token.subject_mismatch': {
    text: "A renewal brought somebody else's ID token (OIDC Core 12.2).",
    who: 'server',
    way: 'Nobody is signed in any more; the person signs in anew.',
    entries: TOKENS,
  },
  'id_token.expired': {
    text: '`exp` has passed by more than five minutes (step 9).',
    who: 'server',
    way: 'Give ID tokens a longer life. If the server does not show its `Date` to the page, a wrong clock of the device looks the same.',
    entries: BOTH,
  },
  'id_token.issued_in_the_future': {
    text: '`iat` is later than now by more than five minutes (step 10).',
    who: 'server',
    way: 'Expose the header `Date` by CORS, so that a wrong clock of the device does no harm; and correct the clock of the server.',
    entries: BOTH,
  },
  'id_token.nonce_mismatch': {
    text: '`nonce` is not the one of this sign-in (step 11). The token may belong to another.',
    who: 'server',
    way: 'The person begins anew. If it always happens, the server does not give `nonce` back.',
    entries: BOTH,
  },
  'id_token.access_token_mismatch': {
    text: '`at_hash` is not that of the access token (OIDC Core 3.1.3.8).',
    who: 'server',
    way: 'Find out who stands between page and server.',
    entries: BOTH,
  },
  'id_token.acr_mismatch': {
    text: '`acr` is none of those that `acrValues` asks for (step 12).',
    who: 'server',
    way: 'Have the policy of the server ask for what the page wants, or want less.',
    entries: BOTH,
  },
  'id_token.authentication_too_old': {
    text: '`auth_time` is older than `maxAge` allows (step 13).',
    who: 'server',
    way: 'Have the server heed `max_age`.',
    entries: BOTH,
  },

  // ── after the sign-in ──
  'tokens.signed_out': {
    text: 'Nobody is signed in, or not any more.',
    who: 'page',
    way: 'Let the person sign in; `guard` does.',
    entries: TOKENS,
  },
  'tokens.not_renewable': {
    text: 'There is no refresh token, so the tokens end by themselves.',
    who: 'page',
    way: 'Ask for the scope `offline_access`, and allow this client the grant type `refresh_token`.',
    entries: TOKENS,
  },
  'tokens.renewal_refused': {
    text: 'The server does not renew (any more); whoever was signed in is signed out.',
    who: 'person',
    way: 'The person signs in anew.',
    entries: TOKENS,
  },
  'tokens.not_accepted': {
    text: '`accept` was given something without tokens, or `redeem` something without a code.',
    who: 'page',
    way: 'Give `accept` an outcome whose `status` is `signed-in`, or its `tokens`; for `redeem`, give the widget the options of `widgetOptions`.',
    entries: TOKENS,
  },
  'redirect.loop': {
    text: 'The browser was sent to the server too often in too short a time; it is not sent again.',
    who: 'page',
    way: 'See why the page does not take the answer: `handleCallback` must run before `guard`.',
    entries: BOTH,
  },
  'redirect.no_storage': {
    text: 'The page has no sessionStorage, where a sign-in is remembered until the browser is back.',
    who: 'page',
    way: "Take the page out of a frame without `allow-same-origin`; a browser that keeps nothing cannot come back.",
    entries: BOTH,
  },
  'callback.unknown_state': {
    text: 'The address, or the code, belongs to no sign-in of this tab, or to one that is too old or done.',
    who: 'person',
    way: 'The person begins anew: a bookmark or a reload of the callback does not sign in.',
    entries: TOKENS,
  },
  'callback.issuer_mismatch': {
    text: 'The answer came from another issuer (RFC 9207).',
    who: 'server',
    way: 'Find out who sent the browser here; nothing was redeemed.',
    entries: TOKENS,
  },
  'callback.refused': {
    text: 'The server says no; `oauthError` tells why: `access_denied`, `login_required` and so on.',
    who: 'person',
    way: 'Offer to begin anew.',
    entries: TOKENS,
  },
  'userinfo.subject_mismatch': {
    text: 'Userinfo speaks of somebody else than the ID token (OIDC Core 5.3.2).',
    who: 'server',
    way: 'Use none of its claims.',
    entries: TOKENS,
  },
  'dpop.not_bound': {
    text: 'The server, or the widget, gave a bearer token although `dpop` was asked for.',
    who: 'server',
    way: 'Have tokens of this client bound to keys, and give the widget `widgetOptions` and its code to `redeem`; or leave `dpop` out.',
    entries: TOKENS,
  },
  'fetch.origin_not_allowed': {
    text: 'The address is none of `allowedOrigins`, so nothing was sent.',
    who: 'page',
    way: 'Name the origin of the API in `allowedOrigins`, if it is to see the token.',
    entries: TOKENS,
  },
  'fetch.step_up_required': {
    text: 'The API wants a stronger or fresher sign-in (RFC 9470): see `acrValues` and `maxAge` of the error.',
    who: 'page',
    way: 'Pass both on to `signInWithRedirect`, or to `createSignIn`.',
    entries: TOKENS,
  },
  'storage.failed': {
    text: 'The place that tokens are kept in threw something; they are in memory all the same.',
    who: 'page',
    way: 'See to the `storage` that the page gave, or to its quota.',
    entries: TOKENS,
  },
};
