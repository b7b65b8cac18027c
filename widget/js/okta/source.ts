/**
 * A value of which only the text is known: where a configuration is read and not run, functions and computed values are that.
 */

/** See the head of the file. */
export class Source {
  /** JavaScript, an expression. */
  readonly text: string;
  readonly isFunction: boolean;

  constructor(text: string, isFunction: boolean) {
    this.text = text;
    this.isFunction = isFunction;
  }
}

/** Objects that were written as such: neither arrays, nor instances, nor what nobody has looked into. */
export const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || value instanceof Source) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another frame has that frame's `Object.prototype`.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};
