/**
 * Holds the tokens of whoever is signed in: restores them, shares them with other tabs, renews them in time, and lets go of
 * them. How somebody signs in or out is not decided here.
 */
import type { IdToken, Tokens } from '../types.js';
import type { Key, Proofs } from './dpop.js';
import { signedOut, told, TokensError } from './errors.js';
import type { Held } from './held.js';
import { checkIdToken, type Expected } from './id-token.js';
import { Keys } from './keys.js';
import type { Listeners } from './listeners.js';
import type { Platform } from './platform.js';
import type { AuthorizationServer, TokenAnswer } from './server.js';
import type { ServerClock } from './server-clock.js';
import { Tabs } from './tabs.js';
import type { ChangeEvent, TokensOptions } from './types.js';
import { Vault } from './vault.js';

/** What the parts of a session have in common. */
export interface Parts {
  readonly options: TokensOptions;
  readonly platform: Platform;
  readonly clock: ServerClock;
  readonly server: AuthorizationServer;
  readonly proofs: Proofs | undefined;
  readonly listeners: Listeners;
  /** What this client's tokens are called in storage, and its tabs' channel. */
  readonly name: string;
  /** Tells the page of a failure that no caller waits for. */
  readonly report: (error: TokensError) => void;
}

/** What a new sign-in or a renewal knows of the tokens that it asked for. */
export interface Asked {
  readonly signIn: string;
  readonly expected: Omit<Expected, 'issuer' | 'clientId' | 'accessToken'>;
  readonly before?: Tokens | undefined;
  /** When the request left, by `Platform.elapsed`. */
  readonly askedAt: number;
}

/** In seconds. */
const RENEW_BEFORE = 60;
/** After a renewal that failed for now, in milliseconds; doubled each time. */
const FIRST_RETRY = 5000;
const LAST_RETRY = 60_000;
/** Faults of ID tokens that the issuer has verifiably made, for something else. One that nobody has verifiably made proves nothing. */
const FOREIGN = /^id_token\.(?!malformed|algorithm|unknown_key|signature)/;
/** Timers are not trusted for longer, in milliseconds. */
const LONGEST_NAP = 60 * 60_000;

/** See the head of the file. */
export class Keeper {
  readonly ready: Promise<void>;
  readonly #parts: Parts;
  readonly #keys: Keys;
  readonly #vault: Vault;
  readonly #tabs: Tabs;
  readonly #stopListening: () => void;
  #held: Held | undefined;
  #renewing: Promise<Tokens> | undefined;
  #timer: unknown;
  #retry = 0;
  #isDestroyed = false;

