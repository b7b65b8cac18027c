/**
 * Checks the options of `createTokens` at once. Pure: no DOM, runs on a server. Messages name options and never repeat their
 * values.
 */
import { handler, isIssuer, isRedirectUri, isSecure, isString, kindOf, nearestName, oneOf, parse, text, type Rule } from '../option-rules.js';
import { TokensError, type TokensErrorCode } from './errors.js';
import type { CallbackOptions, Endpoints, RedirectOptions, SignOutOptions, TokensOptions, WidgetOptions } from './types.js';

type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isString);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

const flag: Rule = { expected: 'true or false', hasType: (value) => typeof value === 'boolean' };
const place: Rule = {
  expected: 'a relative or an https address without fragment (http on localhost)',
  hasType: isString,
  hasValue: isRedirectUri,
};
const scopes: Rule = {
  expected: 'an array of at least one scope, each without spaces',
  hasType: isTexts,
  hasValue: (names: string[]) => names.length > 0 && names.every((name) => /^\S+$/.test(name)),
};
const seconds: Rule = {
  expected: 'a whole number of seconds, 0 or more',
  hasType: (value) => typeof value === 'number',
  hasValue: (count: number) => Number.isSafeInteger(count) && count >= 0,
};
/** One of these words, or what `isOther` says. */
const wordOr = (words: readonly string[], other: string, isOther: (value: unknown) => boolean): Rule => ({
  expected: `${words.map((word) => `'${word}'`).join(', ')} or ${other}`,
  hasType: (value) => isString(value) || isOther(value),
  hasValue: (value: unknown) => !isString(value) || words.includes(value),
});

const ENDPOINTS: readonly (keyof Endpoints)[] = ['authorization', 'token', 'userinfo', 'revocation', 'keys', 'endSession'];

const areEndpoints = (value: unknown): boolean =>
  isObject(value) && Object.entries(value).every(([name, address]) => ENDPOINTS.some((known) => known === name) && isEndpoint(address));

/** Tokens and codes travel there. */
export const isEndpoint = (address: unknown): address is string => {
  const url = isString(address) ? parse(address) : undefined;
  return !!url && isSecure(url) && url.hash === '';
};

const isOrigin = (value: string): boolean => {
  const url = parse(value);
  return !!url && isSecure(url) && url.origin === value;
};

const OPTIONS: Rules<TokensOptions> = {
  issuer: { expected: 'an https address without query and fragment (http on localhost)', hasType: isString, hasValue: isIssuer },
  clientId: text,
  redirectUri: place,
  scopes,
  storage: wordOr(['memory', 'sessionStorage', 'localStorage'], 'an object with get, set and remove', (value) =>
    isObject(value) && ['get', 'set', 'remove'].every((name) => typeof value[name] === 'function'),
  ),
  tabs: oneOf(['shared', 'separate']),
  allowedOrigins: {
    expected: 'an array of https origins, without a path and without a slash at the end (http on localhost)',
    hasType: isTexts,
    hasValue: (origins: string[]) => origins.every(isOrigin),
  },
  autoRenew: flag,
  renewBefore: seconds,
  dpop: flag,
  endpoints: wordOr(['derived', 'discovered'], `an object of https addresses named ${ENDPOINTS.join(', ')}`, areEndpoints),
  requireSignIn: wordOr(['all', 'none'], 'an array of paths that begin with a slash, or a function', (value) =>
    typeof value === 'function' || (Array.isArray(value) && value.every((path) => isString(path) && path.startsWith('/'))),
  ),
  signIn: handler,
  postLogoutRedirectUri: place,
  redirectLimit: {
    expected: 'an object with redirects and seconds, whole numbers above 0',
    hasType: isObject,
    hasValue: (limit: Record<string, unknown>) => Object.keys(limit).length === 2 && isCount(limit['redirects']) && isCount(limit['seconds']),
  },
  onError: handler,
};

const WIDGET: Rules<WidgetOptions> = { scopes, acrValues: text, maxAge: seconds };

const REDIRECT: Rules<RedirectOptions> = {
  ...WIDGET,
  originalUri: text,
  loginHint: text,
  prompt: oneOf(['none', 'login', 'consent', 'select_account']),
};

const CALLBACK: Rules<CallbackOptions> = { url: text, restore: oneOf(['history', 'navigate', 'none']) };

const SIGN_OUT: Rules<SignOutOptions> = { local: flag, postLogoutRedirectUri: place, state: text };

/** @throws TokensError `options.…`, on the first option that is at fault */
export function checkOptions(given: unknown): TokensOptions {
  const options = check<TokensOptions>(given, OPTIONS);
  for (const option of ['issuer', 'clientId']) {
    if (!(option in options)) throw fault('options.missing', option, `option \`${option}\` is required`);
  }
  if (options.tabs === 'separate' && options.storage === 'localStorage') {
    throw fault('options.conflict', 'tabs', 'tabs that have one `localStorage` cannot be `separate`');
  }
  return options;
}

export const checkWidget = (given: unknown): WidgetOptions => check(given, WIDGET);
export const checkRedirect = (given: unknown): RedirectOptions => check(given, REDIRECT);
export const checkCallback = (given: unknown): CallbackOptions => check(given, CALLBACK);
export const checkSignOut = (given: unknown): SignOutOptions => check(given, SIGN_OUT);

function check<Options>(given: unknown, rules: Rules<Options>): Options {
  if (!isObject(given)) throw new TokensError('options.type', 'the options must be an object');
  const options = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of options) checkOption(name, value, rules);
  return Object.fromEntries(options) as Options;
}

function checkOption(option: string, value: unknown, rules: Readonly<Record<string, Rule>>): void {
  const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
  if (!rule) {
    const nearest = nearestName(option, Object.keys(rules));
    throw fault('options.unknown', option, `there is no option \`${option}\`${nearest ? `; did you mean \`${nearest}\`?` : ''}`);
  }
  if (!rule.hasType(value)) throw fault('options.type', option, `option \`${option}\` must be ${rule.expected}, not ${kindOf(value)}`);
  if (rule.hasValue?.(value as never) === false) throw fault('options.value', option, `option \`${option}\` must be ${rule.expected}`);
}

const fault = (code: TokensErrorCode, option: string, message: string): TokensError => new TokensError(code, message, { option });
