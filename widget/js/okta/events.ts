/**
 * Events in the manner of the incumbent's (Backbone's): by name or by several, with any number of arguments, `all` for every one, and
 * a handler that throws is written down and stops nothing.
 */
import type { Heard } from './types.js';

type Handler = (...args: never[]) => void;

interface Entry {
  readonly name: string;
  readonly handler: Handler;
  readonly isOnce: boolean;
  readonly context: unknown;
}

interface Hearing {
  readonly source: Heard;
  readonly names: string;
  readonly handler: Handler;
}

/** `'ready afterRender'` are two. */
export const namesIn = (names: string): readonly string[] => names.split(/\s+/).filter((name) => name !== '');

/** See the head of the file. */
export class Emitter {
  #entries: readonly Entry[] = [];
  #heard: readonly Hearing[] = [];

  on(names: string, handler: Handler, context?: unknown): void {
    this.#add(names, handler, false, context);
  }

  once(names: string, handler: Handler, context?: unknown): void {
    this.#add(names, handler, true, context);
  }

  /** Without a handler all of these events, without names the handler of all events, without either all. */
  off(names?: string | null, handler?: Handler | null): void {
    const gone = names == null ? undefined : namesIn(names);
    this.#entries = this.#entries.filter((entry) => (gone && !gone.includes(entry.name)) || (handler != null && entry.handler !== handler));
  }

  emit(name: string, ...args: readonly unknown[]): void {
    const called = this.#entries.filter((entry) => entry.name === name || entry.name === 'all');
    this.#entries = this.#entries.filter((entry) => !entry.isOnce || !called.includes(entry));
    for (const entry of called) {
      try {
        entry.handler.apply(entry.context, (entry.name === 'all' ? [name, ...args] : args) as never[]);
      } catch (error) {
        console.error(`[latchkey/okta] a handler of \`${name}\` has failed:`, error);
      }
    }
  }

  /** Hears what another object says, until {@link stopListening}. */
  listenTo(source: Heard, names: string, handler: Handler, context: unknown): void {
    source.on(names, handler, context);
    this.#heard = [...this.#heard, { source, names, handler }];
  }

  /** What is not named stands for all. */
  stopListening(source?: object | null, names?: string | null, handler?: Handler | null): void {
    const isMeant = (heard: Hearing): boolean => (source ?? heard.source) === heard.source && (names ?? heard.names) === heard.names && (handler ?? heard.handler) === heard.handler;
    for (const heard of this.#heard.filter(isMeant)) heard.source.off(heard.names, heard.handler);
    this.#heard = this.#heard.filter((heard) => !isMeant(heard));
  }

  #add(names: string, handler: Handler, isOnce: boolean, context: unknown): void {
    this.#entries = [...this.#entries, ...namesIn(names).map((name) => ({ name, handler, isOnce, context }))];
  }
}
