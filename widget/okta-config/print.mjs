// What `latchkey check-okta-config` says: a line for each option, and the same sign-in written for `createSignIn`.

import { continuedSource } from '../js/okta/registration.ts';
import { isPlain, Source } from '../js/okta/source.ts';

/** What is made of functions of which there is the text only. */
export function wrapSource(name, value, languages) {
  if (name === 'submits') return new Source(withEmailSource(value), false);
  return name === 'continuation' ? new Source(continuedSource(value.text), true) : new Source(`(${value.text})(${written([...languages])}, navigator.languages)`, false);
}

/** Both callbacks around the form, in one function that keeps the address between them. */
function withEmailSource({ preSubmit, postSubmit, ...others }) {
  const before = preSubmit === undefined ? 'data' : `await (${written(preSubmit)})(data)`;
  return `((email) => (${written({
    ...others,
    preSubmit: new Source(`async (data) => {\n    const sent = ${before};\n    email = sent.userProfile?.email;\n    return sent;\n  }`, true),
    postSubmit: new Source(`() => (${written(postSubmit)})(email)`, true),
  })}))()`;
}

const ORDER = ['refused', 'missing', 'unknown', 'ignored', 'changed', 'dynamic', 'honoured'];

/** The findings of one configuration, worst first. */
export function printFindings({ what, line, findings }, file) {
  const sorted = [...findings].sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
  const width = Math.max(...findings.map(({ option }) => option.length), 0);
  const lines = sorted.map(({ option, verdict, advice, to }) => `  ${verdict.padEnd(9)} ${option.padEnd(width)}  ${[to && to !== option ? `→ ${to}` : '', advice].filter(Boolean).join('  ')}`.trimEnd());
  return [`${file}:${line}  ${what}`, '', ...lines].join('\n');
}

/**
 * Code for what can be taken over.
 *
 * @param {object} report
 * @param {string[]} report.dynamic code of members that were not read
 * @param {Record<string, unknown>} report.options what was given, for what is no option of `createSignIn`
 */
export function printCode({ signIn, tokens, dynamic, options, method, isTokensUsed }) {
  const { storage, ...others } = tokens;
  const settings = { ...others, ...(storage !== 'localStorage' && { storage }) };
  const isLeaving = method === 'showSignInAndRedirect' || options.redirect === 'always';
  // Who redeems the code is then the one who has made the challenge.
  const isOurs = signIn.codeChallenge === undefined && (isLeaving || tokens.dpop === true);
  const session = `const tokens = createTokens(${written(settings)});`;
  const rest = [...dynamic.map((code) => `${code}, // not read: names in it are those of Okta’s widget`), ...(isOurs ? ['...(await tokens.widgetOptions()),'] : [])];
  return [
    "import { createSignIn } from 'latchkey';",
    ...(isTokensUsed || isOurs ? ["import { createTokens } from 'latchkey/tokens';"] : []),
    "import 'latchkey/latchkey.css';",
    '',
    ...(isOurs ? [session] : []),
    `const signIn = createSignIn(${withMembers(written(signIn), rest)});`,
    ...(isTokensUsed && !isOurs ? [session, "signIn.on('success', (outcome) => tokens.accept(outcome));"] : []),
    ...handlersOf(options),
    `signIn.mount(${options.el === undefined ? "'#sign-in'" : written(options.el)});`,
    ...(isLeaving ? leaving(isOurs) : isOurs ? ['const issued = await tokens.redeem(await signIn.finished);'] : (ENDINGS[method] ?? ENDINGS.showSignIn)),
    '',
  ].join('\n');
}

const withMembers = (object, members) => (members.length === 0 ? object : `${object.slice(0, -1)}${members.map((member) => `  ${member}\n`).join('')}}`);

/** What is called at the end has another argument here. */
function handlersOf({ globalSuccessFn, globalErrorFn }) {
  const success = globalSuccessFn && `signIn.on('success', ({ tokens, interactionCode, state }) => (${written(globalSuccessFn)})({ status: 'SUCCESS', tokens, interaction_code: interactionCode, state })); // \`tokens\` have another shape: see the reference`;
  return [success, globalErrorFn && `signIn.on('error', ${written(globalErrorFn)}); // called with each error, also with those after which somebody can go on`].filter(Boolean);
}

const ENDINGS = {
  showSignIn: ['const outcome = await signIn.finished; // `outcome.tokens`, or `outcome.interactionCode` with a `codeChallenge`'],
  showSignInToGetTokens: ['const { tokens: issued } = await signIn.finished;'],
};

const leaving = (isOurs) => [
  `const outcome = await signIn.finished; // with ${isOurs ? 'the challenge of `tokens`' : 'a `codeChallenge` of the backend'}`,
  "if (outcome.status === 'interaction-code') {",
  '  location.assign(`/callback?${new URLSearchParams({ interaction_code: outcome.interactionCode, state: outcome.state })}`); // your `redirectUri`',
  '}',
  ...(isOurs ? ["// On that page, with the same `createTokens`: tokens.redeem({ status: 'interaction-code', interactionCode, state }) with what its address says."] : []),
];

/** JavaScript for a value, with the text of what nobody has looked into. */
export function written(value, indent = '') {
  if (value instanceof Source) return value.text;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? `[${value.map((item) => written(item)).join(', ')}]` : `[\n${value.map((item) => `${inner}${written(item, inner)},\n`).join('')}${indent}]`;
  if (isPlain(value)) return `{\n${entriesOf(value).map(([name, member]) => `${inner}${nameOf(name)}: ${written(member, inner)},\n`).join('')}${indent}}`;
  return typeof value === 'string' ? quoted(value) : String(value);
}

const entriesOf = (object) => Object.entries(object).filter(([, member]) => member !== undefined);

const nameOf = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

const quoted = (text) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
