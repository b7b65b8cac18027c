/**
 * The session that `createTokens` gives: signing in by redirect, signing out, requests, routes. Holding and renewing the
 * tokens is the keeper's.
 */
import type { Outcome, Tokens } from '../types.js';
import { AuthorizedRequests, makeRequest, stepUpOf } from './authorized.js';
import { Proofs } from './dpop.js';
import { signedOut, told, TokensError } from './errors.js';
import { isObject, random } from './jwt.js';
import { isBound, Keeper, type Parts } from './keeper.js';
import { Listeners } from './listeners.js';
import { leave, withParams } from './leave.js';
import { checkCallback, checkOptions, checkSignOut, checkWidget } from './options.js';
import type { Platform } from './platform.js';
import { checkSaid, Redirects, type Begun, type Said } from './redirect.js';
import { isSignInRequired } from './routes.js';
import { AuthorizationServer, missing } from './server.js';
import { ServerClock } from './server-clock.js';
import type {
  CallbackOptions,
  CallbackResult,
  RedirectOptions,
  SignOutOptions,
  TokenEvents,
  TokenSession,
  TokensOptions,
  WidgetOptions,
  WidgetSignIn,
} from './types.js';

/** See {@link TokenSession}; here is only what is not said there. */
export class Session implements TokenSession {
  readonly #parts: Parts;
  readonly #keeper: Keeper;
  readonly #redirects: Redirects;
  readonly #requests: AuthorizedRequests;
  #callback: Promise<CallbackResult> | undefined;
  #leaving: Promise<void> | undefined;

