/**
 * What an API says in `WWW-Authenticate` (RFC 9110 section 11.6.1): one or more schemes, each with its parameters.
 */

/** One scheme and what it says. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A scheme, or a parameter with its value, quoted or not. */
const PART = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;

/** Lenient: what cannot be read is passed over. */
export function readChallenges(header: string | null): readonly Challenge[] {
  const challenges: { scheme: string; params: Record<string, string> }[] = [];
  for (const [text, name = '', quoted, plain] of (header ?? '').matchAll(PART)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) challenges.push({ scheme: text.toLowerCase(), params: {} });
    else Object.assign(challenges.at(-1)?.params ?? {}, { [name.toLowerCase()]: value });
  }
  return challenges;
}
