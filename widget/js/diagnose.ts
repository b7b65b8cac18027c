/**
 * Why a sign-in does not come up, or does not go through: looks at the page, the browser, the files and the server, and says
 * what to do. An entry of its own, `latchkey/diagnose`, so that no visitor loads it; a developer imports it, or types in the
 * console
 *
 *     (await import('/latchkey/latchkey-diagnose.js')).diagnose({ issuer, clientId, redirectUri })
 *
 * It touches nothing of the page for longer than it takes to look, begins one sign-in at the server and cancels it.
 */
import { checkOptions, serializeOptions } from './options.js';
import { SignInError } from './errors.js';
import { CHECKS, type FindingCode } from './diagnose/catalogue.js';
import { lookAtFiles } from './diagnose/files.js';
import { Findings, type Finding } from './diagnose/findings.js';
import { lookAtPage } from './diagnose/page.js';
import { lookAtPolicy } from './diagnose/policy.js';
import { written } from './diagnose/print.js';
import { askServer } from './diagnose/server.js';
import type { SignInOptions } from './types.js';

export { CHECKS };
export type { Check } from './diagnose/catalogue.js';
export type { Details, Finding } from './diagnose/findings.js';
export type { FindingCode };
export type { SignInOptions };

declare const VERSION: string;

/** What `diagnose` may be told beside the options of the sign-in. */
export interface DiagnoseSettings {
  /** Whether the findings are written to the console. Default: `true`. */
  readonly print?: boolean;
}

/**
 * Looks at everything there is, with the options of `createSignIn` that do not work. Takes a few requests' time, and never rejects:
 * what cannot be found out is a finding with `ok: 'unknown'`.
 */
export async function diagnose(options: SignInOptions, { print = true }: DiagnoseSettings = {}): Promise<readonly Finding[]> {
  const findings = new Findings();
  const checked = checkedOptions(findings, options);
  await lookAtPage(findings, checked);
  await lookAtPolicy(findings);
  await lookAtFiles(findings, checked);
  if (checked) await askServer(findings, checked);
  const list = findings.list();
  if (print) console.info(written(VERSION, list));
  return list;
}

function checkedOptions(findings: Findings, options: unknown): SignInOptions | undefined {
  try {
    const checked = checkOptions(options);
    serializeOptions(checked, location.href);
    findings.note('options.valid', true);
    return checked;
  } catch (cause) {
    const { code, message } = cause instanceof SignInError ? cause : { code: undefined, message: String(cause) };
    findings.note('options.valid', false, { code, message });
    return undefined;
  }
}
