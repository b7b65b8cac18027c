/**
 * Where tokens are kept beyond this page, and the mark of a sign-out, which is no secret and reaches pages that slept
 * through it.
 */
import { isHeld, type Held } from './held.js';
import type { Platform } from './platform.js';
import type { TokensOptions, TokenStorage } from './types.js';

/** How many sign-outs a page may sleep through and still notice its own. */
const MARKS = 8;

/** The place that the page has chosen. Whatever it throws or rejects with is handed to `onFailure` and stops nothing. */
export class Vault {
  readonly #storage: TokenStorage | undefined;
  readonly #marks: Storage | undefined;
  readonly #name: string;
  readonly #onFailure: (cause: unknown) => void;
  /** Writes come out in the order in which they went in, even where the page's own storage takes its time. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ storage = 'memory', tabs }: TokensOptions, platform: Platform, name: string, onFailure: (cause: unknown) => void) {
    this.#storage = adapter(storage, platform);
    this.#marks = tabs === 'separate' ? platform.sessionStorage : platform.localStorage;
    this.#name = name;
    this.#onFailure = onFailure;
  }

  /** What is there, if it is ours and nobody has signed out of it. */
  async read(): Promise<Held | undefined> {
    const held = parse(await this.#after((storage) => storage.get(this.#name)));
    if (!held || !this.isEnded(held)) return held;
    this.forget(held);
    return undefined;
  }

  write(held: Held): void {
    void this.#after((storage) => storage.set(this.#name, JSON.stringify(held)));
  }

  /** Removes what is there of this sign-in; there may be another by now. */
  forget({ signIn }: Held): void {
    void this.#after(async (storage) => {
      if (parse(await storage.get(this.#name))?.signIn === signIn) await storage.remove(this.#name);
    });
  }

  /** Lets every page know that this sign-in has ended. */
  end({ signIn }: Held): void {
    try {
      this.#marks?.setItem(this.#mark, [signIn, ...this.#ended()].slice(0, MARKS).join(' '));
    } catch (cause) {
      this.#onFailure(cause);
    }
  }

  /** Whether somebody has signed out of it. */
  isEnded({ signIn }: Held): boolean {
    return this.#ended().includes(signIn);
  }

  /** Fulfilled when all that was written before is there. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  get #mark(): string {
    return `${this.#name}.ended`;
  }

  #ended(): readonly string[] {
    try {
      return this.#marks?.getItem(this.#mark)?.split(' ') ?? [];
    } catch {
      return [];
    }
  }

  #after<Result>(work: (storage: TokenStorage) => Result | Promise<Result>): Promise<Result | undefined> {
    const storage = this.#storage;
    if (!storage) return Promise.resolve(undefined);
    const done = this.#queue.then(() => work(storage)).catch((cause) => void this.#onFailure(cause));
    this.#queue = done;
    return done as Promise<Result | undefined>;
  }
}

function parse(text: string | null | undefined): Held | undefined {
  try {
    const held: unknown = JSON.parse(text ?? 'null');
    return isHeld(held) ? held : undefined;
  } catch {
    return undefined;
  }
}

function adapter(storage: NonNullable<TokensOptions['storage']>, platform: Platform): TokenStorage | undefined {
  if (storage === 'memory') return undefined;
  if (typeof storage === 'object') return storage;
  const web = platform[storage];
  return web && { get: (name) => web.getItem(name), set: (name, text) => web.setItem(name, text), remove: (name) => web.removeItem(name) };
}
