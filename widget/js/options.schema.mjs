// Every option of `createSignIn`, in one place: what it is called, what it may be, what it does and how it is used.
//
// The build makes from it what must never disagree (`scripts/build/options.mjs`): the rules that options are checked against
// at run time (`option-table.ts`), the TypeScript type (`sign-in-options.ts`), a JSON Schema (`dist/options.schema.json`) and,
// from that, the reference page of the demo site. Data only; how a value is judged stands in `option-rules.ts`.

/**
 * What one option can be.
 *
 * @typedef {object} Kind
 * @property {string} expected completes "option `x` must be …"
 * @property {string} type in TypeScript
 * @property {string[]} checks functions of `option-rules.ts`: whether a value has the type, and then whether it is right
 * @property {object} [json] the same as JSON Schema; left out where JSON has no such thing
 *
 * One option. Without `kind` and `values` it is planned for a later version, and refused until then.
 *
 * @typedef {object} Option
 * @property {string} text what it does, in Markdown, whole sentences
 * @property {string} example a value, as JavaScript
 * @property {string} [otherwise] completes "Default: …" where the default is no JSON value
 * @property {unknown} [default] the default, where it is one
 * @property {true} [required]
 * @property {keyof typeof KINDS} [kind]
 * @property {string} [type] in TypeScript, where it says more than that of the kind
 * @property {string[]} [values] all that it may be, instead of a kind
 * @property {string[] | 'any'} [later] values that are planned, and refused until then; `any` stands for all others
 * @property {string} [since] the first version that has it
 */

/** @type {Record<string, Kind>} */
export const KINDS = {
  issuer: {
    expected: 'an https address without query and fragment (http on localhost)',
    type: 'string',
    checks: ['isString', 'isIssuer'],
    json: { type: 'string', format: 'uri', pattern: '^(https://[^?#]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?(/[^?#]*)?)$' },
  },
  redirectUri: {
    expected: 'a relative or an https address without fragment (http on localhost)',
    type: 'string',
    checks: ['isString', 'isRedirectUri'],
    json: {
      type: 'string',
      format: 'uri-reference',
      pattern: '^(https://[^#]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?([/?][^#]*)?|(?![A-Za-z][\\w+.-]*:)[^#]+)$',
    },
  },
  text: {
    expected: 'a string that is not empty',
    type: 'string',
    checks: ['isString', 'isNotEmpty'],
    json: { type: 'string', minLength: 1 },
  },
  anyText: { expected: 'a string', type: 'string', checks: ['isString'], json: { type: 'string' } },
  scopes: {
    expected: 'an array of at least one scope, each without spaces',
    type: 'readonly string[]',
    checks: ['areStrings', 'areScopes'],
    json: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^\\S+$' } },
  },
  codeChallenge: {
    expected: 'a SHA-256 in base64url, 43 characters',
    type: 'string',
    checks: ['isString', 'isCodeChallenge'],
    json: { type: 'string', pattern: '^[\\w-]{43}$' },
  },
  seconds: {
    expected: 'a whole number of seconds, 0 or more',
    type: 'number',
    checks: ['isNumber', 'isCount'],
    json: { type: 'integer', minimum: 0 },
  },
  handler: { expected: 'a function', type: '() => void', checks: ['isFunction'] },
  signal: { expected: 'an AbortSignal', type: 'AbortSignal', checks: ['isSignal'] },
};

