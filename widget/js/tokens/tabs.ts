/**
 * The other tabs of this origin with the same issuer and client: they have the same tokens, and one renews for all.
 *
 * A refresh token that is rotated works once; a server that sees it twice ends the whole sign-in (RFC 9700 section 4.14.2).
 * So renewing is done by one at a time, under a lock of the browser's, or a lease in localStorage where there are none.
 */
import { isHeld, type Held } from './held.js';
import { isObject, random } from './jwt.js';
import { unlessForbidden, type Platform } from './platform.js';

/** What tabs tell each other. Only pages of this origin can hear or say it. */
type Message =
  | { readonly type: 'ask' }
  | { readonly type: 'held'; readonly held: Held }
  | { readonly type: 'ended'; readonly held: Held };

/** What the session of this tab is asked and told. */
export interface Neighbour {
  /** What this tab holds, for a tab that asks. */
  readonly held: () => Held | undefined;
  /** Another tab holds this. */
  readonly onHeld: (held: Held) => Promise<void>;
  /** Another tab has signed out of this, or found it ended. */
  readonly onEnded: (held: Held) => void;
}

/** How long another tab may take to answer, in milliseconds. A tab that sleeps has told what it had before. */
const PATIENCE = 100;
/** A lease that nobody renews or gives back ends by itself: longer than a request can last, in milliseconds. */
const LEASE = 65_000;
/** How often a tab looks whether a lease is free, and how long it waits to see whether another took it too. */
const PAUSE = 50;

/** See the head of the file. */
export class Tabs {
  readonly #platform: Platform;
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  readonly #id = random();
  #answered: (() => void) | undefined;

  constructor(platform: Platform, name: string, areShared: boolean, neighbour: Neighbour) {
    this.#platform = platform;
    this.#name = name;
    this.#channel = areShared ? unlessForbidden(() => platform.channel?.(name)) : undefined;
    if (this.#channel) this.#channel.onmessage = ({ data }) => void this.#receive(data, neighbour);
  }

  tell(message: Message): void {
    this.#channel?.postMessage(message);
  }

  /** Fulfilled when a tab has answered, and been heard, or when none does. */
  async ask(): Promise<void> {
    if (!this.#channel) return;
    this.tell({ type: 'ask' });
    await new Promise<void>((resolve) => {
      const timer = this.#platform.setTimeout(resolve, PATIENCE);
      this.#answered = () => {
        this.#platform.clearTimeout(timer as never);
        resolve();
      };
    });
    this.#answered = undefined;
  }

  /** Does `work` while no other tab does. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const { locks } = this.#platform;
    let isBegun = false;
    const begin = (): Promise<Result> => ((isBegun = true), work());
    try {
      if (locks) return (await locks.request(this.#name, begin)) as Result;
    } catch (error) {
      // Where storage is blocked, so are locks.
      if (isBegun) throw error;
    }
    return this.#underLease(work);
  }

  /** From now on nothing is said or heard: a channel that is closed throws when it is spoken to. */
  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #underLease<Result>(work: () => Promise<Result>): Promise<Result> {
    const { localStorage } = this.#platform;
    if (!localStorage || !this.#channel) return work();
    const lease = new Lease(this.#platform, localStorage, `${this.#name}.lease`, this.#id);
    // A storage that is full gives none, and renewing matters more.
    await lease.take().catch(() => {});
    try {
      return await work();
    } finally {
      unlessForbidden(() => lease.giveBack());
    }
  }

  async #receive(data: unknown, neighbour: Neighbour): Promise<void> {
    if (!isObject(data)) return;
    const { type, held } = data;
    if (type === 'ask') {
      const own = neighbour.held();
      if (own) this.tell({ type: 'held', held: own });
    } else if (isHeld(held)) {
      if (type === 'held') await neighbour.onHeld(held);
      if (type === 'ended') neighbour.onEnded(held);
      this.#answered?.();
    }
  }
}

/** For browsers without Web Locks, which is also those in which the page is not in a secure context. */
class Lease {
  readonly #platform: Platform;
  readonly #storage: Storage;
  readonly #name: string;
  readonly #owner: string;

  constructor(platform: Platform, storage: Storage, name: string, owner: string) {
    this.#platform = platform;
    this.#storage = storage;
    this.#name = name;
    this.#owner = owner;
  }

  async take(): Promise<void> {
    for (;;) {
      while (!this.#isFree()) await this.#pause();
      this.#storage.setItem(this.#name, `${this.#platform.now() + LEASE} ${this.#owner}`);
      // Another tab may have written at the same moment; the last one to write has it, and both see who that was.
      await this.#pause();
      if (this.#isOurs()) return;
    }
  }

  giveBack(): void {
    if (this.#isOurs()) this.#storage.removeItem(this.#name);
  }

  #isFree(): boolean {
    const until = Number(this.#storage.getItem(this.#name)?.split(' ')[0] ?? 0);
    const left = until - this.#platform.now();
    // More than a whole lease is left only if the clock was set back since.
    return !(left > 0 && left <= LEASE);
  }

  #isOurs(): boolean {
    return this.#storage.getItem(this.#name)?.endsWith(` ${this.#owner}`) === true;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#platform.setTimeout(resolve, PAUSE));
  }
}
