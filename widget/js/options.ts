/**
 * Checks the options at once, before any WebAssembly is there, so that a typing mistake is an error with a name and never
 * a widget that behaves oddly. Pure: no DOM, runs on a server.
 *
 * Messages name options and never repeat their values, which may be tokens.
 */
import { SignInError } from './errors.js';
import { handler, isIssuer, isRedirectUri, isSecure, isString, kindOf, nearestName, oneOf, parse, text, type Rule } from './option-rules.js';
import type { SignInOptions } from './types.js';

const RULES: { readonly [Name in keyof Required<SignInOptions>]: Rule } = {
  issuer: {
    expected: 'an https address without query and fragment (http on localhost)',
    hasType: isString,
    hasValue: isIssuer,
  },
  clientId: text,
  redirectUri: {
    expected: 'a relative or an https address without fragment (http on localhost)',
    hasType: isString,
    hasValue: isRedirectUri,
  },
  onSuccess: handler,
  onError: handler,
  scopes: {
    expected: 'an array of at least one scope, each without spaces',
    hasType: (value) => Array.isArray(value) && value.every(isString),
    hasValue: (scopes: string[]) => scopes.length > 0 && scopes.every((scope) => /^\S+$/.test(scope)),
  },
  state: text,
  nonce: text,
  codeChallenge: {
    expected: 'a SHA-256 in base64url, 43 characters',
    hasType: isString,
    hasValue: (value: string) => /^[\w-]{43}$/.test(value),
  },
  codeChallengeMethod: oneOf(['S256']),
  username: { expected: 'a string', hasType: isString },
  acrValues: text,
  maxAge: {
    expected: 'a whole number of seconds, 0 or more',
    hasType: (value) => typeof value === 'number',
    hasValue: (seconds: number) => Number.isSafeInteger(seconds) && seconds >= 0,
  },
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
  // By name, since a signal may come from another frame.
  signal: { expected: 'an AbortSignal', hasType: (value) => String(value) === '[object AbortSignal]' },
};

/** Options that are promised for a later version; refused until then, never ignored. */
const LATER =
  'otp messages brand theme helpLinks customButtons idps registration transformUsername hooks features'.split(' ');

const REQUIRED = ['issuer', 'clientId', 'redirectUri'] as const;

/**
 * The options, copied and checked.
 *
 * @throws SignInError `options.…`, on the first option that is at fault
 */
export function checkOptions(given: unknown): SignInOptions {
  if (typeof given !== 'object' || given === null) throw new SignInError('options.type', 'the options must be an object');
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const [name, value] of Object.entries(options)) checkOption(name, value);
  for (const option of REQUIRED) {
    if (!(option in options)) throw new SignInError('options.missing', `option \`${option}\` is required`, { option });
  }
  if ('codeChallenge' in options !== 'codeChallengeMethod' in options) {
    const option = 'codeChallenge';
    throw new SignInError('options.conflict', '`codeChallenge` and `codeChallengeMethod` go together', { option });
  }
  return options as unknown as SignInOptions;
}

function checkOption(option: string, value: unknown): void {
  const rule = Object.hasOwn(RULES, option) ? RULES[option as keyof SignInOptions] : undefined;
  if (!rule) throw unknown(option);
  if (!rule.hasType(value)) {
    throw new SignInError('options.type', `option \`${option}\` must be ${rule.expected}, not ${kindOf(value)}`, { option });
  }
  if (rule.hasValue?.(value as never) === false) {
    if (rule.later === 'any' || rule.later?.includes(String(value))) throw unavailable(option, 'this value of option');
    throw new SignInError('options.value', `option \`${option}\` must be ${rule.expected}`, { option });
  }
}

const unavailable = (option: string, what: string): SignInError =>
  new SignInError('options.unavailable', `${what} \`${option}\` is not available in this version yet`, { option });

function unknown(option: string): SignInError {
  if (LATER.includes(option)) return unavailable(option, 'option');
  const nearest = nearestName(option, [...Object.keys(RULES), ...LATER]);
  const hint = nearest ? `; did you mean \`${nearest}\`?` : '';
  return new SignInError('options.unknown', `there is no option \`${option}\`${hint}`, { option });
}

/**
 * The options as WebAssembly takes them: one JSON text, without what stays on this side (handlers and the signal), and
 * with an absolute `redirectUri`. `returned` is what the page's address says of a sign-in that went on elsewhere.
 *
 * @throws SignInError `options.value` when the page's own address makes `redirectUri` an insecure one
 */
export function serializeOptions({ onSuccess, onError, signal, ...rest }: SignInOptions, page: string, returned?: object): string {
  return JSON.stringify({ ...rest, redirectUri: resolveRedirectUri(rest.redirectUri, page), returned });
}

/** An absolute address stays as written: the identity server compares it letter by letter (RFC 6749 section 3.1.2.3). */
function resolveRedirectUri(redirectUri: string, page: string): string {
  if (parse(redirectUri)) return redirectUri;
  const url = parse(redirectUri, page);
  if (url && isSecure(url)) return url.href;
  const option = 'redirectUri';
  throw new SignInError('options.value', 'a page that gives a relative `redirectUri` must be on https or localhost', { option });
}
