/**
 * The rules that options are checked against. Made from `options.schema.mjs` by `scripts/build/options.mjs`: change it there.
 *
 * A planned option has no rule.
 */
import {
  areFunctions,
  areMessages,
  areScopes,
  areStrings,
  isCodeChallenge,
  isCount,
  isFlag,
  isFunction,
  isIssuer,
  isLanguage,
  isLink,
  isNotEmpty,
  isNumber,
  isObject,
  isRedirectUri,
  isSignal,
  isString,
  isTitle,
  list,
  object,
  oneOf,
  type Rule,
} from './option-rules.js';
import type { SignInOptions } from './sign-in-options.js';

const issuer: Rule = { expected: 'an https address without query and fragment (http on localhost)', hasType: isString, hasValue: isIssuer };
const redirectUri: Rule = { expected: 'a relative or an https address without fragment (http on localhost)', hasType: isString, hasValue: isRedirectUri };
const text: Rule = { expected: 'a string that is not empty', hasType: isString, hasValue: isNotEmpty };
const anyText: Rule = { expected: 'a string', hasType: isString };
const scopes: Rule = { expected: 'an array of at least one scope, each without spaces', hasType: areStrings, hasValue: areScopes };
const codeChallenge: Rule = { expected: 'a SHA-256 in base64url, 43 characters', hasType: isString, hasValue: isCodeChallenge };
const language: Rule = { expected: "'auto' or a language tag such as 'de' or 'pt-BR'", hasType: isString, hasValue: isLanguage };
const messages: Rule = { expected: 'an object of texts by name, or of such objects by language', hasType: isObject, hasValue: areMessages };
const seconds: Rule = { expected: 'a whole number of seconds, 0 or more', hasType: isNumber, hasValue: isCount };
const flag: Rule = { expected: 'true or false', hasType: isFlag };
const link: Rule = { expected: 'an http(s) or mailto address, or one relative to the page', hasType: isString, hasValue: isLink };
const handler: Rule = { expected: 'a function', hasType: isFunction };
const handlers: Rule = { expected: 'a function or an array of functions', hasType: areFunctions };
const title: Rule = { expected: 'true, false, a string or a function', hasType: isTitle };
const signal: Rule = { expected: 'an AbortSignal', hasType: isSignal };
const brand: Rule = object({ name: text, logo: text, logoText: text });
const helpLink: Rule = object({ text, href: link, target: oneOf(['_self', '_blank']) }, 'text', 'href');
const helpLinks: Rule = object({ help: link, forgotPassword: link, unlock: link, custom: list(helpLink), factorPage: helpLink });
const customButton: Rule = object({ title: text, click: handler }, 'title', 'click');
const identityProvider: Rule = object({ id: text, text, type: text }, 'id');
const registration: Rule = object({ click: handler, parseSchema: handler, preSubmit: handler, postSubmit: handler });
const hooks: Rule = object({ before: object({ '*': handlers }), after: object({ '*': handlers }) });
const features: Rule = object({ backButton: flag, rememberMe: flag, showIdentifier: flag, showPasswordToggle: flag, hideSignOutLinkInMFA: flag, autoFocus: flag, setPageTitle: title });

export const RULES: { readonly [Name in keyof Required<SignInOptions>]: Rule } & Readonly<Record<string, Rule | 0>> = {
  issuer,
  clientId: text,
  redirectUri,
  onSuccess: handler,
  onError: handler,
  scopes,
  state: text,
  nonce: text,
  codeChallenge,
  codeChallengeMethod: oneOf(['S256']),
  username: anyText,
  acrValues: text,
  maxAge: seconds,
  activationToken: text,
  recoveryToken: text,
  stateToken: text,
  flow: oneOf(['login', 'signup', 'resetPassword', 'unlockAccount']),
  engine: oneOf(['idx'], ['authn', 'direct']),
  mode: oneOf(['embedded', 'redirect']),
  isolation: oneOf(['none', 'shadow']),
  language,
  messages,
  colorScheme: oneOf(['light', 'dark', 'auto']),
  assetsUrl: text,
  signal,
  otp: text,
  brand,
  theme: object({ '*': text }),
  helpLinks,
  customButtons: list(customButton),
  idps: list(identityProvider),
  registration,
  transformUsername: handler,
  hooks,
  features,
};

export const REQUIRED = ['issuer', 'clientId', 'redirectUri'];

/** Those that `customize.ts` is there for: the last ones. */
export const CUSTOMIZING = Object.keys(RULES).slice(-10) as (keyof SignInOptions)[];
