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
 * One option, or one member inside of one. Without `kind`, `values`, `members`, `items` and `each` it is planned for a later
 * version, and refused until then.
 *
 * @typedef {object} Option
 * @property {string} text what it does, in Markdown, whole sentences
 * @property {string} example a value, as JavaScript, that works at the demo's server: the reference page runs it, and so does a test
 * @property {string} [beside] other options that the example needs, as members of an object
 * @property {string} [otherwise] completes "Default: …" where the default is no JSON value
 * @property {unknown} [default] the default, where it is one
 * @property {true} [required]
 * @property {keyof typeof KINDS} [kind]
 * @property {string} [type] in TypeScript, where it says more than that of the kind
 * @property {string[]} [values] all that it may be, instead of a kind
 * @property {Record<string, Option>} [members] what is inside, instead of a kind: an object
 * @property {Option} [items] what each element is, instead of a kind: an array
 * @property {Option} [each] what each member is, whatever it is called, instead of a kind: an object
 * @property {string} [named] what the type of that object is called in TypeScript
 * @property {string[] | 'any'} [later] values that are planned, and refused until then; `any` stands for all others
 * @property {true} [isCustomizing] it is read by `customize.ts` alone
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
  language: {
    expected: "'auto' or a language tag such as 'de' or 'pt-BR'",
    type: 'string',
    checks: ['isString', 'isLanguage'],
    json: { type: 'string', pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$' },
  },
  messages: {
    expected: 'an object of texts by name, or of such objects by language',
    type: 'Readonly<Record<string, string | Readonly<Record<string, string>>>>',
    checks: ['isObject', 'areMessages'],
    json: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }] },
    },
  },
  seconds: {
    expected: 'a whole number of seconds, 0 or more',
    type: 'number',
    checks: ['isNumber', 'isCount'],
    json: { type: 'integer', minimum: 0 },
  },
  flag: { expected: 'true or false', type: 'boolean', checks: ['isFlag'], json: { type: 'boolean' } },
  link: {
    expected: 'an http(s) or mailto address, or one relative to the page',
    type: 'string',
    checks: ['isString', 'isLink'],
    json: { type: 'string', format: 'uri-reference', pattern: '^((https?://|mailto:)\\S+|(?!\\s*[A-Za-z][\\w+.-]*:)\\S+)$' },
  },
  handler: { expected: 'a function', type: '() => void', checks: ['isFunction'] },
  handlers: { expected: 'a function or an array of functions', type: 'Hook | readonly Hook[]', checks: ['areFunctions'] },
  title: {
    expected: 'true, false, a string or a function',
    type: 'boolean | string | ((heading: string, brand: string | undefined) => string)',
    checks: ['isTitle'],
    json: { type: ['boolean', 'string'] },
  },
  signal: { expected: 'an AbortSignal', type: 'AbortSignal', checks: ['isSignal'] },
};

/** @type {Record<string, Option>} */
const LINK = {
  text: { required: true, kind: 'text', text: 'What it says.' },
  href: { required: true, kind: 'link', text: 'Where it leads.' },
  target: { values: ['_self', '_blank'], text: 'In which tab.', default: '_self' },
};