  constructor(given: TokensOptions, platform: Platform) {
    const options = checkOptions(given);
    const listeners = new Listeners();
    const clock = new ServerClock(platform, (seconds) => listeners.emit('clockSkew', { seconds }));
    // Not `latchkey…`: the widget clears what it has under that name after a crash.
    const name = `tokens.latchkey.${options.clientId}@${options.issuer}`;
    const proofs = options.dpop ? new Proofs(platform, clock, name) : undefined;
    const server = new AuthorizationServer(options, platform, clock, proofs);
    const report = (error: TokensError): void => listeners.emit('error', error);
    if (options.onError) listeners.add('error', options.onError);
    this.#parts = { options, platform, clock, server, proofs, listeners, name, report };
    this.#keeper = new Keeper(this.#parts);
    this.#redirects = new Redirects(options, platform);
    const source = { current: () => this.#need(), renew: () => this.#keeper.renew(), isRenewable: () => this.#keeper.isRenewable };
    this.#requests = new AuthorizedRequests(platform, source, proofs);
  }

  get ready(): Promise<void> {
    return this.#keeper.ready;
  }

  get isSignedIn(): boolean {
    return this.tokens !== undefined && (!this.#keeper.hasEnded || this.#keeper.isRenewable);
  }

  get tokens(): Tokens | undefined {
    return this.#keeper.held?.tokens;
  }

  accept(outcome: Outcome | Tokens): void {
    const tokens: unknown = isObject(outcome) && 'status' in outcome ? outcome.status === 'signed-in' && outcome.tokens : outcome;
    if (!isTokens(tokens)) throw new TokensError('tokens.not_accepted', 'there are no tokens in it');
    const { clock, platform, proofs } = this.#parts;
    if (proofs && !isBound(tokens)) throw new TokensError('dpop.not_bound', 'the tokens are not bound to the key: give the widget `widgetOptions`, and its code to `redeem`');
    const issued = Number(tokens.idToken?.claims['iat'] ?? 0) * 1000;
    // It cannot be earlier than when they were made.
    if (issued > clock.now()) clock.learn(issued);
    // So far counted by this device's clock.
    const expiresAt = Math.floor(tokens.expiresAt + (clock.now() - platform.now()) / 1000);
    this.#keeper.hold(this.#keeper.describeBearer({ ...tokens, expiresAt }, random()), 'signed-in');
  }

  async widgetOptions(given: WidgetOptions = {}): Promise<WidgetSignIn> {
    return this.#redirects.embed(checkWidget(given));
  }

  async redeem(outcome: Outcome): Promise<Tokens> {
    if (outcome.status !== 'interaction-code') throw new TokensError('tokens.not_accepted', 'there is no code in it: give the widget `widgetOptions`');
    const begun = this.#redirects.take(outcome.state, true);
    return this.#exchange({ grant_type: 'interaction_code', interaction_code: outcome.interactionCode }, begun);
  }

  getTokens(): Promise<Tokens | undefined> {
    return this.#keeper.current();
  }

  renew(): Promise<Tokens> {
    return this.#keeper.renew();
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const { options, platform, listeners } = this.#parts;
    const request = makeRequest(input, init, platform.href(), options.allowedOrigins ?? []);
    const response = await this.#requests.send(request);
    const stepUp = stepUpOf(response);
    if (!stepUp) return response;
    listeners.emit('stepUp', stepUp);
    throw new TokensError('fetch.step_up_required', 'the API wants a stronger or fresher sign-in', stepUp);
  }

  async userinfo(): Promise<Readonly<Record<string, unknown>>> {
    const { userinfo } = await this.#parts.server.metadata();
    if (!userinfo) missing('userinfo_endpoint');
    const request = new Request(userinfo, { headers: { accept: 'application/json' }, credentials: 'omit', redirect: 'error', cache: 'no-store' });
    const response = await this.#requests.send(request);
    const claims: unknown = await response.json().catch(() => undefined);
    if (!response.ok || !isObject(claims)) throw new TokensError('server.unreadable', `userinfo answered ${response.status} and no claims`);
    const { sub } = this.tokens?.idToken?.claims ?? claims;
    if (claims['sub'] !== sub) throw new TokensError('userinfo.subject_mismatch', '`sub` of userinfo is not that of the ID token');
    return claims;
  }

  async revoke(which: 'access_token' | 'refresh_token'): Promise<void> {
    const { accessToken, refreshToken } = await this.#need();
    const token = which === 'access_token' ? accessToken : refreshToken;
    if (token !== undefined) await this.#parts.server.revoke(token, which);
  }

  async signOut(given: SignOutOptions = {}): Promise<void> {
    const options = checkSignOut(given);
    const { proofs, report } = this.#parts;
    await this.ready;
    const key = proofs?.key;
    // Before others are told, since they may sign in at once, with a key of their own. Tabs that are separate have this one.
    if (this.#parts.options.tabs !== 'separate') await proofs?.discard();
    const { tokens } = this;
    this.#keeper.end('signed-out');
    proofs?.forget();
    if (tokens) await this.#keeper.giveBack(tokens, key);
    await this.#keeper.settled();
    if (options.local) return;
    try {
      await this.#leave(options, tokens?.idToken?.raw);
    } catch (error) {
      report(told(error));
    }
  }

  /** Drops the tokens in all tabs, and tells nobody else. Not for pages: what is not revoked goes on being good. */
  forget(): void {
    this.#keeper.end('signed-out');
  }

  async signInWithRedirect(given: RedirectOptions = {}): Promise<void> {
    this.#parts.platform.go(await leave({ ...this.#parts, redirects: this.#redirects }, given), 'assign');
  }

  isCallback(url = this.#parts.platform.href()): boolean {
    return this.#redirects.read(url) !== undefined;
  }

  async handleCallback(given: CallbackOptions = {}): Promise<CallbackResult> {
    const { url, restore = 'history' } = checkCallback(given);
    const said = this.#redirects.read(url ?? this.#parts.platform.href());
    if (!said) return this.#callback ?? { status: 'none' };
    this.#callback ??= this.#complete(said, url, restore).finally(() => (this.#callback = undefined));
    return this.#callback;
  }

  async guard(url = this.#parts.platform.href()): Promise<boolean> {
    const { options, platform } = this.#parts;
    const page = new URL(url ?? '', platform.href());
    const isCallbackPage = options.redirectUri !== undefined && this.#redirects.redirectUri().pathname === page.pathname;
    if (isCallbackPage || !isSignInRequired(page, options.requireSignIn)) return true;
    if (await this.getTokens()) return true;
    if (!options.signIn) {
      // Guards of routes within routes ask at once, and the browser leaves once.
      this.#leaving ??= this.signInWithRedirect({ originalUri: page.href }).finally(() => (this.#leaving = undefined));
      await this.#leaving;
      return false;
    }
    const outcome = await options.signIn(page);
    if (outcome.status === 'signed-in') this.accept(outcome);
    else if (outcome.status === 'interaction-code') await this.redeem(outcome);
    else return false;
    return true;
  }

  on<Name extends keyof TokenEvents>(name: Name, handler: (event: TokenEvents[Name]) => void): () => void {
    return this.#parts.listeners.add(name, handler);
  }

  destroy(): void {
    this.#keeper.destroy();
    this.#parts.listeners.clear();
  }

  async #need(): Promise<Tokens> {
    const tokens = await this.getTokens();
    if (tokens) return tokens;
    throw signedOut();
  }

  async #complete(said: Said, url: string | undefined, restore: CallbackOptions['restore']): Promise<CallbackResult> {
    const { server } = this.#parts;
    const begun = this.#takeBegun(said, url);
    const { namesIssuer } = await server.metadata();
    const code = checkSaid(said, begun, namesIssuer);
    const tokens = await this.#exchange({ grant_type: 'authorization_code', code }, begun);
    const { originalUri } = begun;
    await this.#goBack(originalUri, restore);
    return { status: 'signed-in', tokens, originalUri };
  }

  /** Exchanges a code; from then on somebody is signed in. */
  async #exchange(code: Readonly<Record<string, string>>, { redirectUri, verifier, scopes, nonce, acrValues, maxAge }: Begun): Promise<Tokens> {
    const { platform, server } = this.#parts;
    const askedAt = platform.elapsed();
    const answer = await server.exchange({ ...code, redirect_uri: redirectUri, code_verifier: verifier }, scopes);
    if (answer.idToken === undefined && scopes.includes('openid')) missing('id_token');
    const held = await this.#keeper.check(answer, { signIn: random(), expected: { nonce, acrValues, maxAge }, askedAt });
    this.#keeper.hold(held, 'signed-in');
    return held.tokens;
  }

