/**
 * The server's time, learned from its answers. Tokens end by the server's clock, and devices have been seen a day off.
 *
 * Between two answers time is counted by both of the device's clocks, and the one that has gone further is believed: the
 * one of the day jumps when somebody sets it, the other may stand still while the device sleeps. Too late by mistake means
 * to renew too early, which harms nobody.
 */
import type { Platform } from './platform.js';

/** A difference of less is not worth telling, in milliseconds. */
const NOTABLE = 60_000;

/** See the head of the file. All in milliseconds since the epoch. */
export class ServerClock {
  readonly #platform: Platform;
  readonly #onSkew: (seconds: number) => void;
  #anchor: { readonly server: number; readonly day: number; readonly elapsed: number };
  #told = 0;

  constructor(platform: Platform, onSkew: (seconds: number) => void) {
    this.#platform = platform;
    this.#onSkew = onSkew;
    this.#anchor = this.#anchorAt(platform.now());
  }

  /** The server's time now. */
  now(): number {
    const { server, day, elapsed } = this.#anchor;
    return server + Math.max(0, this.#platform.now() - day, this.#platform.elapsed() - elapsed);
  }

  /** How far this device's clock is behind the server's: add it to the one to get the other. */
  get skew(): number {
    return this.#anchor.server - this.#anchor.day;
  }

  /** It is this late at the server at this moment. */
  learn(server: number): void {
    if (!Number.isFinite(server)) return;
    this.#anchor = this.#anchorAt(server);
    this.#tell();
  }

  /** What an answer's head says; whether it said anything. A page of another origin sees `Date` only if the server lets it. */
  learnFrom(headers: Headers): boolean {
    const date = Date.parse(headers.get('date') ?? '');
    // It is cut to whole seconds; half of one is the smallest mistake.
    this.learn(date + 500);
    return !Number.isNaN(date);
  }

  /** What was learned before a reload, or by another tab. */
  adopt(skew: number): void {
    if (Math.abs(skew - this.skew) > 2000) this.learn(this.#platform.now() + skew);
  }

  #anchorAt(server: number) {
    return { server, day: this.#platform.now(), elapsed: this.#platform.elapsed() };
  }

  #tell(): void {
    const ahead = -this.skew;
    if (Math.abs(ahead - this.#told) < NOTABLE) return;
    this.#told = ahead;
    this.#onSkew(Math.round(ahead / 1000));
  }
}