  constructor(parts: Parts) {
    const { options, platform, server, name } = parts;
    this.#parts = parts;
    this.#keys = new Keys(() => server.keys());
    this.#vault = new Vault(options, platform, name, (cause) =>
      parts.report(new TokensError('storage.failed', 'the storage of the tokens failed', { cause })),
    );
    this.#tabs = new Tabs(platform, name, options.tabs !== 'separate', {
      held: () => this.#held,
      onHeld: (held) => this.#consider(held, 'shared'),
      onEnded: ({ signIn }) => this.#held?.signIn === signIn && this.#drop('signed-out'),
    });
    this.#stopListening = platform.onWake(() => this.#wake());
    this.ready = this.#start();
  }

  get held(): Held | undefined {
    return this.#held;
  }

  get isRenewable(): boolean {
    return this.#held?.tokens.refreshToken !== undefined;
  }

  /** The tokens have ended by the server's clock. */
  get hasEnded(): boolean {
    return this.#held !== undefined && this.#now() >= this.#held.tokens.expiresAt;
  }

  /** The tokens, renewed if it is time. @throws TokensError when they have ended and could not be renewed just now */
  async current(): Promise<Tokens | undefined> {
    await this.ready;
    const held = this.#present();
    if (held && this.#isDue(held)) {
      await this.renew().catch((error) => {
        // While they last they are as good as renewed ones; once they are refused nobody is signed in.
        if (this.#held && this.hasEnded) throw error;
      });
    }
    if (this.hasEnded && !this.isRenewable) this.end('expired');
    return this.#held?.tokens;
  }

  /** Once for all callers and all tabs. */
  renew(): Promise<Tokens> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /** The answer of the token endpoint, once the ID token in it has been checked. @throws TokensError `id_token.…` */
  async check(answer: TokenAnswer, { signIn, expected, before, askedAt }: Asked): Promise<Held> {
    const { accessToken, tokenType, scopes, refreshToken = before?.refreshToken } = answer;
    const idToken = answer.idToken === undefined ? before?.idToken : await this.#checkedIdToken(answer, answer.idToken, expected);
    const { clock, platform } = this.#parts;
    const issued = (clock.now() - (platform.elapsed() - askedAt)) / 1000;
    const expiresAt = Math.floor(issued + answer.lifetime);
    const tokens = { accessToken, tokenType, expiresAt, scopes, ...(idToken && { idToken }), ...(refreshToken !== undefined && { refreshToken }) };
    return this.describe(tokens, signIn, expected.nonce);
  }

  /** These tokens, as they are held; `expiresAt` by the server's clock. */
  async describe(tokens: Tokens, signIn: string, nonce?: string): Promise<Held> {
    const { proofs } = this.#parts;
    return { ...this.describeBearer(tokens, signIn), nonce, thumbprint: isBound(tokens) ? await proofs?.thumbprint() : undefined };
  }

  /** The same for tokens that are not bound, at once. */
  describeBearer(tokens: Tokens, signIn: string): Held {
    const { clock, options } = this.#parts;
    const now = clock.now();
    const lead = Math.min(options.renewBefore ?? RENEW_BEFORE, Math.max(0, tokens.expiresAt - now / 1000) / 2);
    const issuedAt = Math.max(now, (this.#held?.issuedAt ?? 0) + 1);
    // A server whose tokens end at once is not asked without a pause.
    const renewAt = Math.max(tokens.expiresAt - lead, (now + FIRST_RETRY) / 1000);
    return { tokens, signIn, issuedAt, renewAt, skew: clock.skew };
  }

  /** From now on these are the tokens, here and in the other tabs. */
  hold(held: Held, reason: 'signed-in' | 'renewed'): void {
    this.#keep(held);
    this.#take(held, reason);
  }

  /** Nobody is signed in any more, here and in the other tabs. */
  end(reason: 'signed-out' | 'expired'): void {
    if (!this.#held) return;
    this.#vault.end(this.#held);
    this.#tabs.tell({ type: 'ended', held: this.#held });
    this.#drop(reason);
  }

  /** Tells the server that nobody uses these any more; what it cannot be told is told to the page. */
  async giveBack({ accessToken, refreshToken }: Pick<Tokens, 'accessToken' | 'refreshToken'>, key: Promise<Key> | undefined): Promise<void> {
    const { server, report } = this.#parts;
    const requests = [server.revoke(accessToken, 'access_token', key)];
    if (refreshToken !== undefined) requests.push(server.revoke(refreshToken, 'refresh_token', key));
    for (const result of await Promise.allSettled(requests)) if (result.status === 'rejected') report(told(result.reason));
  }

  /** Fulfilled when storage has all that it was given. */
  settled(): Promise<void> {
    return this.#vault.settled();
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#stopListening();
    this.#parts.platform.clearTimeout(this.#timer as never);
    // A renewal that is under way is told all the same, for it uses up the refresh token that the others have.
    void Promise.allSettled([this.ready, this.#renewing]).then(() => this.#tabs.close());
  }

  /** What is held, unless somebody has signed out of it elsewhere. */
  #present(): Held | undefined {
    if (this.#held && this.#vault.isEnded(this.#held)) this.#drop('signed-out');
    return this.#held;
  }

  #keep(held: Held): void {
    this.#vault.write(held);
    this.#tabs.tell({ type: 'held', held });
  }

  /** Other tabs are asked only where storage has nothing: it takes the time in which one could answer. */
  async #start(): Promise<void> {
    await this.#restore('restored');
    if (!this.#held) await this.#tabs.ask();
  }

  async #restore(reason: 'restored' | 'shared'): Promise<void> {
    const stored = await this.#vault.read();
    if (stored) await this.#consider(stored, reason);
  }

  /** Takes tokens of elsewhere if they are newer than those here, and can be used here. */
  async #consider(held: Held, reason: 'restored' | 'shared'): Promise<void> {
    const { options, proofs, clock } = this.#parts;
    if (isBound(held.tokens) && held.thumbprint !== (await proofs?.thumbprint().catch(() => undefined))) return;
    if (this.#vault.isEnded(held) || held.issuedAt <= (this.#held?.issuedAt ?? -Infinity)) return;
    clock.adopt(held.skew);
    // The tab's own storage is written by each tab, the common one by the tab that has them first.
    if (reason === 'shared' && options.storage === 'sessionStorage') this.#vault.write(held);
    this.#take(held, reason);
  }

  #take(held: Held, reason: ChangeEvent['reason']): void {
    this.#held = held;
    this.#retry = 0;
    this.#schedule();
    this.#parts.listeners.emit('change', { isSignedIn: true, reason });
  }

  #drop(reason: 'signed-out' | 'expired'): void {
    if (this.#held) this.#vault.forget(this.#held);
    this.#held = undefined;
    this.#schedule();
    this.#parts.proofs?.forget();
    this.#parts.listeners.emit('change', { isSignedIn: false, reason });
  }

  async #renew(): Promise<Tokens> {
    await this.ready;
    const before = this.#renewable();
    return this.#tabs.alone(async () => {
      // Another tab may have renewed, or signed out, while this one waited for its turn.
      await this.#restore('shared');
      await this.#tabs.ask();
      const { tokens } = this.#renewable();
      if (tokens.accessToken !== before.tokens.accessToken) return tokens;
      // The refresh token may be used up by the exchange, so what else can fail comes before it.
      if (tokens.idToken) await this.#keys.ready();
      return this.#exchange(this.#renewable());
    });
  }

  #renewable(): Held {
    const held = this.#present();
    if (!held) throw signedOut();
    if (!this.isRenewable) throw new TokensError('tokens.not_renewable', 'there is no refresh token: ask for the scope `offline_access`');
    return held;
  }

  async #exchange(held: Held): Promise<Tokens> {
    const { platform, proofs } = this.#parts;
    const { tokens: before, signIn, nonce } = held;
    const [askedAt, key] = [platform.elapsed(), proofs?.key];
    const answer = await this.#refresh(before, signIn);
    if (!answer) return this.#renewable().tokens;
    const asked = { signIn, expected: { nonce, before: before.idToken?.claims }, before, askedAt };
    const renewed = await this.check(answer, asked).catch(told);
    // Invariant: from here to `hold` nothing is awaited, or a sign-out in between would be undone.
    const goesOn = this.#present()?.signIn === signIn;
    if (goesOn && !(renewed instanceof TokensError)) {
      this.hold(renewed, 'renewed');
      return renewed.tokens;
    }
    const { accessToken, refreshToken = before.refreshToken ?? '' } = answer;
    if (goesOn && renewed instanceof TokensError && !FOREIGN.test(renewed.code)) {
      // The tokens stay as they were, but for the refresh token: the one before may be used up.
      const kept = { ...held, tokens: { ...before, refreshToken }, issuedAt: held.issuedAt + 1 };
      this.#keep((this.#held = kept));
      throw renewed;
    }
    if (goesOn) this.end('expired');
    // What has just been issued must not outlive the sign-in.
    await this.giveBack({ accessToken, refreshToken }, key);
    throw goesOn ? renewed : signedOut();
  }

  /** Nothing if the server refused because another tab has newer ones after all, which are held then. */
  async #refresh(before: Tokens, signIn: string): Promise<TokenAnswer | undefined> {
    const { server } = this.#parts;
    const params = { grant_type: 'refresh_token', refresh_token: before.refreshToken ?? '' };
    try {
      return await server.exchange(params, before.scopes);
    } catch (cause) {
      if (!(cause instanceof TokensError) || cause.oauthError !== 'invalid_grant') throw cause;
      await this.#tabs.ask();
      if (this.#held && this.#held.tokens.refreshToken !== before.refreshToken) return undefined;
      if (this.#held?.signIn === signIn) this.end('expired');
      const { message, oauthError, requestId } = cause;
      throw new TokensError('tokens.renewal_refused', message, { oauthError, requestId });
    }
  }

  async #checkedIdToken(answer: TokenAnswer, raw: string, expected: Asked['expected']): Promise<IdToken> {
    const { issuer, clientId } = this.#parts.options;
    const all = { ...expected, issuer, clientId, accessToken: answer.accessToken };
    return { raw, claims: await checkIdToken(raw, all, this.#keys, this.#parts.clock, answer.toldTime) };
  }

  #wake(): void {
    this.#retry = 0;
    this.#look();
    // A page that the browser had put away has not heard of a sign-in either.
    if (!this.#held) void this.#start();
  }

  /** Does what is due, and sleeps until something is again. */
  #look(): void {
    const held = this.#present();
    if (!held || this.#isDestroyed) return;
    if (this.#isDue(held) && this.#renewsByItself) return this.#renewInBackground();
    if (this.hasEnded && !this.isRenewable) return this.end('expired');
    this.#schedule();
  }

  get #renewsByItself(): boolean {
    return this.isRenewable && this.#parts.options.autoRenew !== false;
  }

  #renewInBackground(): void {
    const onFailure = (error: unknown): void => {
      if (this.#isDestroyed) return;
      const failure = told(error);
      if (failure.code !== 'tokens.signed_out') this.#parts.report(failure);
      this.#retry = Math.min(this.#retry * 2 || FIRST_RETRY, LAST_RETRY);
    };
    void this.renew().catch(onFailure).then(() => this.#schedule());
  }

  #schedule(): void {
    const { platform } = this.#parts;
    platform.clearTimeout(this.#timer as never);
    const held = this.#held;
    if (!held || this.#isDestroyed) return;
    const due = this.#renewsByItself ? held.renewAt : held.tokens.expiresAt;
    const nap = this.#retry || Math.min(Math.max(0, Math.ceil((due - this.#now()) * 1000)), LONGEST_NAP);
    // What can neither be renewed nor has ended any more needs no watching.
    if (nap === 0 && !this.#renewsByItself && this.isRenewable) return;
    this.#timer = platform.setTimeout(() => this.#look(), nap);
  }

  #isDue(held: Held): boolean {
    return held.tokens.refreshToken !== undefined && this.#now() >= Math.min(held.renewAt, held.tokens.expiresAt);
  }

  /** The server's time in seconds. */
  #now(): number {
    return this.#parts.clock.now() / 1000;
  }
}

export const isBound = ({ tokenType }: Tokens): boolean => tokenType.toLowerCase() === 'dpop';