/** @type {Record<string, Option>} */
export const OPTIONS = {
  issuer: {
    required: true,
    kind: 'issuer',
    text: 'Address of the authorization server, as in its discovery document. `https`, or `http` on localhost; no query and no fragment.',
    example: "'https://id.example.com/oauth2/default'",
    since: '0.1.0',
  },
  clientId: {
    required: true,
    kind: 'text',
    text: 'The client id that the identity server gave to this page.',
    example: "'demo-spa'",
    since: '0.1.0',
  },
  redirectUri: {
    required: true,
    kind: 'redirectUri',
    text:
      "Address that is registered for this client. May be relative (`/callback`): it is resolved against the page's address when the " +
      'widget is mounted. `https`, or `http` on localhost.',
    example: "'/callback'",
    since: '0.1.0',
  },
  onSuccess: {
    kind: 'handler',
    type: '(outcome: Outcome) => void',
    text: 'Called with the `Outcome` when the person is through, the same as the `success` event.',
    otherwise: 'nobody',
    example: '(outcome) => console.log(outcome.status)',
    since: '0.1.0',
  },
  onError: {
    kind: 'handler',
    type: '(error: SignInError) => void',
    text: 'Called with each failure that a developer should know of, the same as the `error` event.',
    otherwise: 'nobody',
    example: '(error) => console.warn(error.code, error.message)',
    since: '0.1.0',
  },
  scopes: {
    kind: 'scopes',
    text: 'What is asked for (RFC 6749 section 3.3).',
    default: ['openid', 'profile', 'email'],
    example: "['openid', 'profile', 'offline_access']",
    since: '0.1.0',
  },
  state: {
    kind: 'text',
    text: 'Value that comes back with an interaction code (RFC 6749 section 10.12).',
    otherwise: 'random, and checked here',
    example: "'d2hlcmUgSSB3YXM'",
    since: '0.1.0',
  },
  nonce: {
    kind: 'text',
    text: 'Value that comes back in the ID token (OIDC Core 3.1.2.1).',
    otherwise: 'random, and checked here',
    example: "'n-0S6_WzA2Mj'",
    since: '0.1.0',
  },
  codeChallenge: {
    kind: 'codeChallenge',
    text:
      "PKCE challenge of the page's own backend (RFC 7636 section 4.2), 43 characters of base64url. With it the outcome is an " +
      '`interaction-code` that the backend redeems. Goes together with `codeChallengeMethod`.',
    otherwise: 'the widget makes its own and redeems the code itself',
    example: "'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'",
    since: '0.1.0',
  },
  codeChallengeMethod: {
    values: ['S256'],
    text: 'How `codeChallenge` was made; goes together with it.',
    otherwise: 'none',
    example: "'S256'",
    since: '0.1.0',
  },
  username: {
    kind: 'anyText',
    text: 'Name or address to fill in for the person.',
    otherwise: 'the field is empty',
    example: "'pat@example.com'",
    since: '0.1.0',
  },
  acrValues: {
    kind: 'text',
    text: 'Authentication context classes that are wanted (OIDC Core 3.1.2.1), best first, separated by spaces.',
    otherwise: 'none',
    example: "'urn:okta:loa:1fa:any'",
    since: '0.1.0',
  },
  maxAge: {
    kind: 'seconds',
    text: 'How long ago the person may have signed in, in seconds (OIDC Core 3.1.2.1).',
    otherwise: 'any time',
    example: '3600',
    since: '0.1.0',
  },
  activationToken: {
    kind: 'text',
    text: 'Token of an activation mail.',
    otherwise: 'none',
    example: "'Zl2pQ9Xh'",
    since: '0.1.0',
  },
  recoveryToken: {
    kind: 'text',
    text: 'Token of a recovery mail.',
    otherwise: 'none',
    example: "'Rk7sT1Vb'",
    since: '0.1.0',
  },
  stateToken: {
    kind: 'text',
    text:
      'Token of a transaction that the server began before it sent this page, for sign-in pages that the server shows itself. The ' +
      'sign-in then ends with a redirect, and the outcome is `redirected`.',
    otherwise: 'none',
    example: "'02gPx5mD'",
    since: '0.1.0',
  },
  flow: {
    values: ['login', 'signup', 'resetPassword'],
    later: ['unlockAccount'],
    text: 'Which way the person enters.',
    default: 'login',
    example: "'signup'",
    since: '0.1.0',
  },
  engine: {
    values: ['idx'],
    later: ['authn', 'direct'],
    text: 'Which API of the identity server is spoken.',
    default: 'idx',
    example: "'idx'",
    since: '0.1.0',
  },
  mode: {
    values: ['embedded'],
    later: ['redirect'],
    text: 'Whether the form is on this page.',
    default: 'embedded',
    example: "'embedded'",
    since: '0.1.0',
  },
  isolation: {
    values: ['none'],
    later: ['shadow'],
    text: "Whether the form is fenced off from the page's styles.",
    default: 'none',
    example: "'none'",
    since: '0.1.0',
  },
  language: {
    values: ['en'],
    later: 'any',
    text: 'Language of the texts.',
    default: 'en',
    example: "'en'",
    since: '0.1.0',
  },
  colorScheme: {
    values: ['light', 'dark', 'auto'],
    text: 'Colours. `auto` follows the operating system.',
    default: 'auto',
    example: "'dark'",
    since: '0.1.0',
  },
  assetsUrl: {
    kind: 'text',
    text:
      "Folder of the package's files, for pages that cannot serve them beside `latchkey.js`. Relative to the page; from another " +
      'origin it needs CORS.',
    otherwise: 'the folder of the script',
    example: "'/latchkey/'",
    since: '0.1.0',
  },
  signal: {
    kind: 'signal',
    text: 'Aborting it is the same as calling `destroy`.',
    otherwise: 'none',
    example: 'AbortSignal.timeout(600_000)',
    since: '0.1.0',
  },
  otp: { text: 'The code of a mailed link that was opened in this browser.', example: "'483920'" },
  messages: { text: "Texts of the widget in the customer's own words.", example: "{ 'identify.title': 'Welcome back' }" },
  brand: { text: 'Name and logo above the form.', example: "{ name: 'Towpath' }" },
  theme: { text: 'Colours, radii and fonts; until then they are CSS variables.', example: "{ accent: '#7a1f3d' }" },
  helpLinks: { text: 'Where the links for help lead.', example: "{ help: 'https://help.example.com' }" },
  customButtons: { text: "Buttons of the page's own on the first screen.", example: "[{ title: 'Card reader' }]" },
  idps: { text: 'Identity providers to offer, where the server does not name them.', example: "[{ id: '0oa1', text: 'Sign in at work' }]" },
  registration: { text: 'Changes the registration form, and what it sends.', example: '{ preSubmit: (profile) => profile }' },
  transformUsername: { text: 'Changes the user name before it is sent.', example: '(name) => `${name}@example.com`' },
  hooks: { text: 'Called before and after each screen.', example: '{ before: {} }' },
  features: { text: 'Switches for single behaviours.', example: '{ backButton: true }' },
};
