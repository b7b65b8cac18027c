/**
 * What `diagnose` looks at, and what it says: for each check the sentence when all is well, the one when it is not, and the way
 * out. Codes stay what they are; texts do not. The reference page shows this list.
 */

/** One check. */
export interface Check {
  /** What is so when all is well. */
  readonly good: string;
  /** What is so when it is not. */
  readonly bad: string;
  /** What to do then. */
  readonly fix: string;
}

/** Every check there is, in the order in which they are told. */
export const CHECKS = {
  'options.valid': {
    good: 'The options are right.',
    bad: 'The options are refused.',
    fix: 'Correct the option that `details` names; nothing that depends on the options was looked at.',
  },
  'page.secure_context': {
    good: 'The page is a secure context.',
    bad: 'The page is no secure context: browsers lend it no keys, no passkeys, and check no signatures.',
    fix: 'Serve the page over https, or from localhost.',
  },
  'page.origin': {
    good: 'The page has an origin of its own.',
    bad: 'The page has no origin (`null`): a server can register none, and nothing can be kept.',
    fix: 'Serve it from a server instead of a file, and give a frame with `sandbox` also `allow-same-origin`.',
  },
  'page.frame': {
    good: 'The page is not in a frame of another site.',
    bad: 'The page is in a frame of another site: browsers keep its storage and the server’s cookies apart from those of the page itself.',
    fix: 'Show the sign-in in a page of its own, or name the pages that may frame it with `frame-ancestors`; passkeys need `allow` on the frame.',
  },
  'page.storage': {
    good: 'The page has sessionStorage, so that a sign-in survives a reload.',
    bad: 'The page has no sessionStorage: a reload begins anew, and nobody comes back from another provider.',
    fix: 'Allow the site to keep data, and give a frame with `sandbox` also `allow-same-origin`.',
  },
  'page.cookies': {
    good: 'The server’s cookies are those of the page’s own site.',
    bad: 'The server’s cookies are not kept with this page: they are switched off, or may count as those of a third party.',
    fix: 'Give the identity server a domain under the page’s own (`id.example.com` for `www.example.com`). Until then sign-ins work, but other providers and remembered devices may not.',
  },
  'page.duplicates': {
    good: 'The script is in the page once.',
    bad: 'The script is in the page more than once, each with a WebAssembly of its own.',
    fix: 'Load either `latchkey.js` or `latchkey.iife.js`, once and from one address; have a bundler deduplicate the package.',
  },
  'files.versions': {
    good: 'Script, style sheet and the other files are of one build.',
    bad: 'The files are of different builds.',
    fix: 'Publish all files of one build together, in a folder whose name changes with them (`dist/cdn`), and empty the caches between.',
  },
  'files.style': {
    good: 'The style sheet is in the page.',
    bad: 'The style sheet is not in the page.',
    fix: 'Add `<link rel="stylesheet" href="…/latchkey.css">`, or import `latchkey/latchkey.css`.',
  },
  'browser.wasm': {
    good: 'The browser has WebAssembly.',
    bad: 'The browser has no WebAssembly, or it is switched off.',
    fix: 'Use another browser, or switch it on; managed devices and lockdown modes switch it off.',
  },
  'policy.compile': {
    good: 'The page’s policy lets WebAssembly be compiled.',
    bad: 'The page’s Content Security Policy forbids to compile WebAssembly.',
    fix: 'Add `\'wasm-unsafe-eval\'` to `script-src`; it allows no `eval`. `npx latchkey csp` prints the whole policy.',
  },
  'policy.connect': {
    good: 'The page’s policy lets the page ask the identity server.',
    bad: 'The page’s Content Security Policy forbids requests to the identity server.',
    fix: 'Add the origin of `issuer` to `connect-src`.',
  },
  'policy.style': {
    good: 'The page’s policy lets the style sheet in.',
    bad: 'The page’s Content Security Policy keeps the style sheet out.',
    fix: 'Add the origin of `latchkey.css` to `style-src`; nothing inline is needed.',
  },
  'policy.images': {
    good: 'The page’s policy lets QR codes be shown.',
    bad: 'The page’s Content Security Policy keeps QR codes of authenticator apps out.',
    fix: 'Add `data:` to `img-src`.',
  },
  'policy.trusted_types': {
    good: 'Trusted Types are no obstacle: the widget needs no policy of its own.',
    bad: 'The default policy of Trusted Types throws where it is asked.',
    fix: 'Have the default policy return `null` for what it refuses. The widget never calls it; scripts beside it do.',
  },
  'server.reachable': {
    good: 'The identity server answers.',
    bad: 'The identity server cannot be reached from this browser.',
    fix: 'Open `issuer` in a tab: the address, the certificate, a proxy, a blocker or the network is wrong.',
  },
  'server.origin': {
    good: 'The server lets pages of this origin read its answers.',
    bad: 'The server answers, and lets no page of this origin read it (CORS).',
    fix: 'Register exactly the origin in `details` at the identity server: `origins` of the client, or a trusted origin with CORS.',
  },
  'server.discovery': {
    good: 'The discovery document is that of the option `issuer`.',
    bad: 'The discovery document is not there, or speaks of another issuer or of other addresses.',
    fix: 'Give `issuer` letter by letter as the discovery document has it, without a slash at the end that is not there.',
  },
  'server.client': {
    good: 'The server knows the client.',
    bad: 'The server does not know the client, or wants a secret from it.',
    fix: 'Correct `clientId`, and register it as a public client (a single-page app, without client authentication).',
  },
  'server.redirect_uri': {
    good: 'The redirect URI is registered.',
    bad: 'The redirect URI is not registered for this client.',
    fix: 'Register the address in `details` letter by letter; nothing is visited there.',
  },
  'server.grant_type': {
    good: 'The client may use interaction codes.',
    bad: 'The client may not use interaction codes.',
    fix: 'Allow the client the grant type `interaction_code`; on a hosted org also in the access policy of the authorization server.',
  },
  'server.scopes': {
    good: 'The server has all the scopes.',
    bad: 'The server does not have all the scopes, or refuses them to this client.',
    fix: 'Ask for fewer `scopes`, or add them to the authorization server.',
  },
  'server.begins': {
    good: 'The server begins a sign-in for these options.',
    bad: 'The server refuses to begin a sign-in for these options.',
    fix: 'See its reason in `details`.',
  },
  'server.addresses': {
    good: 'The server’s forms are sent to the origin of `issuer`.',
    bad: 'The server’s forms are to be sent to another origin than that of `issuer`, which the widget refuses.',
    fix: 'Give `issuer` by the origin that the server names itself by, such as its custom domain.',
  },
  'server.keys': {
    good: 'The server shows its keys to this page.',
    bad: 'The server does not show its keys to this page.',
    fix: 'Let the page’s origin read the address in `details` (CORS); tokens are checked with the keys there.',
  },
  'server.token': {
    good: 'The token endpoint answers this page.',
    bad: 'The token endpoint does not answer this page.',
    fix: 'Let the page’s origin read the token endpoint too (CORS), and let the client redeem without a secret.',
  },
  'clock.skew': {
    good: 'The clock of this device agrees with the server’s.',
    bad: 'The clock of this device disagrees with the server’s, or the server does not show its own.',
    fix: 'Set the clock. Have the server expose `Date` (`Access-Control-Expose-Headers: date`): the widget and `latchkey/tokens` then go by the server’s.',
  },
  'passkeys.available': {
    good: 'The browser has passkeys.',
    bad: 'The browser has no passkeys here.',
    fix: 'Serve the page over https or from localhost, under a domain name; or use a browser that has them.',
  },
  'passkeys.allowed': {
    good: 'The page may use passkeys.',
    bad: 'A permissions policy keeps passkeys from the page.',
    fix: 'Give the frame `allow="publickey-credentials-get; publickey-credentials-create"`, and do not switch them off in the header `Permissions-Policy`.',
  },
  'passkeys.rp_id': {
    good: 'The server’s passkeys belong to this page’s domain.',
    bad: 'The server’s passkeys belong to another domain than this page’s.',
    fix: 'Set the server’s RP ID to the domain of the page, or to a parent of it.',
  },
} as const satisfies Record<string, Check>;

/** The name of a check; stable across versions. */
export type FindingCode = keyof typeof CHECKS;
