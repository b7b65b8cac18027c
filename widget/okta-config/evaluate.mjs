// Reads values off a syntax tree (ESTree) without running anything: literals, what is made of literals, and names that stand for
// them in the same script. Everything else stays text.

import { Source } from '../js/okta/source.ts';

/** All nodes, parents first. */
export function* walk(node) {
  yield node;
  for (const [key, child] of Object.entries(node)) {
    if (key === 'loc') continue;
    for (const each of Array.isArray(child) ? child : [child]) if (typeof each?.type === 'string') yield* walk(each);
  }
}

/**
 * What names stand for, wherever in the script: who writes a configuration does not write two of one name.
 *
 * @param {object} tree
 * @param {string} text what it was made of
 */
export function scopeOf(tree, text) {
  const nodes = [...walk(tree)];
  const values = new Map();
  const names = new Map();
  for (const { type, id, init, left, right, key, value: member } of nodes) {
    if (type === 'VariableDeclarator' && id.type === 'Identifier' && init) values.set(id.name, init);
    if (type === 'FunctionDeclaration') values.set(id?.name, { isFunction: true });
    const [place, value] = type === 'VariableDeclarator' ? [id, init] : type === 'AssignmentExpression' ? [left, right] : type === 'PropertyDefinition' ? [key, member] : [];
    if (value) names.set(plain(value), place.name ?? place.property?.name);
  }
  const assignments = nodes.filter(({ type, operator, left }) => type === 'AssignmentExpression' && operator === '=' && left.type === 'MemberExpression');
  return { text, values, nameOf: (node) => names.get(node), assignments, busy: new Set() };
}

/**
 * The object that an expression stands for, with what is assigned to its members later.
 *
 * @returns {{ options: Record<string, unknown>, dynamic: string[] }}
 */
export function objectOf(given, scope) {
  const node = plain(given);
  if (!node) return { options: {}, dynamic: [] };
  if (node.type === 'ObjectExpression') return readObject(node, scope);
  if (node.type !== 'Identifier' || scope.busy.has(node.name)) return { options: {}, dynamic: [textOf(node, scope)] };
  const value = scope.values.get(node.name);
  scope.busy.add(node.name);
  const { options, dynamic } = value?.type ? objectOf(value, scope) : { options: {}, dynamic: [node.name] };
  for (const { left, right } of scope.assignments) {
    const members = pathOf(left, node.name);
    if (members) options[members.join('.')] = evaluate(right, scope);
  }
  scope.busy.delete(node.name);
  return { options, dynamic };
}

/** An expression without what only a compiler of types reads: `x as T`, `x satisfies T`, `x!`, `<T>x`, brackets. */
const plain = (node) => (/^(TS(As|Satisfies|NonNull)Expression|TSTypeAssertion|ParenthesizedExpression)$/.test(node?.type) ? plain(node.expression) : node);

/** `config.a['b.c']` is `['a', 'b.c']`; nothing if it is not below `name`. */
function pathOf({ object, property, computed }, name) {
  const member = computed ? property.value : property.name;
  if (typeof member !== 'string') return undefined;
  if (object.type === 'Identifier') return object.name === name ? [member] : undefined;
  const rest = object.type === 'MemberExpression' ? pathOf(object, name) : undefined;
  return rest && [...rest, member];
}

function readObject({ properties }, scope) {
  const options = {};
  const dynamic = [];
  for (const property of properties) {
    const spread = property.type === 'SpreadElement' ? objectOf(property.argument, scope) : undefined;
    const name = keyOf(property);
    if (spread) {
      Object.assign(options, spread.options);
      dynamic.push(...spread.dynamic);
    } else if (name === undefined) dynamic.push(textOf(property, scope));
    else options[name] = property.method || property.kind !== 'init' ? methodOf(property, name, scope) : evaluate(property.value, scope);
  }
  return { options, dynamic };
}

const keyOf = ({ key, computed }) => (computed || !key ? (typeof key?.value === 'string' ? key.value : undefined) : (key.name ?? String(key.value)));

/** A method, as it can stand alone. */
function methodOf({ value, kind }, name, scope) {
  const { async: isAsync, generator, params, body } = value;
  const written = params.map((param) => textOf(param, scope)).join(', ');
  const text = `${isAsync ? 'async ' : ''}function${generator ? '*' : ''} (${written}) ${textOf(body, scope)}`;
  return kind === 'get' ? new Source(`(${text})()`, false) : new Source(text, true);
}

/** What an expression says, as far as it says it. */
export function evaluate(given, scope) {
  const node = plain(given);
  const read = READERS[node.type];
  return read ? read(node, scope) : new Source(textOf(node, scope), false);
}

const READERS = {
  Literal: (node, scope) => ('regex' in node || 'bigint' in node ? new Source(textOf(node, scope), false) : node.value),
  TemplateLiteral: (node, scope) => (node.expressions.length > 0 ? new Source(textOf(node, scope), false) : node.quasis[0].value.cooked),
  UnaryExpression: (node, scope) => negated(node, scope),
  BinaryExpression: (node, scope) => joined(node, scope),
  ArrayExpression: (node, scope) =>
    node.elements.some((element) => !element || element.type === 'SpreadElement') ? new Source(textOf(node, scope), false) : node.elements.map((element) => evaluate(element, scope)),
  ObjectExpression: (node, scope) => {
    const { options, dynamic } = readObject(node, scope);
    return dynamic.length > 0 ? new Source(textOf(node, scope), false) : options;
  },
  ArrowFunctionExpression: (node, scope) => new Source(textOf(node, scope), true),
  FunctionExpression: (node, scope) => new Source(textOf(node, scope), true),
  Identifier: (node, scope) => named(node, scope),
};

function negated(node, scope) {
  const value = evaluate(node.argument, scope);
  const negations = { '!': () => !value, '-': () => -value };
  return value instanceof Source || !negations[node.operator] ? new Source(textOf(node, scope), false) : negations[node.operator]();
}

function joined(node, scope) {
  const [left, right] = [node.left, node.right].map((side) => evaluate(side, scope));
  const isText = node.operator === '+' && [left, right].every((side) => typeof side === 'string');
  return isText ? left + right : new Source(textOf(node, scope), false);
}

/** A function stays a name, since it may use others; a value is what it is. */
function named({ name }, scope) {
  const value = scope.values.get(name);
  if (name === 'undefined') return undefined;
  if (!value || scope.busy.has(name)) return new Source(name, false);
  if (value.isFunction) return new Source(name, true);
  scope.busy.add(name);
  const found = evaluate(value, scope);
  scope.busy.delete(name);
  return found instanceof Source ? new Source(name, found.isFunction) : found;
}

const textOf = ({ start, end }, { text }) => text.slice(start, end);
