// `latchkey check-okta-config FILE`: what becomes of a configuration of Okta's widget. It is read and never run; what each option
// comes to is in the same table that `latchkey/okta` works by. The build puts all of it into one file.

import { createSignIn, SignInError } from '../latchkey.js';
import { ABSENT } from '../js/okta/absent.ts';
import { FROM_AUTH_CLIENT } from '../js/okta/option-table.ts';
import { isPlain, Source } from '../js/okta/source.ts';
import { translate } from '../js/okta/translate.ts';
import { Mistake } from '../okta-config/mistake.mjs';
import { printCode, printFindings, wrapSource } from '../okta-config/print.mjs';
import { readConfigurations } from '../okta-config/read.mjs';

export { Mistake };

/** Verdicts after which there is something to do. */
const OPEN = ['refused', 'missing', 'unknown', 'ignored'];

/**
 * @param {string} file
 * @param {{ json?: boolean }} [how]
 * @returns {Promise<{ text: string, isClean: boolean }>} what is to be printed; clean if nothing has to be done before moving
 * @throws Mistake
 */
export async function checkOktaConfig(file, { json = false } = {}) {
  const reports = (await readConfigurations(file)).map(reportOf);
  const isClean = reports.every(({ findings, isUnread }) => !isUnread && findings.every(({ verdict }) => !OPEN.includes(verdict)));
  if (json) return { text: `${JSON.stringify({ file, configurations: reports }, null, 2)}\n`, isClean };
  const sections = reports.map((report) => `${printFindings(report, file)}\n\nThe same with createSignIn:\n\n${report.code.replace(/^(?=.)/gm, '  ')}`);
  return { text: sections.join('\n'), isClean };
}

function reportOf({ line, what, options, dynamic, method, used }) {
  const { signIn, tokens, findings } = translate(withClient(options), wrapSource);
  const unread = dynamic.map((code) => ({ option: `…${code.replace(/^\.\.\./, '')}`, verdict: 'dynamic', advice: 'What is in it is not known here: look at it yourself.' }));
  // An `OktaAuth` of the page has all of it.
  const missed = options.authClient === undefined ? used.filter((path) => Object.hasOwn(ABSENT, path)) : [];
  const absent = missed.map((path) => ({ option: `authClient.${path}`, verdict: 'ignored', advice: `Is not there: ${ABSENT[path]}.` }));
  const usable = { ...signIn };
  const refused = findings.length === 0 ? [] : refusals(usable);
  const isTokensUsed = findings.some(({ option }) => /^authParams\.(tokenManager|postLogout|dpop|\w+Url$)/.test(option));
  const code = printCode({ signIn: usable, tokens, dynamic, options, method, isTokensUsed });
  // What a client of the page was given is that client's.
  const own = options.authClient === undefined ? findings : findings.filter(({ option }) => !option.startsWith('authParams.'));
  return { line, what, isUnread: findings.length === 0 && dynamic.length > 0, findings: [...own, ...unread, ...absent, ...refused, ...missing(signIn, dynamic)], code };
}

/** Of a client that the page makes, the options; of one that comes from elsewhere, code that asks it. */
function withClient({ authClient, ...options }) {
  if (!(authClient instanceof Source)) return authClient === undefined ? options : { ...options, authClient };
  const { client, text } = authClient;
  const given = client && client.dynamic.length === 0 ? client.options : Object.fromEntries(['issuer', 'clientId', 'redirectUri', 'scopes'].map((name) => [name, new Source(`${text}.options.${name}`, false)]));
  return { ...options, authClient, authParams: Object.fromEntries(FROM_AUTH_CLIENT.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))) };
}

/** What nobody can sign in without, unless it is in what was not read. */
const missing = (signIn, dynamic) =>
  ['issuer', 'clientId', 'redirectUri']
    .filter((name) => signIn[name] === undefined && dynamic.length === 0)
    .map((name) => ({ option: name, verdict: 'missing', advice: 'Is required, and not there: `createSignIn` throws without it.' }));

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
      if (name === 'codeChallenge') delete options.codeChallengeMethod;
    }
  }
}

/** In the place of what is computed, where one option asks for another. */
const STAND_INS = { codeChallenge: 'A'.repeat(43), codeChallengeMethod: 'S256', otp: '000000', state: 'unknown' };

/** With functions in the place of functions, something that will do for what is required, and without what is not known. */
function known(options) {
  const stand = (value) => {
    if (value instanceof Source) return value.isFunction ? () => undefined : undefined;
    if (Array.isArray(value)) return value.map(stand);
    return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, stand(member)])) : value;
  };
  const all = { ...stand(options), ...Object.fromEntries(Object.entries(STAND_INS).filter(([name]) => options[name] instanceof Source)) };
  const without = Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== undefined && !(isList(value) && holdsUnknown(options[name]))));
  return { issuer: 'https://id.example.com', clientId: 'unknown', redirectUri: '/unknown', ...without };
}

const isList = (value) => typeof value === 'object';
const holdsUnknown = (value) => (value instanceof Source ? !value.isFunction : typeof value === 'object' && value !== null && Object.values(value).some(holdsUnknown));
