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
 * What names stand for: each that is given a value once in the script. Of one that is given several, nobody here can tell which counts.
 *
 * @param {object} tree
 * @param {string} text what it was made of
 */
export function scopeOf(tree, text) {
  const nodes = [...walk(tree)];
  const values = new Map();
  const names = new Map();
  const add = (name, value) => values.set(name, [...(values.get(name) ?? []), value]);
  for (const node of nodes) {
    for (const [place, value] of givenIn(node)) {
      const name = nameOf(place);
      if (name !== undefined) add(name, value);
      if (value && name !== undefined) names.set(plain(value), name);
    }
  }
  const assignments = nodes.filter(({ type, operator, left }) => type === 'AssignmentExpression' && operator === '=' && left.type === 'MemberExpression');
  const copies = nodes.filter((node) => isObjectAssign(node) && node.arguments.length > 1);
  return { text, valueOf: (name) => (values.get(name)?.length === 1 ? values.get(name)[0] : undefined), nameOf: (node) => names.get(node), assignments, copies, busy: new Set() };
}

/** Names and members of `this`, with what a node gives them; nothing known for parameters and what is taken apart. */
function givenIn({ type, id, init, operator, left, right, key, value, params = [], param, local }) {
  if (type === 'VariableDeclarator' && init) return id.type === 'Identifier' ? [[id, init]] : [...walk(id)].map((place) => [place, undefined]);
  if (type === 'FunctionDeclaration' && id) return [[id, { isFunction: true }], ...unknown(params)];
  if (type === 'AssignmentExpression') return [[left, operator === '=' ? right : undefined]];
  if (type === 'PropertyDefinition' && value) return [[{ type: 'MemberExpression', object: { type: 'ThisExpression' }, property: key }, value]];
  if (type.startsWith('Import') && local) return [[local, undefined]];
  return unknown(param ? [...params, param] : params);
}

const unknown = (places) => places.flatMap((place) => [...walk(place)].map((inner) => [inner, undefined]));

/** `config`, and `this.config`; of deeper members it is told apart later. */
function nameOf({ type, name, object, property, computed }) {
  if (type === 'Identifier') return name;
  return type === 'MemberExpression' && !computed && plain(object).type === 'ThisExpression' ? `this.${property.name}` : undefined;
}

/** What an expression stands for, followed through names and members; nothing where that leads out of the script. */
function followed(given, scope) {
  const node = plain(given);
  if (node?.type === 'CallExpression' && /^(freeze|seal)$/.test(node.callee.property?.name)) return followed(node.arguments[0], scope);
  const name = node && nameOf(node);
  if (name === undefined && node?.type !== 'MemberExpression') return node;
  const own = name === undefined ? undefined : scope.valueOf(name);
  if (own && !scope.busy.has(own)) {
    scope.busy.add(own);
    const found = own.isFunction ? own : followed(own, scope);
    scope.busy.delete(own);
    return found;
  }
  const around = node.type === 'MemberExpression' && name === undefined ? followed(node.object, scope) : undefined;
  const member = around?.type === 'ObjectExpression' ? around.properties.findLast((property) => keyOf(property) === memberOf(node)) : undefined;
  return member?.kind === 'init' && !member.method ? followed(member.value, scope) : undefined;
}

/**
 * The object that an expression stands for, with what is assigned to its members later.
 *
 * @returns {{ options: Record<string, unknown>, dynamic: string[] }} `dynamic`: the code of members that are not known
 */
export function objectOf(given, scope) {
  const node = plain(given);
  if (!node) return { options: {}, dynamic: [] };
  if (node.type === 'ObjectExpression') return readObject(node, scope);
  if (isObjectAssign(node)) return together(node.arguments, scope);
  const value = followed(node, scope);
  const isObject = (value?.type === 'ObjectExpression' || isObjectAssign(value)) && !scope.busy.has(value);
  if (!isObject) return { options: {}, dynamic: [`...${textOf(node, scope)}`] };
  scope.busy.add(value);
  const copied = scope.copies.filter(({ arguments: [target] }) => isSame(target, node)).map(({ arguments: [, ...others] }) => together(others, scope));
  const { options, dynamic } = sum([objectOf(value, scope), ...copied]);
  for (const { left, right } of scope.assignments) {
    const members = below(left, node);
    if (members) options[members.join('.')] = evaluate(right, scope);
  }
  scope.busy.delete(value);
  return { options, dynamic };
}

