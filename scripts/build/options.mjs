// What is made from `widget/js/options.schema.mjs`: the rules and the type that are part of the sources, so that an editor and
// the compiler see them, and the JSON Schema that is part of the package. The reference page is made from the JSON Schema by
// whoever shows it (`demo-site/reference/options.mjs`).
//
// usage: node scripts/build/options.mjs     writes the two sources anew; the build does the same, and a test tells when they are stale

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { KINDS, OPTIONS } from '../../widget/js/options.schema.mjs';
import { ROOT } from '../lib/run.mjs';

const NOTE = '`options.schema.mjs` by `scripts/build/options.mjs`: change it there';

/** The generated sources, by their path from the project's folder. */
export const SOURCES = {
  'widget/js/option-table.ts': rulesSource,
  'widget/js/sign-in-options.ts': typeSource,
  'widget/js/customize/theme-variables.ts': themeSource,
};

/** Writes them. */
export async function writeSources() {
  for (const [file, text] of Object.entries(SOURCES)) await writeFile(path.join(ROOT, file), text());
}

const entries = () => Object.entries(OPTIONS);
const isThere = ({ kind, values, members, items, each }) => [kind, values, members, items, each].some((what) => what !== undefined);
const requiredOf = (members) => Object.entries(members).flatMap(([name, { required }]) => (required ? [name] : []));
/** A text, or a list of texts, as TypeScript. */
const written = (value) => (typeof value === 'string' ? quote(value) : `[${value.map(quote).join(', ')}]`);

const lowered = (name) => name[0].toLowerCase() + name.slice(1);

const quote = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);

// ── the rules ──

