/**
 * What an option can be, and which option somebody may have meant: what every table of options is made of.
 *
 * The tables are in `option-table.ts` and `tokens/options.ts`, the errors where they are looked into: each entry has a class
 * of its own. Pure: no DOM, runs on a server.
 */

/** What one option must be: its type, and then its value; `later` are values that are planned and not there yet. */
export interface Rule {
  readonly expected: string;
  readonly hasType: (value: unknown) => boolean;
  readonly hasValue?: (value: never) => boolean;
  readonly later?: readonly string[] | 'any';
  /** What is inside, by name: of an object; under `*` what each element of an array or each other member is. */
  readonly inside?: Readonly<Record<string, Rule>>;
  /** Names of what an object must have. */
  readonly needs?: readonly string[];
}

export const isString = (value: unknown): value is string => typeof value === 'string';
export const isNumber = (value: unknown): boolean => typeof value === 'number';
export const isFlag = (value: unknown): boolean => typeof value === 'boolean';
export const isFunction = (value: unknown): boolean => typeof value === 'function';
export const areFunctions = (value: unknown): boolean => [value].flat().every(isFunction);
/** What a page's title may come from. */
export const isTitle = (value: unknown): boolean => isFlag(value) || isString(value) || isFunction(value);
export const areStrings = (value: unknown): boolean => Array.isArray(value) && value.every(isString);
/** By name, since a signal may come from another frame. */
export const isSignal = (value: unknown): boolean => String(value) === '[object AbortSignal]';

export const isNotEmpty = (value: string): boolean => value !== '';
export const areScopes = (scopes: string[]): boolean => scopes.length > 0 && scopes.every((scope) => /^\S+$/.test(scope));
export const isCodeChallenge = (value: string): boolean => /^[\w-]{43}$/.test(value);
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** BCP 47, as far as it tells a tag from something else; `auto` looks like one. */
export const isLanguage = (tag: string): boolean => /^[a-z]{2,8}(-[a-z\d]{1,8})*$/i.test(tag);
export const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Texts by name, and the same once more by language. */
export const areMessages = (messages: object): boolean =>
  Object.values(messages).every((entry: unknown) => isString(entry) || (isObject(entry) && Object.values(entry as object).every(isString)));

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
  return /^[^#]+$/.test(address) && (!url || isSecure(url));
};

/** Where a person may be sent by a link: relative to the page, or absolute. */
export const isLink = (address: string): boolean => /^(https?|mailto):./.test(address && (parse(address, 'https://a')?.href ?? ''));

export const text: Rule = { expected: 'a string that is not empty', hasType: isString, hasValue: isNotEmpty };
export const handler: Rule = { expected: 'a function', hasType: isFunction };

export const oneOf = (known: readonly string[], later: Rule['later'] = []): Rule => ({
  expected: known.map((value) => `'${value}'`).join(' or '),
  hasType: isString,
  hasValue: (value: string) => known.includes(value),
  later,
});

/** An object with these members and no others; those that it must have are in `needs`. */
export const object = (inside: NonNullable<Rule['inside']>, ...needs: string[]): Rule => ({
  expected: 'an object',
  hasType: isObject,
  inside,
  needs,
});
export const list = (each: Rule): Rule => ({ expected: 'an array', hasType: Array.isArray, inside: { '*': each } });

/** What `value` is, for a message that must not repeat it. */
export const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array of something else';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

/** The known name that takes the fewest edits to reach, if they are few enough to be a slip. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const edits = (candidate: string): number => distance(name.toLowerCase(), candidate.toLowerCase());
  const nearest = known.reduce((best, next) => (edits(next) < edits(best) ? next : best));
  return edits(nearest) <= Math.max(2, name.length / 3) ? nearest : undefined;
}

/** Levenshtein's: how many letters are to be added, removed or replaced. */
const distance = (from: string, to: string): number =>
  [...from].reduce(
    (above, letter, line) => {
      const row = [line + 1];
      [...to].forEach((other, column) => {
        const [diagonal = 0, straight = 0] = above.slice(column);
        row.push(Math.min(diagonal + (letter === other ? 0 : 1), straight + 1, (row[column] ?? 0) + 1));
      });
      return row;
    },
    [0, ...Array.from(to, (_, column) => column + 1)],
  )[to.length] ?? 0;
