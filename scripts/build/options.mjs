// What is made from `widget/js/options.schema.mjs`: the rules and the type that are part of the sources, so that an editor and
// the compiler see them, and the JSON Schema that is part of the package. The reference page is made from the JSON Schema by
// whoever shows it (`demo-site/reference.mjs`).
//
// usage: node scripts/build/options.mjs     writes the two sources anew; the build does the same, and a test tells when they are stale

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { KINDS, OPTIONS } from '../../widget/js/options.schema.mjs';
import { ROOT } from '../lib/run.mjs';

const NOTE = '`options.schema.mjs` by `scripts/build/options.mjs`: change it there';

/** The generated sources, by their path from the project's folder. */
export const SOURCES = { 'widget/js/option-table.ts': rulesSource, 'widget/js/sign-in-options.ts': typeSource };

/** Writes them. */
export async function writeSources() {
  for (const [file, text] of Object.entries(SOURCES)) await writeFile(path.join(ROOT, file), text());
}

const entries = () => Object.entries(OPTIONS);
const isThere = ({ kind, values }) => kind !== undefined || values !== undefined;
/** A text, or a list of texts, as TypeScript. */
const written = (value) => (typeof value === 'string' ? quote(value) : `[${value.map(quote).join(', ')}]`);

const quote = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);

// ── the rules ──

/** The table that is looked into at run time. */
function rulesSource() {
  const used = Object.entries(KINDS);
  const checks = [...new Set(used.flatMap(([, kind]) => kind.checks))].sort();
  const constants = used.map(([name, { expected, checks: [hasType, hasValue] }]) => {
    return `const ${name}: Rule = { expected: ${quote(expected)}, hasType: ${hasType}${hasValue ? `, hasValue: ${hasValue}` : ''} };`;
  });
  const rows = entries().map(([name, option]) => (ruleOf(option) === name ? `  ${name},` : `  ${name}: ${ruleOf(option)},`));
  return `/**
 * The rules that options are checked against. Made from ${NOTE}.
 *
 * A planned option has no rule.
 */
import { ${checks.join(', ')}, oneOf, type Rule } from './option-rules.js';
import type { SignInOptions } from './sign-in-options.js';

${constants.join('\n')}

export const RULES: { readonly [Name in keyof Required<SignInOptions>]: Rule } & Readonly<Record<string, Rule | 0>> = {
${rows.join('\n')}
};

export const REQUIRED = [${entries().flatMap(([name, { required }]) => (required ? [quote(name)] : [])).join(', ')}];
`.replace(/^(import \{.{120,})$/m, wrapImport);
}

const wrapImport = (line) => line.replace('{ ', '{\n  ').replace(' }', ',\n}').replaceAll(', ', ',\n  ');

function ruleOf({ kind, values, later }) {
  if (values) return `oneOf(${[values, later].flatMap((given) => (given ? [written(given)] : [])).join(', ')})`;
  return kind ?? '0';
}

// ── the type ──

function typeSource() {
  const members = entries().filter(([, option]) => isThere(option)).map(([name, option]) => memberOf(name, option));
  return `/**
 * The options as a type. Made from ${NOTE}.
 */
import type { SignInError } from './errors.js';
import type { Outcome } from './types.js';

/** What \`createSignIn\` takes. An option that is \`undefined\` counts as not given. */
export interface SignInOptions {
${members.join('\n')}
}
`;
}

function memberOf(name, option) {
  const type = typeOf(option);
  const isCall = type.includes('=>');
  const declared = option.required ? `${name}: ${type}` : `${name}?: ${isCall ? `(${type})` : type} | undefined`;
  return `${comment(documentation(option))}\n  readonly ${declared};`;
}

const typeOf = ({ kind, values, type }) => type ?? values?.map(quote).join(' | ') ?? KINDS[kind].type;

const documentation = (option) => [option.text, ...(option.required ? [] : [`Default: ${defaultOf(option)}.`]), ...laterOf(option)].join(' ');

const defaultOf = (option) => option.otherwise ?? `\`${literal(option.default)}\``;

const literal = (value) => (typeof value === 'string' ? value : written(value));

const laterOf = ({ later }) =>
  later === 'any' ? ['Others are planned.'] : later ? [`Planned: ${later.map((value) => `\`${value}\``).join(', ')}.`] : [];

/** A comment for a member of an interface, in lines of at most 120 letters. */
function comment(text) {
  if (text.length < 110) return `  /** ${text} */`;
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length > 110) lines.push('');
    lines.push(`${lines.pop()} ${word}`);
  }
  return ['  /**', ...lines.map((line) => `   *${line}`), '   */'].join('\n');
}

// ── the JSON Schema ──

/** For editors, for `npx latchkey csp`, and for the reference page, which needs what begins with `x-`. */
export function optionsSchema(version) {
  const properties = Object.fromEntries(entries().map(([name, option]) => [name, propertyOf(option)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Options of Latchkey ${version}`,
    type: 'object',
    properties,
    required: entries().flatMap(([name, { required }]) => (required ? [name] : [])),
    additionalProperties: false,
    dependentRequired: { codeChallenge: ['codeChallengeMethod'], codeChallengeMethod: ['codeChallenge'] },
  };
}

function propertyOf(option) {
  const { text, example, since, later } = option;
  const said = { description: text, 'x-example': example };
  if (!isThere(option)) return { not: {}, ...said, 'x-status': 'not there yet' };
  const json = option.values ? { enum: option.values } : (KINDS[option.kind].json ?? { not: {} });
  return {
    ...json,
    ...said,
    ...('default' in option && { default: option.default }),
    'x-type': typeOf(option),
    ...(!option.required && { 'x-default': defaultOf(option) }),
    ...(later && { 'x-later': later }),
    'x-since': since,
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await writeSources();
