/**
 * Who listens to what. A handler is the page's code: whatever it throws is reported and stops nothing here.
 */
import { TokensError } from './errors.js';
import type { TokenEvents } from './types.js';

type Name = keyof TokenEvents;
type Handler = (event: never) => void;

/** The handlers of one session. */
export class Listeners {
  readonly #handlers: Readonly<Record<Name, Set<Handler>>> = { change: new Set(), clockSkew: new Set(), stepUp: new Set(), error: new Set() };

  /** Adds `handler` and gives the way to take it out again. The same function added twice is two handlers. */
  add<Event extends Name>(name: Event, handler: (event: TokenEvents[Event]) => void): () => void {
    if (!Object.hasOwn(this.#handlers, name)) throw new TokensError('events.unknown', `there is no event \`${name}\``);
    const entry: Handler = (event) => handler(event);
    this.#handlers[name].add(entry);
    return () => void this.#handlers[name].delete(entry);
  }

  /** Calls everybody who listens now. */
  emit<Event extends Name>(name: Event, event: TokenEvents[Event]): void {
    for (const handler of this.#handlers[name]) {
      try {
        handler(event as never);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** Lets go of everybody. */
  clear(): void {
    for (const handlers of Object.values(this.#handlers)) handlers.clear();
  }
}
