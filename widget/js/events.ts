/**
 * Who listens to what. A handler is the page's code: whatever it throws is reported and stops nothing here.
 */
import { SignInError } from './errors.js';
import type { SignInEvents } from './types.js';

type Handler<Name extends keyof SignInEvents> = (event: SignInEvents[Name]) => void;
type Handlers = { readonly [Name in keyof SignInEvents]: Set<Handler<Name>> };

/** The handlers of one widget. */
export class Listeners {
  #handlers = nobody();

  /** Adds `handler` and gives the way to take it out again. The same function added twice is two handlers. */
  add<Name extends keyof SignInEvents>(name: Name, handler: Handler<Name>): () => void {
    if (!Object.hasOwn(this.#handlers, name)) throw new SignInError('events.unknown', `there is no event \`${name}\`, only ${Object.keys(this.#handlers).join(', ')}`);
    const entry: Handler<Name> = (event) => handler(event);
    const handlers = this.#handlers[name];
    handlers.add(entry);
    return () => void handlers.delete(entry);
  }

  /**
   * Calls `first`, and everybody who listens now. Who stops listening meanwhile is not called any more, and who begins is not called
   * yet. Says whether there was anybody.
   */
  emit<Name extends keyof SignInEvents>(name: Name, event: SignInEvents[Name], first?: Handler<Name>): boolean {
    const handlers = this.#handlers[name];
    const present = [...handlers];
    callSafely(() => first?.(event));
    for (const handler of present) if (handlers.has(handler)) callSafely(() => handler(event));
    return first !== undefined || present.length > 0;
  }

  /** Lets go of everybody; an event that is being told still reaches all. */
  clear(): void {
    this.#handlers = nobody();
  }
}

const nobody = (): Handlers => ({ ready: new Set(), screen: new Set(), success: new Set(), error: new Set(), unload: new Set() });

/** Runs code of the page; what it throws appears in the console and in `window.onerror`, as if it stood alone. */
export function callSafely(code: () => void): void {
  try {
    code();
  } catch (error) {
    reportError(error);
  }
}
