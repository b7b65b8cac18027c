// Finds configurations of Okta's widget in a file: JSON, JavaScript, TypeScript, JSX, or a page with scripts. Nothing in it is run:
// what is not written out is kept as text (`Source`).

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser } from 'acorn';
import { Mistake } from './mistake.mjs';
import { objectOf, scopeOf, walk } from './evaluate.mjs';

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
 * @property {string[]} dynamic texts of objects that are spread into it, or that it begins with
 * @property {string} [method] the method that draws the widget
 * @property {string[]} used paths below `authClient` that stand in the same script
 */

/**
 * @param {string} file
 * @returns {Promise<Found[]>} at least one
 * @throws Mistake that names the file
 */
export async function readConfigurations(file) {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Mistake(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
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
    return [{ text: code, line, parsers: [/\blang=["']?ts\b/.test(attributes) ? TYPED : PLAIN] }];
  });
}

const isJavaScript = (attributes) => /^$|^module$|javascript|^ts$/.test(/\btype\s*=\s*["']?([^"'\s>]*)/i.exec(attributes)?.[1]?.toLowerCase() ?? '');

function configurationsIn(file, { text, line, parsers }) {
  const tree = treeOf(file, text, line, parsers);
  const scope = scopeOf(tree, text);
  const used = usedOfAuthClient(tree);
  const at = (node, what, rest) => ({ line: line + node.loc.start.line - 1, what, used, ...rest });
  const created = [...walk(tree)].filter(isCreation).map((node) => {
    const calls = callsOn(tree, node, scope);
    const objects = [node.arguments[0], ...calls.map(({ arguments: [given] }) => given)].map((given) => objectOf(given, scope));
    return at(node, 'new OktaSignIn(…)', { ...merged(objects), ...(calls[0] && { method: calls[0].callee.property.name }) });
  });
  return created.length > 0 ? created : exportsIn(tree).map((node) => at(node, 'the exported object', objectOf(node, scope)));
}

const merged = (objects) => ({ options: Object.assign({}, ...objects.map(({ options }) => options)), dynamic: objects.flatMap(({ dynamic }) => dynamic) });

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

/** `OktaSignIn` itself, or as a member of what a module gave. */
const isCreation = ({ type, callee }) => type === 'NewExpression' && (callee.name ?? callee.property?.name) === 'OktaSignIn';

/** What is drawn with this very widget; where it is kept under no name that can be followed, whatever is drawn. */
function callsOn(tree, creation, scope) {
  const name = scope.nameOf(creation);
  const calls = [...walk(tree)].filter(({ type, callee }) => type === 'CallExpression' && METHODS.includes(callee.property?.name));
  const own = calls.filter(({ callee: { object } }) => object === creation || (name !== undefined && (object.name ?? object.property?.name) === name));
  return (name === undefined && own.length === 0 ? calls : own).filter(({ arguments: [given] }) => given);
}

/** `signIn.authClient.session.exists` is `session.exists`; each once. */
function usedOfAuthClient(tree) {
  const paths = [...walk(tree)].filter(({ type }) => type === 'MemberExpression').map(namesIn);
  const below = paths.filter((names) => names.includes('authClient')).map((names) => names.slice(names.lastIndexOf('authClient') + 1).join('.'));
  return [...new Set(below)];
}

const namesIn = ({ type, object, property, name }) => (type === 'MemberExpression' ? [...namesIn(object), property.name ?? String(property.value)] : [name ?? '']);

/** Of a module that only holds the configuration. */
function exportsIn(tree) {
  return tree.body.flatMap((node) => {
    if (node.type === 'ExportDefaultDeclaration') return [node.declaration];
    if (node.type === 'ExportNamedDeclaration') return (node.declaration?.declarations ?? []).map(({ init }) => init).filter((init) => init?.type === 'ObjectExpression');
    const { left, right } = node.expression ?? {};
    const isModule = left?.type === 'MemberExpression' && left.object.name === 'module' && left.property.name === 'exports';
    return isModule ? [right] : [];
  });
}

