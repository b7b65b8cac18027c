/**
 * What an option can be, and which option somebody may have meant: what every table of options is made of.
 *
 * The tables are in `options.ts` and `tokens/options.ts`, and so are the errors: each entry has a class of its own.
 */

/** What one option must be: its type, and then its value; `later` are values that are planned and not there yet. */
export interface Rule {
  readonly expected: string;
  readonly hasType: (value: unknown) => boolean;
  readonly hasValue?: (value: never) => boolean;
  readonly later?: readonly string[] | 'any';
}

export const isString = (value: unknown): value is string => typeof value === 'string';

/** Browsers treat these as secure contexts over http too, which SubtleCrypto needs. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Whether tokens may travel there: https, or http that does not leave the machine. */
export const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));

export const parse = (address: string, base?: string): URL | undefined => {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
};

/** RFC 8414 section 2: an issuer has neither query nor fragment. */
export const isIssuer = (address: string): boolean => {
  const url = parse(address);
  return !!url && isSecure(url) && !/[?#]/.test(address);
};

/** RFC 6749 section 3.1.2: no fragment. A relative address can only be judged where there is a page. */
export const isRedirectUri = (address: string): boolean => {
  const url = parse(address);
  return address !== '' && !address.includes('#') && (!url || isSecure(url));
};

export const text: Rule = { expected: 'a string that is not empty', hasType: isString, hasValue: (value: string) => value !== '' };
export const handler: Rule = { expected: 'a function', hasType: (value) => typeof value === 'function' };

export const oneOf = (known: readonly string[], later: Rule['later'] = []): Rule => ({
  expected: known.map((value) => `'${value}'`).join(' or '),
  hasType: isString,
  hasValue: (value: string) => known.includes(value),
  later,
});

/** What `value` is, for a message that must not repeat it. */
export const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array of something else';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

/** The known name that takes the fewest edits to reach, if they are few enough to be a slip. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
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
