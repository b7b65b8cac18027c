/**
 * Checks the options at once, before any WebAssembly is there, so that a typing mistake is an error with a name and never
 * a widget that behaves oddly. Pure: no DOM, runs on a server.
 *
 * Messages name options and never repeat their values, which may be tokens.
 */
import { SignInError } from './errors.js';
import { isFunction, isSecure, kindOf, nearestName, parse, type Rule } from './option-rules.js';
import { REQUIRED, RULES } from './option-table.js';
import type { SignInOptions } from './sign-in-options.js';

/**
 * The options, copied and checked.
 *
 * @throws SignInError `options.…`, on the first option that is at fault
 */
export function checkOptions(given: unknown): SignInOptions {
  if (typeof given !== 'object' || given === null) throw new SignInError('options.type', 'the options must be an object');
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) if (value !== undefined) options[name] = value;
  checkMembers(options, RULES, REQUIRED, (name) => name);
  if (!options['codeChallenge'] !== !options['codeChallengeMethod']) {
    throw refusal('conflict', 'codeChallenge', ' and `codeChallengeMethod` go together', '');
  }
  if (options['otp'] && !options['state']) throw refusal('conflict', 'otp', ' needs the `state` of the same link');
  return options as unknown as SignInOptions;
}

/** Makes the path that an error names from the name of a member: `helpLinks.custom[0].href` from `href`. */
type Place = (name: string) => string;

type Rules = Readonly<Record<string, Rule | 0>>;

function checkMembers(given: object, rules: Rules, needs: readonly string[], place: Place): void {
  const members = new Map(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const [name, value] of members) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : rules['*'];
    if (rule === undefined) throw unknown(name, Object.keys(rules), place);
    checkOption(place(name), value, rule);
  }
  for (const name of needs) if (!members.has(name)) throw refusal('missing', place(name), ' is required');
}

function checkOption(option: string, value: unknown, rule: Rule | 0): void {
  if (rule === 0) throw unavailable(option);
  if (!rule.hasType(value)) throw refusal('type', option, ` must be ${rule.expected}, not ${kindOf(value)}`);
  if (rule.hasValue?.(value as never) === false) {
    if (rule.later === 'any' || rule.later?.includes(String(value))) throw unavailable(option, 'this value of option ');
    throw refusal('value', option, ` must be ${rule.expected}`);
  }
  if (!rule.inside) return;
  const place: Place = Array.isArray(value) ? (index) => `${option}[${index}]` : (name) => `${option}.${name}`;
  checkMembers(value as object, rule.inside, rule.needs ?? [], place);
}

function unknown(name: string, known: readonly string[], place: Place): SignInError {
  const nearest = nearestName(name, known);
  return refusal('unknown', place(name), nearest ? `; did you mean \`${place(nearest)}\`?` : '', 'there is no option ');
}

type Fault = 'unknown' | 'missing' | 'type' | 'value' | 'conflict' | 'unavailable';

const refusal = (code: Fault, option: string, problem: string, before = 'option '): SignInError =>
  new SignInError(`options.${code}`, `${before}\`${option}\`${problem}`, { option });

const unavailable = (option: string, before?: string): SignInError =>
  refusal('unavailable', option, ' is not available in this version yet', before);

/**
 * The options as WebAssembly takes them: one JSON text, without what stays on this side (handlers, texts and the signal; of other
 * functions only that they are there), and with an absolute `redirectUri`. `returned` is what the page's address says of a sign-in that went on elsewhere.
 *
 * @throws SignInError `options.value` when the page's own address makes `redirectUri` an insecure one
 */
export function serializeOptions({ onSuccess, onError, signal, messages, ...rest }: SignInOptions, page: string, returned?: object): string {
  const told = { ...rest, redirectUri: resolveRedirectUri(rest.redirectUri, page), returned };
  return JSON.stringify(told, (_, value: unknown) => isFunction(value) || value);
}

/** An absolute address stays as written: the identity server compares it letter by letter (RFC 6749 section 3.1.2.3). */
function resolveRedirectUri(redirectUri: string, page: string): string {
  if (parse(redirectUri)) return redirectUri;
  const url = parse(redirectUri, page);
  if (url && isSecure(url)) return url.href;
  const option = 'redirectUri';
  throw new SignInError('options.value', 'a page that gives a relative `redirectUri` must be on https or localhost', { option });
}
