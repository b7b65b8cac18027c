/**
 * Checks the options at once, before any WebAssembly is there, so that a typing mistake is an error with a name and never
 * a widget that behaves oddly. Pure: no DOM, runs on a server.
 *
 * Messages name options and never repeat their values, which may be tokens.
 */
import { SignInError } from './errors.js';
import { isSecure, kindOf, nearestName, parse } from './option-rules.js';
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
  for (const [name, value] of Object.entries(given)) if (value !== undefined) checkOption(name, (options[name] = value));
  for (const option of REQUIRED) if (!(option in options)) throw refusal('missing', option, ' is required');
  if (!options['codeChallenge'] !== !options['codeChallengeMethod']) {
    throw refusal('conflict', 'codeChallenge', ' and `codeChallengeMethod` go together', '');
  }
  return options as unknown as SignInOptions;
}

function checkOption(option: string, value: unknown): void {
  const rule = Object.hasOwn(RULES, option) && RULES[option];
  if (rule === 0) throw unavailable(option);
  if (!rule) {
    const nearest = nearestName(option, Object.keys(RULES));
    throw refusal('unknown', option, nearest ? `; did you mean \`${nearest}\`?` : '', 'there is no option ');
  }
  if (!rule.hasType(value)) throw refusal('type', option, ` must be ${rule.expected}, not ${kindOf(value)}`);
  if (rule.hasValue?.(value as never) === false) {
    if (rule.later === 'any' || rule.later?.includes(String(value))) throw unavailable(option, 'this value of option ');
    throw refusal('value', option, ` must be ${rule.expected}`);
  }
}

const refusal = (code: string, option: string, problem: string, before = 'option '): SignInError =>
  new SignInError(`options.${code}`, `${before}\`${option}\`${problem}`, { option });

const unavailable = (option: string, before?: string): SignInError =>
  refusal('unavailable', option, ' is not available in this version yet', before);

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