  /** Used once, and taken out of the page's address, so that neither a reload nor a bookmark uses it again. */
  #takeBegun(said: Said, url: string | undefined): Begun {
    const { platform } = this.#parts;
    const clean = (): void => platform.rewrite(this.#redirects.clean(platform.href() ?? ''));
    const isOurPage = url === undefined || url === platform.href();
    try {
      const begun = this.#redirects.take(said.state);
      if (isOurPage) clean();
      return begun;
    } catch (error) {
      // An error of a sign-in that is not ours may be the widget's, which looks for it in the address.
      if (isOurPage && said.code !== null) clean();
      throw error;
    }
  }

  async #goBack(originalUri: string, restore: CallbackOptions['restore']): Promise<void> {
    const { platform } = this.#parts;
    if (restore === 'history') platform.rewrite(originalUri);
    if (restore !== 'navigate') return;
    await this.#keeper.settled();
    platform.go(originalUri, 'replace');
  }

  async #leave({ postLogoutRedirectUri = this.#parts.options.postLogoutRedirectUri, state }: SignOutOptions, idToken: string | undefined): Promise<void> {
    const { server, platform, options } = this.#parts;
    const { endSession } = await server.metadata();
    if (!endSession) return;
    const params = {
      client_id: options.clientId,
      ...(idToken !== undefined && { id_token_hint: idToken }),
      ...(postLogoutRedirectUri !== undefined && { post_logout_redirect_uri: absolute(postLogoutRedirectUri, platform.href()) }),
      ...(state !== undefined && { state }),
    };
    platform.go(withParams(endSession, params), 'assign');
  }
}

/** As written if it is absolute: the server compares it letter by letter. */
const absolute = (address: string, page: string | undefined): string => (/^https?:/.test(address) ? address : new URL(address, page).href);

const isTokens = (value: unknown): value is Tokens =>
  isObject(value) && typeof value['accessToken'] === 'string' && typeof value['tokenType'] === 'string' && Number.isFinite(value['expiresAt']);

