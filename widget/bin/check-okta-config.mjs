// `latchkey check-okta-config FILE`: what becomes of a configuration of Okta's widget. It is read and never run; what each option
// comes to is in the same table that `latchkey/okta` works by. The build puts all of it into one file.

import { createSignIn, SignInError } from '../latchkey.js';
import { ABSENT } from '../js/okta/absent.ts';
import { isPlain, Source } from '../js/okta/source.ts';
import { translate } from '../js/okta/translate.ts';
import { Mistake } from '../okta-config/mistake.mjs';
import { printCode, printFindings, wrapSource } from '../okta-config/print.mjs';
import { readConfigurations } from '../okta-config/read.mjs';

export { Mistake };

/** Verdicts after which there is something to do. */
const OPEN = ['refused', 'unknown', 'ignored'];

/**
 * @param {string} file
 * @param {{ json?: boolean }} [how]
 * @returns {Promise<{ text: string, isClean: boolean }>} what is to be printed; clean if nothing has to be done before moving
 * @throws Mistake
 */
export async function checkOktaConfig(file, { json = false } = {}) {
  const reports = (await readConfigurations(file)).map(reportOf);
  const isClean = reports.every(({ findings }) => findings.every(({ verdict }) => !OPEN.includes(verdict)));
  if (json) return { text: `${JSON.stringify({ file, configurations: reports }, null, 2)}\n`, isClean };
  const sections = reports.map((report) => `${printFindings(report, file)}\n\nThe same with createSignIn:\n\n${report.code.replace(/^(?=.)/gm, '  ')}`);
  return { text: sections.join('\n'), isClean };
}

function reportOf({ line, what, options, dynamic, method, used }) {
  const { signIn, tokens, findings } = translate(options, wrapSource);
  const unread = dynamic.map((text) => ({ option: `…${text}`, verdict: 'dynamic', advice: 'What is in it is not known here: look at it yourself.' }));
  // An `OktaAuth` of the page has all of it.
  const missed = options.authClient === undefined ? used.filter((path) => Object.hasOwn(ABSENT, path)) : [];
  const absent = missed.map((path) => ({ option: `authClient.${path}`, verdict: 'ignored', advice: `Is not there: ${ABSENT[path]}.` }));
  const usable = { ...signIn };
  const refused = findings.length === 0 ? [] : refusals(usable);
  const isTokensUsed = findings.some(({ option }) => /^authParams\.(tokenManager|postLogout|dpop|\w+Url$)/.test(option));
  const code = printCode({ signIn: usable, tokens, el: options.el, method, isTokensUsed });
  return { line, what, findings: [...findings, ...unread, ...absent, ...refused], code };
}

/** What `createSignIn` itself has against a value that is written out; it is taken out of `options`. */
function refusals(options) {
  const found = [];
  for (;;) {
    try {
      createSignIn(known(options)).destroy();
      return found;
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      const name = error.option?.split(/[.[]/)[0];
      if (name === undefined || !(name in options)) return found;
      found.push({ option: name, verdict: 'refused', advice: `createSignIn says: ${error.message}.` });
      delete options[name];
    }
  }
}

/** With functions in the place of functions, something that will do for what is required, and without what is not known. */
function known(options) {
  const stand = (value) => {
    if (value instanceof Source) return value.isFunction ? () => undefined : undefined;
    if (Array.isArray(value)) return value.map(stand);
    return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, stand(member)])) : value;
  };
  const all = stand(options);
  const without = Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== undefined && !(isList(value) && holdsUnknown(options[name]))));
  return { issuer: 'https://id.example.com', clientId: 'unknown', redirectUri: '/unknown', ...without };
}

const isList = (value) => typeof value === 'object';
const holdsUnknown = (value) => (value instanceof Source ? !value.isFunction : typeof value === 'object' && value !== null && Object.values(value).some(holdsUnknown));
