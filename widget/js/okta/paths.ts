/**
 * Options as trees: names with dots for what lies inside of what, and one tree on top of another, as the incumbent does it.
 */
import { isPlain } from './source.js';

type Given = Readonly<Record<string, unknown>>;

/** What lies at `path`. */
export const at = (object: Given, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (isPlain(value) && Object.hasOwn(value, name) ? value[name] : undefined), object);

/** Sets what lies at `path`, and makes the objects on the way; names that would reach a prototype make nothing. */
export function put(object: Record<string, unknown>, path: string, value: unknown): void {
  if (value === undefined || path.split('.').includes('__proto__')) return;
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) object[name] = value;
  else {
    const inner = { ...(isPlain(object[name]) ? object[name] : {}) };
    put(inner, rest.join('.'), value);
    object[name] = inner;
  }
}

/** The incumbent takes `'features.router': true` for `features: { router: true }`. */
export function expanded(options: Given): Given {
  const all: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const before = at(all, name);
    put(all, name, isPlain(value) && isPlain(before) ? merged(before, value) : value);
  }
  return all;
}

/** Later ones go before earlier ones, member by member. What is `undefined` says nothing; lists and what a library makes are one value. */
export function merged(...objects: readonly Given[]): Given {
  const all: Record<string, unknown> = {};
  for (const [name, value] of objects.flatMap((object) => Object.entries(expanded(object)))) {
    const before = all[name];
    if (value !== undefined) all[name] = isPlain(value) && isPlain(before) ? merged(before, value) : value;
  }
  return all;
}

/** What the incumbent's methods take beside the widget's options: they are `authParams`. */
const PARAMETERS = ['responseType', 'maxAge', 'idp', 'idpScope', 'display', 'prompt', 'loginHint'];

/** What a method is given goes before all that the constructor was given, `authParams` included, though those go before the rest. */
export function withMethod(options: Given, more: Given): Given {
  const [before, later] = [expanded(options), expanded(more)];
  const { authParams } = before;
  const isParameter = (name: string): boolean => PARAMETERS.includes(name) || (isPlain(authParams) && Object.hasOwn(authParams, name));
  const parameters = Object.entries(later).filter(([name]) => isParameter(name));
  const rest = Object.entries(later).filter(([name]) => !PARAMETERS.includes(name));
  return merged(before, parameters.length > 0 ? { authParams: Object.fromEntries(parameters) } : {}, Object.fromEntries(rest));
}
