/**
 * Who listens to what. A handler is the page's code: whatever it throws is reported and stops nothing here.
 */
import { SignInError } from './errors.js';
import type { SignInEvents } from './types.js';

type Handler<Name extends keyof SignInEvents> = (event: SignInEvents[Name]) => void;
type Handlers = { readonly [Name in keyof SignInEvents]: Set<Handler<Name>> };

/** The handlers of one widget. */
export class Listeners {
  readonly #handlers: Handlers = { ready: new Set(), screen: new Set(), success: new Set(), error: new Set(), unload: new Set() };

  /** Adds `handler` and gives the way to take it out again. The same function added twice is two handlers. */
  add<Name extends keyof SignInEvents>(name: Name, handler: Handler<Name>): () => void {
    if (!Object.hasOwn(this.#handlers, name)) throw new SignInError('events.unknown', `there is no event \`${name}\``);
    const entry: Handler<Name> = (event) => handler(event);
    this.#handlers[name].add(entry);
    return () => void this.#handlers[name].delete(entry);
  }

  /** Calls everybody who listens now; who stops listening meanwhile is not called any more. */
  emit<Name extends keyof SignInEvents>(name: Name, event: SignInEvents[Name]): void {
    for (const handler of this.#handlers[name]) callSafely(() => handler(event));
  }

  /** Lets go of everybody. */
  clear(): void {
    for (const handlers of Object.values(this.#handlers)) handlers.clear();
  }
}

/** Runs code of the page; what it throws appears in the console and in `window.onerror`, as if it stood alone. */
export function callSafely(code: () => void): void {
  try {
    code();
  } catch (error) {
    reportError(error);
  }
}
