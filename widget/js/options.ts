/**
 * Checks the options at once, before any WebAssembly is there, so that a typing mistake is an error with a name and never
 * a widget that behaves oddly. Pure: no DOM, runs on a server.
 *
 * Messages name options and never repeat their values, which may be tokens.
 */
import { SignInError } from './errors.js';
import type { SignInOptions } from './types.js';

/** What one option must be: its type, and then its value; `later` are values that are planned and not there yet. */
interface Rule {
  readonly expected: string;
  readonly hasType: (value: unknown) => boolean;
  readonly hasValue?: (value: never) => boolean;
  readonly later?: readonly string[] | 'any';
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isFunction = (value: unknown): boolean => typeof value === 'function';

/** Browsers treat these as secure contexts over http too, which SubtleCrypto needs. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Whether tokens may travel there: https, or http that does not leave the machine. */
const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));

const parse = (address: string, base?: string): URL | undefined => {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
};

/** RFC 8414 section 2: an issuer has neither query nor fragment. */
const isIssuer = (address: string): boolean => {
  const url = parse(address);
  return !!url && isSecure(url) && !/[?#]/.test(address);
};

/**
 * RFC 6749 section 3.1.2: no fragment. A relative address can only be judged where there is a page; see
 * {@link resolveRedirectUri}.
 */
const isRedirectUri = (address: string): boolean => {
  const url = parse(address);
  return address !== '' && !address.includes('#') && (!url || isSecure(url));
};

const text: Rule = { expected: 'a string that is not empty', hasType: isString, hasValue: (value: string) => value !== '' };
const handler: Rule = { expected: 'a function', hasType: isFunction };

const oneOf = (known: readonly string[], later: Rule['later'] = []): Rule => ({
  expected: known.map((value) => `'${value}'`).join(' or '),
  hasType: isString,
  hasValue: (value: string) => known.includes(value),
  later,
});

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

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array of something else';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const unavailable = (option: string, what: string): SignInError =>
  new SignInError('options.unavailable', `${what} \`${option}\` is not available in this version yet`, { option });

function unknown(option: string): SignInError {
  if (LATER.includes(option)) return unavailable(option, 'option');
  const nearest = nearestName(option, [...Object.keys(RULES), ...LATER]);
  const hint = nearest ? `; did you mean \`${nearest}\`?` : '';
  return new SignInError('options.unknown', `there is no option \`${option}\`${hint}`, { option });
}

/** The known name that takes the fewest edits to reach, if they are few enough to be a slip. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const scored = known.map((candidate) => [distance(name.toLowerCase(), candidate.toLowerCase()), candidate] as const);
  const [edits, nearest] = scored.reduce((best, next) => (next[0] < best[0] ? next : best));
  return edits <= Math.max(2, name.length / 3) ? nearest : undefined;
}

/** Levenshtein's: how many letters are to be added, removed or replaced. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
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
