/**
 * What comes out: one finding for each check that was made, with the words of the catalogue.
 */
import { CHECKS, type FindingCode } from './catalogue.js';

/** What was seen beside the verdict: addresses, names, numbers. Never what somebody has typed, never a token. */
export type Details = Readonly<Record<string, unknown>>;

/** The result of one check. */
export interface Finding {
  /** Which check; stable across versions. */
  readonly code: FindingCode;
  /** `'unknown'` where the browser does not say, or where something else that failed hides it. */
  readonly ok: boolean | 'unknown';
  /** What is so, in one sentence. */
  readonly what: string;
  /** What to do; absent when all is well. */
  readonly fix?: string;
  /** What was seen. */
  readonly details?: Details;
}

/** The findings while they are collected. */
export class Findings {
  readonly #found = new Map<FindingCode, Finding>();

  /** Writes down a verdict. The first that is no `true` counts, if there are several on one matter. */
  note(code: FindingCode, ok: Finding['ok'], details?: Details): void {
    const known = this.#found.get(code);
    if (known && known.ok !== true) return;
    const { good, bad, fix } = CHECKS[code];
    const what = ok === true ? good : ok ? `Not known: ${good}` : bad;
    this.#found.set(code, { code, ok, what, ...(ok !== true && { fix }), ...(details && { details }) });
  }

  /** Writes down that those of these that were not looked at are not known, for the same reason. */
  skip(codes: readonly FindingCode[], reason: string): void {
    for (const code of codes) if (!this.#found.has(code)) this.note(code, 'unknown', { reason });
  }

  /** Whether this was looked at and is not well. */
  hasFailed(code: FindingCode): boolean {
    return this.#found.get(code)?.ok === false;
  }

  /** All of them, in the order of the catalogue. */
  list(): readonly Finding[] {
    return (Object.keys(CHECKS) as FindingCode[]).flatMap((code) => this.#found.get(code) ?? []);
  }
}
