/**
 * Events in the manner of the incumbent's: by name, with any number of arguments, and a handler that throws is written down and
 * stops nothing.
 */

type Handler = (...args: never[]) => void;

/** See the head of the file. */
export class Emitter {
  readonly #handlers = new Map<string, { readonly handler: Handler; readonly isOnce: boolean; readonly context: unknown }[]>();

  on(name: string, handler: Handler, context?: unknown): void {
    this.#add(name, handler, false, context);
  }

  once(name: string, handler: Handler, context?: unknown): void {
    this.#add(name, handler, true, context);
  }

  /** Without a handler all of this event, without a name all of all events. */
  off(name?: string, handler?: Handler): void {
    if (name === undefined) return this.#handlers.clear();
    const rest = handler === undefined ? [] : (this.#handlers.get(name) ?? []).filter((entry) => entry.handler !== handler);
    this.#handlers.set(name, rest);
  }

  emit(name: string, ...args: readonly unknown[]): void {
    const entries = this.#handlers.get(name) ?? [];
    this.#handlers.set(name, entries.filter(({ isOnce }) => !isOnce));
    for (const { handler, context } of entries) {
      try {
        handler.apply(context, args as never[]);
      } catch (error) {
        console.error(`[latchkey/okta] a handler of \`${name}\` has failed:`, error);
      }
    }
  }

  #add(name: string, handler: Handler, isOnce: boolean, context: unknown): void {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), { handler, isOnce, context }]);
  }
}
