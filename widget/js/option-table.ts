/**
 * The rules that options are checked against. Made from `options.schema.mjs` by `scripts/build/options.mjs`: change it there.
 *
 * A planned option has no rule.
 */
import {
  areScopes,
  areStrings,
  isCodeChallenge,
  isCount,
  isFunction,
  isIssuer,
  isNotEmpty,
  isNumber,
  isRedirectUri,
  isSignal,
  isString,
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
const seconds: Rule = { expected: 'a whole number of seconds, 0 or more', hasType: isNumber, hasValue: isCount };
const handler: Rule = { expected: 'a function', hasType: isFunction };
const signal: Rule = { expected: 'an AbortSignal', hasType: isSignal };

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
  flow: oneOf(['login', 'signup', 'resetPassword'], ['unlockAccount']),
  engine: oneOf(['idx'], ['authn', 'direct']),
  mode: oneOf(['embedded'], ['redirect']),
  isolation: oneOf(['none'], ['shadow']),
  language: oneOf(['en'], 'any'),
  colorScheme: oneOf(['light', 'dark', 'auto']),
  assetsUrl: text,
  signal,
  otp: 0,
  messages: 0,
  brand: 0,
  theme: 0,
  helpLinks: 0,
  customButtons: 0,
  idps: 0,
  registration: 0,
  transformUsername: 0,
  hooks: 0,
  features: 0,
};

export const REQUIRED = ['issuer', 'clientId', 'redirectUri'];