const isObjectAssign = (node) => node?.type === 'CallExpression' && node.callee.object?.name === 'Object' && node.callee.property?.name === 'assign';

const together = (nodes, scope) => sum(nodes.map((node) => (node.type === 'SpreadElement' ? { options: {}, dynamic: [textOf(node, scope)] } : objectOf(node, scope))));

const sum = (objects) => ({ options: Object.assign({}, ...objects.map(({ options }) => options)), dynamic: objects.flatMap(({ dynamic }) => dynamic) });

/** Whether an expression stands for an object that is written out. */
export const isObjectIn = (scope) => (given) => {
  const value = followed(given, scope);
  return value?.type === 'ObjectExpression' || isObjectAssign(value);
};

/** An expression without what only a compiler of types reads: `x as T`, `x satisfies T`, `x!`, `<T>x`, brackets, `?.`. */
export const plain = (node) => (/^(TS(As|Satisfies|NonNull)Expression|TSTypeAssertion|ParenthesizedExpression|ChainExpression)$/.test(node?.type) ? plain(node.expression) : node);

const memberOf = ({ property, computed }) => (computed ? property.value : property.name);

/** The same name, or the same members of the same name. */
function isSame(one, other) {
  const [left, right] = [plain(one), plain(other)];
  if (left?.type !== right?.type) return false;
  if (left.type === 'MemberExpression') return memberOf(left) !== undefined && memberOf(left) === memberOf(right) && isSame(left.object, right.object);
  return left.type === 'ThisExpression' || (left.type === 'Identifier' && left.name === right.name);
}

/** `config.a['b.c']` is `['a', 'b.c']`; nothing if it is not below `base`. */
function below(left, base) {
  const member = memberOf(left);
  if (typeof member !== 'string') return undefined;
  const object = plain(left.object);
  if (isSame(object, base)) return [member];
  const rest = object.type === 'MemberExpression' ? below(object, base) : undefined;
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

/** What stands in the place of what a template of the server fills in: `<%= x %>`, `{{x}}`, `{% x %}`, `${x}`, `<?php … ?>`. */
const FILLED_IN = /<%|\{\{|\{%|\$\{|<\?/;

/** What an expression says, as far as it says it. */
export function evaluate(given, scope) {
  const node = plain(given);
  const read = READERS[node.type];
  return read ? read(node, scope) : new Source(textOf(node, scope), false);
}

const READERS = {
  Literal: (node, scope) => ('regex' in node || 'bigint' in node || FILLED_IN.test(node.value) ? new Source(textOf(node, scope), false) : node.value),
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
  MemberExpression: (node, scope) => named(node, scope),
  NewExpression: (node, scope) => made(node, scope),
};

/** A client of the page, whose own options count. */
function made(node, scope) {
  const source = new Source(textOf(node, scope), false);
  return nameOf(node.callee) === 'OktaAuth' ? Object.assign(source, { client: objectOf(node.arguments[0], scope) }) : source;
}

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
function named(node, scope) {
  const text = textOf(node, scope);
  if (text === 'undefined') return undefined;
  const value = followed(node, scope);
  if (!value || value === node || scope.busy.has(value)) return new Source(text, false);
  if (value.isFunction) return new Source(text, true);
  scope.busy.add(value);
  const found = evaluate(value, scope);
  scope.busy.delete(value);
  return found instanceof Source ? Object.assign(new Source(text, found.isFunction), { client: found.client }) : found;
}

const textOf = ({ start, end }, { text }) => text.slice(start, end);