/** The table that is looked into at run time. */
function rulesSource() {
  const used = Object.entries(KINDS);
  const checks = [...new Set(used.flatMap(([, kind]) => kind.checks))].sort();
  const constants = used.map(([name, { expected, checks: [hasType, hasValue] }]) => {
    return `const ${name}: Rule = { expected: ${quote(expected)}, hasType: ${hasType}${hasValue ? `, hasValue: ${hasValue}` : ''} };`;
  });
  const inside = Object.entries(namedInside()).map(([name, { members }]) => `const ${lowered(name)}: Rule = ${objectRule(members)};`);
  const sorted = entries().sort(([, a], [, b]) => Number(!!a.isCustomizing) - Number(!!b.isCustomizing));
  const rows = sorted.map(([name, option]) => (ruleOf(option) === name ? `  ${name},` : `  ${name}: ${ruleOf(option)},`));
  return `/**
 * The rules that options are checked against. Made from ${NOTE}.
 *
 * A planned option has no rule.
 */
import { ${[...checks, 'list', 'object', 'oneOf'].sort().join(', ')}, type Rule } from './option-rules.js';
import type { SignInOptions } from './sign-in-options.js';

${[...constants, ...inside].join('\n')}

export const RULES: { readonly [Name in keyof Required<SignInOptions>]: Rule } & Readonly<Record<string, Rule | 0>> = {
${rows.join('\n')}
};

export const REQUIRED = ${written(requiredOf(OPTIONS))};

/** Those that \`customize.ts\` is there for: the last ones. */
export const CUSTOMIZING = Object.keys(RULES).slice(-${entries().filter(([, { isCustomizing }]) => isCustomizing).length}) as (keyof SignInOptions)[];
`.replace(/^(import \{.{120,})$/m, wrapImport);
}

const wrapImport = (line) => line.replace('{ ', '{\n  ').replace(' }', ',\n}').replaceAll(', ', ',\n  ');

function ruleOf({ kind, values, later, named, members, items, each }) {
  if (members) return named ? lowered(named) : objectRule(members);
  if (items) return `list(${ruleOf(items)})`;
  if (each) return `object({ '*': ${ruleOf(each)} })`;
  if (values) return `oneOf(${[values, later].flatMap((given) => (given ? [written(given)] : [])).join(', ')})`;
  return kind ?? '0';
}

const objectRule = (members) => `object({ ${rulesOf(members)} }${requiredOf(members).map((name) => `, ${quote(name)}`).join('')})`;

const rulesOf = (members) =>
  Object.entries(members).map(([name, member]) => (ruleOf(member) === name ? name : `${name}: ${ruleOf(member)}`)).join(', ');

// ── the type ──

function typeSource() {
  const named = Object.entries(namedInside());
  return `/**
 * The options as a type. Made from ${NOTE}.
 */
import type { ThemeVariable } from './customize/theme-variables.js';
import type { SignInError } from './errors.js';
import type { Hook, Outcome, RegistrationData, RegistrationField, UsernameOperation } from './types.js';

/** What \`createSignIn\` takes. An option that is \`undefined\` counts as not given. */
export interface SignInOptions {
${membersOf(OPTIONS)}
}
${named.map(([name, option]) => `\n${comment(option.text, '')}\nexport interface ${name} {\n${membersOf(option.members)}\n}\n`).join('')}`;
}

/** The interfaces that the options bring along, by name; those inside of others come first. */
function namedInside(members = OPTIONS) {
  const found = {};
  for (const option of Object.values(members)) {
    const inside = [option.items, option.each].filter((what) => what !== undefined);
    Object.assign(found, namedInside({ ...option.members, ...inside }));
    if (option.named && option.members) found[option.named] ??= option;
  }
  return found;
}

const membersOf = (members) =>
  Object.entries(members).filter(([, member]) => isThere(member)).map(([name, member]) => memberOf(name, member)).join('\n');

function memberOf(name, option) {
  const type = typeOf(option);
  const isCall = type.includes('=>');
  const declared = option.required ? `${name}: ${type}` : `${name}?: ${isCall ? `(${type})` : type} | undefined`;
  return `${comment(documentation(option))}\n  readonly ${declared};`;
}

/** The CSS variables that a page may set, as `styles/tokens.css` has them. */
function themeSource() {
  return `/**
 * The CSS variables that the option \`theme\` may set, without \`--latchkey-\` and with capitals instead of hyphens. Made from
 * \`styles/tokens.css\` by \`scripts/build/options.mjs\`.
 */
export const THEME_VARIABLES = [
${themeVariables().map((name) => `  ${quote(name)},\n`).join('')}] as const;

/** One of them. */
export type ThemeVariable = (typeof THEME_VARIABLES)[number];
`;
}

function themeVariables() {
  const css = readFileSync(path.join(ROOT, 'styles/tokens.css'), 'utf8');
  const names = [...css.matchAll(/var\(--latchkey-([a-z-]+)/g)].map(([, name]) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase()));
  return [...new Set(names)].sort();
}

function typeOf({ kind, values, type, named, items, each }) {
  if (type ?? named) return type ?? named;
  if (items) return `readonly ${typeOf(items)}[]`;
  if (each) return `Readonly<Record<string, ${typeOf(each)}>>`;
  return values?.map(quote).join(' | ') ?? KINDS[kind].type;
}

const documentation = (option) => [option.text, ...(hasDefault(option) ? [`Default: ${defaultOf(option)}.`] : []), ...laterOf(option)].join(' ');

const hasDefault = (option) => !option.required && (option.otherwise !== undefined || option.default !== undefined);

const defaultOf = (option) => option.otherwise ?? `\`${literal(option.default)}\``;

const literal = (value) => (typeof value === 'string' ? value : Array.isArray(value) ? written(value) : JSON.stringify(value));

const laterOf = ({ later }) =>
  later === 'any' ? ['Others are planned.'] : later ? [`Planned: ${later.map((value) => `\`${value}\``).join(', ')}.`] : [];

/** A comment, in lines of at most 120 letters. */
function comment(text, margin = '  ') {
  if (text.length < 110) return `${margin}/** ${text} */`;
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length > 110) lines.push('');
    lines.push(`${lines.pop()} ${word}`);
  }
  return ['/**', ...lines.map((line) => ` *${line}`), ' */'].map((line) => margin + line).join('\n');
}

// ── the JSON Schema ──

/** For editors, for `npx latchkey csp`, and for the reference page, which needs what begins with `x-`. */
export function optionsSchema(version) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Options of Latchkey ${version}`,
    ...objectOf(OPTIONS),
    dependentRequired: { codeChallenge: ['codeChallengeMethod'], codeChallengeMethod: ['codeChallenge'] },
  };
}

function propertyOf(name, option) {
  const { text, example, beside, since, later } = option;
  const said = { description: text, ...(example !== undefined && { 'x-example': example }), ...(beside && { 'x-beside': beside }) };
  if (!isThere(option)) return { not: {}, ...said, 'x-status': 'not there yet' };
  return {
    ...jsonOf(option),
    ...said,
    ...('default' in option && { default: option.default }),
    'x-type': typeOf(option),
    ...(since && isAttribute(option) && { 'x-attribute': name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) }),
    ...(hasDefault(option) && { 'x-default': defaultOf(option) }),
    ...(later && { 'x-later': later }),
    ...(since && { 'x-since': since }),
  };
}

/** Whether the text of an attribute of `<latchkey-sign-in>` can say it; `element.ts` reads the same off the rules. */
const isAttribute = ({ kind, values }) => values !== undefined || ['isString', 'isNumber', 'areStrings'].includes(KINDS[kind]?.checks[0]);

function jsonOf({ kind, values, named, members, items, each }) {
  if (members) return objectOf(members);
  if (items) return { type: 'array', items: propertyOf('', items) };
  const known = named === 'Theme' ? themeVariables() : [];
  if (each) return { type: 'object', properties: Object.fromEntries(known.map((name) => [name, jsonOf(each)])), additionalProperties: jsonOf(each) };
  return values ? { enum: values } : (KINDS[kind].json ?? { not: {} });
}

const objectOf = (members) => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(members).map(([name, member]) => [name, propertyOf(name, member)])),
  required: requiredOf(members),
  additionalProperties: false,
});

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await writeSources();
