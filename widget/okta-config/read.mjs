// Finds configurations of Okta's widget in a file: JSON, JavaScript, TypeScript, JSX, or a page with scripts. Nothing in it is run:
// what is not written out is kept as text (`Source`).

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser } from 'acorn';
import { Mistake } from './mistake.mjs';
import { ROWS } from '../js/okta/option-table.ts';
import { withMethod } from '../js/okta/paths.ts';
import { isPlain } from '../js/okta/source.ts';
import { isObjectIn, objectOf, plain, scopeOf, walk } from './evaluate.mjs';

/** Methods of the incumbent that take options, too. */
const METHODS = ['renderEl', 'showSignIn', 'showSignInToGetTokens', 'showSignInAndRedirect'];

/** JavaScript; TypeScript; and both with JSX, in which `<T>x` is no cast. */
const [PLAIN, TYPED, MIXED] = [Parser, Parser.extend(tsPlugin()), Parser.extend(tsPlugin({ jsx: true }))];

/** Who reads each kind of file; in the others are scripts. */
const PARSERS = { '.js': [PLAIN, MIXED], '.mjs': [PLAIN], '.cjs': [PLAIN], '.jsx': [MIXED], '.ts': [TYPED], '.mts': [TYPED], '.cts': [TYPED], '.tsx': [MIXED] };
const PAGES = ['.html', '.htm', '.vue', '.svelte'];

/**
 * One configuration.
 *
 * @typedef {object} Found
 * @property {number} line where it begins
 * @property {string} what as which it stands there
 * @property {Record<string, unknown>} options with `Source` for what is not written out
 * @property {string[]} dynamic code of members that are not known: `...more`, `[name]: 1`
 * @property {string} [method] the method that draws the widget
 * @property {string[]} used paths below `authClient` that stand in the same script
 */

/**
 * @param {string} file
 * @returns {Promise<Found[]>} at least one
 * @throws Mistake that names the file
 */
