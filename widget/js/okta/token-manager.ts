/**
 * `authClient.tokenManager`: the three tokens by their names, over a session that knows them as one thing.
 */
import type { Session } from '../tokens/session.js';
import type { TokensOptions } from '../tokens/types.js';
import { Emitter } from './events.js';
import { held, keyOf, shown } from './token-shapes.js';
import type { AuthClient, Token, Tokens } from './types.js';

const KEYS = ['accessToken', 'idToken', 'refreshToken'] as const;
type Key = (typeof KEYS)[number];

const isKey = (key: string): key is Key => KEYS.some((known) => known === key);

type ManagesTokens = AuthClient['tokenManager'];

/** See the head of the file. */
export class TokenManager implements ManagesTokens {
  readonly __v_skip = true;
  readonly #session: Session;
  readonly #settings: TokensOptions;
  readonly #events = new Emitter();
  /** What was there before the last change, for those who are told what has gone. */
  #before: Tokens = {};
  /** An ID token or a refresh token that the page has added before there was an access token. */
  #early: Tokens = {};

  constructor(session: Session, settings: TokensOptions) {
    this.#session = session;
    this.#settings = settings;
    session.on('change', ({ reason }) => this.#tell(reason));
    session.on('error', (error) => this.#events.emit('error', error));
  }

  setTokens(tokens: Tokens): void {
    const all = held(tokens);
    if (all) {
      this.#early = {};
      this.#session.accept(all);
    } else if (Object.keys(tokens).length > 0) this.#early = tokens;
    else this.clear();
  }

  async getTokens(): Promise<Tokens> {
    await this.#session.ready;
    return this.getTokensSync();
  }

  getTokensSync(): Tokens {
    const { tokens } = this.#session;
    return tokens ? shown(tokens, this.#settings) : { ...this.#early };
  }

  async get(key: string): Promise<Token | undefined> {
    await this.#session.ready;
    return this.getSync(key);
  }

  getSync(key: string): Token | undefined {
    return isKey(key) ? this.getTokensSync()[key] : undefined;
  }

  add(_key: string, token: Token): void {
    this.setTokens({ ...this.getTokensSync(), [keyOf(token)]: token });
  }

  /** Without the access token nothing is renewed any more; the others can still be read. */
  remove(key: string): void {
    const { [key as Key]: removed, ...rest } = this.getTokensSync();
    if (!removed) return;
    if (key !== 'accessToken') return this.setTokens(rest);
    this.#early = rest;
    this.#session.forget();
  }

  clear(): void {
    this.#early = {};
    // Only here: nothing is revoked, and the browser stays.
    this.#session.forget();
  }

  async renew(key: string): Promise<Token | undefined> {
    const tokens = await this.renewAll();
    return isKey(key) ? tokens[key] : undefined;
  }

  async renewAll(): Promise<Tokens> {
    return shown(await this.#session.renew(), this.#settings);
  }

  hasExpired({ expiresAt }: Token): boolean {
    return expiresAt <= Date.now() / 1000;
  }

  getExpireTime({ expiresAt }: Token): number {
    return expiresAt;
  }

  on(event: string, handler: (...args: never[]) => void, context?: object): void {
    this.#events.on(event, handler, context);
  }

  off(event: string, handler?: (...args: never[]) => void): void {
    this.#events.off(event, handler);
  }

  /** Tokens are renewed from the moment that they are there. */
  start(): void {}

  stop(): void {}

  isStarted(): boolean {
    return true;
  }

  #tell(reason: string): void {
    const [before, now] = [this.#before, this.getTokensSync()];
    this.#before = now;
    for (const key of KEYS) {
      const [old, token] = [before[key], now[key]];
      if (reason === 'expired' && old) this.#events.emit('expired', key, old);
      if (old && !token) this.#events.emit('removed', key, old);
      else if (token && reason === 'renewed') this.#events.emit('renewed', key, token, old);
      else if (token) this.#events.emit('added', key, token);
    }
  }
}