/** @type {Record<string, Option>} */
export const OPTIONS = {
  issuer: {
    required: true,
    kind: 'issuer',
    text: 'Address of the authorization server, as in its discovery document. `https`, or `http` on localhost; no query and no fragment.',
    example: "'http://localhost:4401/oauth2/default'",
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
    beside: "codeChallengeMethod: 'S256'",
    since: '0.1.0',
  },
  codeChallengeMethod: {
    values: ['S256'],
    text: 'How `codeChallenge` was made; goes together with it.',
    otherwise: 'none',
    example: "'S256'",
    beside: "codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'",
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
    values: ['login', 'signup', 'resetPassword', 'unlockAccount'],
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
    values: ['embedded', 'redirect'],
    text:
      "Where the form is. `'embedded'`: on this page. `'redirect'`: on the identity server's own; here is a card with one button, which " +
      'sends the browser there with PKCE, state and nonce and remembers this page. Back at `redirectUri`, `handleCallback()` of ' +
      '`latchkey/tokens` finishes it and restores the page. Nobody is sent off without a press; a page that wants that calls ' +
      '`signInWithRedirect()` of `latchkey/tokens` instead, which is the same code. The server may be any OpenID provider with a ' +
      'discovery document. Options about what a form would do (`flow`, `codeChallenge`, tokens, `state`, `nonce`) are refused.',
    default: 'embedded',
    example: "'embedded'",
    since: '0.1.0',
  },
  isolation: {
    values: ['none', 'shadow'],
    text:
      "Whether the form is fenced off from the page's styles: `shadow` puts it into an open shadow root, with `latchkey.css` from beside " +
      '`latchkey.js` or from `assetsUrl`. Variables still reach it. Some password managers and browsers do not fill fields in shadow ' +
      'roots. Counts when the widget is mounted.',
    default: 'none',
    example: "'shadow'",
    since: '0.1.0',
  },
  language: {
    kind: 'language',
    text:
      'Language of the texts, as a BCP 47 tag: `ar`, `de`, `en`, `es`, `fr`, `it`, `ja`, `nl`, `pl`, `pt-BR`, or one that `messages` ' +
      'has texts for. `auto` takes the nearest `lang` attribute around the widget, else the languages of the browser, else English.',
    default: 'auto',
    example: "'de'",
    since: '0.1.0',
  },
  messages: {
    kind: 'messages',
    text:
      "Texts in the page's own words, by the names that `locales/en.json` has; for every language, or below a language's tag for that " +
      'one. An unknown name is reported with the nearest known one, and a text with other placeholders is not taken.',
    otherwise: 'none',
    example: "{ 'identify.title': 'Welcome back', de: { 'identify.title': 'Willkommen zurück' } }",
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
      "Folder of the package's files, for pages that cannot serve them beside `latchkey.js`: the WebAssembly, the languages, the " +
      'scripts that only some sign-ins need, their frame. Relative to the page; from another origin it needs CORS, and the policy of the page ' +
      'must let scripts come from there (`script-src`).',
    otherwise: 'the folder of the script',
    example: "'/latchkey/'",
    since: '0.1.0',
  },
  signal: {
    kind: 'signal',
    text: 'Aborting it is the same as calling `destroy`.',
    otherwise: 'none',
    example: 'AbortSignal.timeout(5_000)',
    since: '0.1.0',
  },
  otp: {
    kind: 'text',
    text:
      'The code of a mailed link that leads to this page (`?otp=…&state=…`), together with `state` from the same link. The sign-in ' +
      'that waits for it in this tab goes on by itself. Where none does, the person is shown the code, to type it where they began.',
    otherwise: 'none',
    example: "'483920'",
    beside: "state: 'd2hlcmUgSSB3YXM'",
    isCustomizing: true,
    since: '0.1.0',
  },
  brand: {
    named: 'Brand',
    text: 'Whose sign-in it is: stands above the form.',
    otherwise: 'nothing',
    example: "{ name: 'Towpath', logo: '/favicon.svg' }",
    isCustomizing: true,
    since: '0.1.0',
    members: {
      name: { kind: 'text', text: 'What it is called; shown where there is no logo, and part of the page title if `features.setPageTitle` is on.' },
      logo: { kind: 'text', text: 'Address of a picture. The policy of the page must let it be loaded (`img-src`).' },
      logoText: { kind: 'text', text: 'What the logo says, for those who do not see it.', otherwise: 'the name' },
    },
  },
  theme: {
    named: 'Theme',
    text:
      'Values of the CSS variables of the widget, by their names without `--latchkey-`: `colorAccent` is `--latchkey-color-accent`. They ' +
      'are set on the element of the widget and win over those that a style sheet sets around it.',
    otherwise: 'what the style sheets say',
    example: "{ colorAccent: '#7a1f3d', radiusControl: '0' }",
    isCustomizing: true,
    since: '0.1.0',
    each: { kind: 'text', text: 'A value, as CSS writes it.' },
    type: 'Readonly<Partial<Record<ThemeVariable, string>>>',
  },
  helpLinks: {
    named: 'HelpLinks',
    text: 'Links to the pages of the customer, beside the form or in place of ways of the widget.',
    otherwise: 'none',
    example: "{ help: '/help', custom: [{ text: 'Status', href: 'https://status.example.com', target: '_blank' }] }",
    isCustomizing: true,
    since: '0.1.0',
    members: {
      help: { kind: 'link', text: 'Help with signing in, on the first screen.' },
      forgotPassword: { kind: 'link', text: 'Where a forgotten password is recovered, instead of here.' },
      unlock: { kind: 'link', text: 'Where an account is unlocked, instead of here.' },
      custom: {
        text: 'More links on the first screen.',
        items: { named: 'HelpLink', text: 'A link.', members: LINK },
      },
      factorPage: { named: 'HelpLink', members: LINK, text: 'A link on each screen that asks for an authenticator.' },
    },
  },
  customButtons: {
    text: 'Buttons of the page on the first screen.',
    otherwise: 'none',
    example: "[{ title: 'Use my library card', click: () => console.log('pressed') }]",
    isCustomizing: true,
    since: '0.1.0',
    items: {
      named: 'CustomButton',
      text: 'A button.',
      members: {
        title: { required: true, kind: 'text', text: 'What stands on it.' },
        click: { required: true, kind: 'handler', type: '() => unknown', text: 'Called when it is pressed; a promise is waited for.' },
      },
    },
  },
  idps: {
    text: 'Identity providers to offer on the first screen, where the identity server does not name them by itself.',
    otherwise: 'those that the identity server names',
    example: "[{ id: '0oa1', type: 'GOOGLE' }, { id: '0oa2', text: 'Sign in at work' }]",
    isCustomizing: true,
    since: '0.1.0',
    items: {
      named: 'IdentityProvider',
      text: 'A provider.',
      members: {
        id: { required: true, kind: 'text', text: 'What the identity server calls it.' },
        text: { kind: 'text', text: 'What stands on its button.', otherwise: '“Sign in with” and the name of the type' },
        type: { kind: 'text', text: 'What kind of provider it is, such as `GOOGLE`, `MICROSOFT` or `OIDC`.' },
      },
    },
  },
  registration: {
    named: 'Registration',
    text:
      'Changes the registration form and what it sends. A function that rejects, or throws, an object `{ message, fields? }` has it shown ' +
      'in the form; `fields` has texts by the name of the field.',
    otherwise: 'as the identity server wants it',
    example: "{ preSubmit: (data) => ({ ...data, userProfile: { ...data.userProfile, locale: 'en' } }) }",
    isCustomizing: true,
    since: '0.1.0',
    members: {
      click: { kind: 'handler', type: '() => unknown', text: 'Called when somebody wants to register, who then does so elsewhere.' },
      parseSchema: {
        kind: 'handler',
        type: '(schema: RegistrationField[]) => readonly RegistrationField[] | Promise<readonly RegistrationField[]>',
        text: 'Gives the fields of the form, from those that the identity server wants. Others that it does not know are refused there.',
      },
      preSubmit: {
        kind: 'handler',
        type: '(data: RegistrationData) => RegistrationData | Promise<RegistrationData>',
        text: 'Gives what is sent, from what was typed.',
      },
      postSubmit: {
        kind: 'handler',
        type: '(response: Readonly<Record<string, unknown>>) => unknown',
        text: 'Called with the answer of the identity server once it has taken the form. The next screen waits for it.',
      },
    },
  },
  transformUsername: {
    kind: 'handler',
    type: '(username: string, operation: UsernameOperation) => string | Promise<string>',
    text: 'Gives the user name that is sent, from the one that was typed. What stands in the field stays as it is.',
    otherwise: 'it is sent as typed',
    example: '(username) => (username.includes("@") ? username : `${username}@example.com`)',
    isCustomizing: true,
    since: '0.1.0',
  },
  hooks: {
    named: 'Hooks',
    text:
      'Functions of the page around the steps of a sign-in, by the name of the step as in the `screen` event, `success-redirect` for its ' +
      'end, and `*` for all. Once the widget is taken away, none is called any more.',
    otherwise: 'none',
    example: "{ before: { 'enroll-profile': async () => console.log('about to be asked') } }",
    isCustomizing: true,
    since: '0.1.0',
    members: {
      before: {
        text: 'Called when the identity server has brought another step; its screen waits for them. One that rejects, or throws, an object `{ message }` has it shown.',
        each: { kind: 'handlers', text: 'One function, or several that are called one after the other.' },
      },
      after: {
        text:
          'Called once the screen of a step has been drawn, and not waited for; at the end, before `onSuccess`, unless the browser is leaving. What one ' +
          'rejects with, or throws, is an error `hooks.failed` and not shown.',
        each: { kind: 'handlers', text: 'One function, or several that are called one after the other.' },
      },
    },
  },
  features: {
    named: 'Features',
    text: 'Switches for single behaviours.',
    otherwise: 'as below',
    example: "{ rememberMe: false, setPageTitle: true }",
    isCustomizing: true,
    since: '0.1.0',
    members: {
      backButton: {
        kind: 'flag',
        text: 'The browser’s Back button goes back one screen. While there is one, the history has an entry more, with the same address.',
        default: false,
      },
      rememberMe: { kind: 'flag', text: 'The box “Keep me signed in” is there where the identity server offers it.', default: true },
      showIdentifier: { kind: 'flag', text: 'The screens after the first say who is signing in.', default: true },
      showPasswordToggle: { kind: 'flag', text: 'A password can be made readable while it is typed.', default: true },
      hideSignOutLinkInMFA: { kind: 'flag', text: 'The way back to the first screen is left out where an authenticator is asked for.', default: false },
      autoFocus: { kind: 'flag', text: 'Each screen begins in its first field, instead of at its heading; the very first one, too.', default: false },
      setPageTitle: {
        kind: 'title',
        text: 'The title of the page follows the heading of the screen and the name of the brand; or is the text, or what the function gives.',
        default: false,
      },
    },
  },
};