export async function readConfigurations(file) {
  const read = await readFile(file, 'utf8').catch((error) => {
    throw new Mistake(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  const text = read.replace(/^\uFEFF/, '');
  const kind = path.extname(file).toLowerCase();
  const found = kind === '.json' ? [jsonOf(file, text)] : partsOf(file, kind, text).flatMap((part) => configurationsIn(file, part));
  if (found.length > 0) return found;
  throw new Mistake(`${file} has no configuration: neither \`new OktaSignIn({…})\` nor an object that is exported`);
}

function jsonOf(file, text) {
  try {
    const options = JSON.parse(text);
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return { line: 1, what: 'JSON', options, dynamic: [], used: [] };
  } catch (error) {
    throw new Mistake(`${file} is not JSON: ${error.message}`);
  }
  throw new Mistake(`${file} must hold an object with the options`);
}

/** Scripts, each with the line at which it begins. */
function partsOf(file, kind, text) {
  if (PAGES.includes(kind)) return scriptsOf(text);
  const parsers = PARSERS[kind];
  if (parsers) return [{ text, line: 1, parsers }];
  throw new Mistake(`${file} is neither of ${['.json', ...Object.keys(PARSERS), ...PAGES].join(', ')}: put the configuration into a file of its own`);
}

/** A script ends with the first `</script`, whatever stands in it (HTML, 13.2.5.4); one in a comment is none. */
function scriptsOf(text) {
  const scripts = [...text.matchAll(/<!--[^]*?-->|<script\b([^>]*)>([^]*?)<\/script\b/gi)].filter(([, attributes, code]) => code?.trim() && isJavaScript(attributes));
  return scripts.flatMap((match) => {
    const [, attributes, code] = match;
    const line = text.slice(0, match.index + match[0].indexOf('>') + 1).split('\n').length;
    return [{ text: code, line, isOfPage: true, parsers: [/\blang=["']?ts\b/.test(attributes) ? TYPED : PLAIN] }];
  });
}

/** In a page are scripts that have nothing to do with it. */
const isAboutIt = (text) => /OktaSignIn|okta-signin-widget|latchkey\/okta/.test(text);

const isJavaScript = (attributes) => /^$|^module$|javascript|^ts$/.test(/\btype\s*=\s*["']?([^"'\s>]*)/i.exec(attributes)?.[1]?.toLowerCase() ?? '');

function configurationsIn(file, { text, line, parsers, isOfPage }) {
  if (isOfPage && !isAboutIt(text)) return [];
  const tree = treeOf(file, text, line, parsers);
  const scope = scopeOf(tree, text);
  const used = usedOfAuthClient(tree);
  const at = (node, what, rest) => ({ line: line + node.loc.start.line - 1, what, used, ...rest });
  const created = [...walk(tree)].filter(isCreationIn(tree)).map((node) => {
    const calls = callsOn(tree, node, scope);
    const objects = [node.arguments[0], ...calls.map(({ arguments: [given] }) => given)].map((given) => objectOf(given, scope));
    return at(node, 'new OktaSignIn(…)', { ...merged(objects), ...(calls[0] && { method: plain(calls[0].callee).property.name }) });
  });
  if (created.length > 0) return created;
  return exportsIn(tree).filter(isObjectIn(scope)).map((node) => at(node, 'the exported object', inner(objectOf(node, scope)))).filter(isConfiguration);
}

const merged = (objects) => ({ options: objects.map(({ options }) => options).reduce((before, more) => withMethod(before, more)), dynamic: objects.flatMap(({ dynamic }) => dynamic) });

/** Some keep it beside what other parts of the page need: `{ oidc: { … }, resourceServer: { … } }`. */
function inner(found) {
  if (isConfiguration(found)) return found;
  const own = Object.values(found.options).find((value) => isPlain(value) && isConfiguration({ options: value }));
  return own ? { options: own, dynamic: [] } : found;
}

/** A module may export anything. */
const isConfiguration = ({ options }) => Object.keys(options).some((name) => ROWS.some(({ option }) => option.split('.')[0] === name.split('.')[0]));

/** Who gets furthest says what is wrong. */
function treeOf(file, text, line, parsers) {
  const options = { ecmaVersion: 'latest', locations: true, allowHashBang: true, allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true };
  const errors = [];
  // Last what no module may have, and other scripts do: `with`, octal numbers, names like `package`.
  for (const [parser, sourceType] of [...parsers.map((parser) => [parser, 'module']), [PLAIN, 'script']]) {
    try {
      return parser.parse(text, { ...options, sourceType });
    } catch (error) {
      errors.push(error);
    }
  }
  const furthest = errors.reduce((best, next) => ((next.pos ?? 0) > (best.pos ?? 0) ? next : best));
  throw new Mistake(`${file}:${line + (furthest.loc?.line ?? 1) - 1} cannot be read as a script: ${furthest.message}`);
}

const WIDGET = /okta-signin-widget|latchkey\/okta/;

/** `OktaSignIn` itself, as a member of what a module gave, or by another name that it was imported under. */
function isCreationIn(tree) {
  const names = new Set(['OktaSignIn', ...[...walk(tree)].flatMap(importedNames)]);
  const isIt = ({ name, object, property }) => (object ? property.name === 'OktaSignIn' || (property.name === 'default' && names.has(object.name)) : names.has(name));
  return ({ type, callee }) => type === 'NewExpression' && isIt(plain(callee));
}

/** `import S from '…'`, `var S = require('…')`, `const { default: S } = await import('…')`. */
function importedNames({ type, source, specifiers, id, init }) {
  if (type === 'ImportDeclaration' && WIDGET.test(source.value)) return specifiers.map(({ local }) => local.name);
  const made = type === 'VariableDeclarator' && init ? plain(init) : undefined;
  const from = made?.type === 'MemberExpression' ? made.object : made?.type === 'AwaitExpression' ? made.argument : made;
  const module = from?.source ?? (from?.callee?.name === 'require' ? from.arguments[0] : undefined);
  if (!WIDGET.test(module?.value)) return [];
  return id.type === 'Identifier' ? [id.name] : (id.properties ?? []).map(({ value }) => value?.name);
}

/** What is drawn with this very widget; where it is kept under no name that can be followed, whatever is drawn. */
function callsOn(tree, creation, scope) {
  const name = scope.nameOf(creation);
  const calls = [...walk(tree)].filter(({ type, callee }) => type === 'CallExpression' && METHODS.includes(plain(callee).property?.name));
  const own = calls.filter(({ callee }) => {
    const object = plain(plain(callee).object);
    return object === creation || (name !== undefined && (object.name ?? object.property?.name) === name.replace('this.', ''));
  });
  return (name === undefined && own.length === 0 ? calls : own).filter(({ arguments: [given] }) => given);
}

/** `signIn.authClient.session.exists` is `session.exists`; each once. */
function usedOfAuthClient(tree) {
  const paths = [...walk(tree)].filter(({ type }) => type === 'MemberExpression').map(namesIn);
  const below = paths.filter((names) => names.includes('authClient')).map((names) => names.slice(names.lastIndexOf('authClient') + 1).join('.'));
  return [...new Set(below)];
}

const namesIn = (given) => {
  const { type, object, property, name } = plain(given);
  return type === 'MemberExpression' ? [...namesIn(object), property.name ?? String(property.value)] : [name ?? ''];
};

/** Of a module that only holds the configuration. */
function exportsIn(tree) {
  return tree.body.flatMap((node) => {
    if (node.type === 'ExportDefaultDeclaration') return [node.declaration];
    if (node.type === 'TSExportAssignment') return [node.expression];
    if (node.type === 'ExportNamedDeclaration' && !node.source) return [...(node.declaration?.declarations ?? []).map(({ init }) => init), ...node.specifiers.map(({ local }) => local)].filter(Boolean);
    const { left, right } = plain(node.expression) ?? {};
    return left?.type === 'MemberExpression' && /^(module\.)?exports\b/.test(namesIn(left).join('.')) ? [right] : [];
  });
}
