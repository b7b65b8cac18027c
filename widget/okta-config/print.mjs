// What `latchkey check-okta-config` says: a line for each option, and the same sign-in written for `createSignIn`.

import { continuedSource } from '../js/okta/registration.ts';
import { isPlain, Source } from '../js/okta/source.ts';

/** What is made of functions of which there is the text only. */
export const wrapSource = (name, { text }) =>
  name === 'continuation' ? new Source(continuedSource(text), true) : new Source(`(${text})(['en'], navigator.languages)`, false);

const ORDER = ['refused', 'unknown', 'ignored', 'changed', 'dynamic', 'honoured'];

/** The findings of one configuration, worst first. */
export function printFindings({ what, line, findings }, file) {
  const sorted = [...findings].sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
  const width = Math.max(...findings.map(({ option }) => option.length), 0);
  const lines = sorted.map(({ option, verdict, advice, to }) => `  ${verdict.padEnd(9)} ${option.padEnd(width)}  ${[to && to !== option ? `→ ${to}` : '', advice].filter(Boolean).join('  ')}`.trimEnd());
  return [`${file}:${line}  ${what}`, '', ...lines].join('\n');
}

/** Code for what can be taken over. */
export function printCode({ signIn, tokens, el, method, isTokensUsed }) {
  const { storage, ...others } = tokens;
  const settings = { ...others, ...(storage !== 'localStorage' && { storage }) };
  return [
    "import { createSignIn } from 'latchkey';",
    ...(isTokensUsed ? ["import { createTokens } from 'latchkey/tokens';"] : []),
    "import 'latchkey/latchkey.css';",
    '',
    `const signIn = createSignIn(${written(signIn)});`,
    ...(isTokensUsed ? [`const tokens = createTokens(${written(settings)});`, "signIn.on('success', (outcome) => tokens.accept(outcome));"] : []),
    `signIn.mount(${el === undefined ? "'#sign-in'" : written(el)});`,
    ...(ENDINGS[method] ?? ENDINGS.showSignIn),
    '',
  ].join('\n');
}

const ENDINGS = {
  showSignIn: ['const outcome = await signIn.finished; // `outcome.tokens`, or `outcome.interactionCode` with a `codeChallenge`'],
  showSignInToGetTokens: ['const { tokens: issued } = await signIn.finished;'],
  showSignInAndRedirect: [
    'const outcome = await signIn.finished; // with a `codeChallenge` of the backend',
    "if (outcome.status === 'interaction-code') {",
    '  location.assign(`/callback?${new URLSearchParams({ interaction_code: outcome.interactionCode, state: outcome.state })}`); // your `redirectUri`',
    '}',
  ],
};

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
