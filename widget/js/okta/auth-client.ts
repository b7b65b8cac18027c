/**
 * `signIn.authClient`: what pages of the incumbent do with its SDK after the sign-in, over `latchkey/tokens`. What that SDK can and
 * this cannot is in `absent.ts`.
 */
import { TokensError } from '../tokens/errors.js';
import { encodeBase64url, parseJws } from '../tokens/jwt.js';
import { withParams } from '../tokens/leave.js';
import { browser, type Platform } from '../tokens/platform.js';
import { Session } from '../tokens/session.js';
import type { TokensOptions } from '../tokens/types.js';
import { addAbsent } from './absent.js';
import { AnswerError, ConfigError } from './errors.js';
import { idxApi } from './idx-api.js';
import { LoginRedirect, type Answer } from './login-redirect.js';
import type { Redeemer } from './page-auth-client.js';
import { extraParams, signInParams } from './redirect-params.js';
import { TokenManager } from './token-manager.js';
import { keyOf, shown } from './token-shapes.js';
import type { AccessToken, AuthClient, AuthState, RedirectParams, RefreshToken, Token, TokenResponse, Tokens } from './types.js';

/** What it has of the widget's options beside those of its session. */
export interface ClientOptions {
  readonly restoreOriginalUri?: ((client: AuthClient, originalUri: string | undefined) => Promise<void>) | undefined;
  readonly transformAuthState?: ((client: AuthClient, state: AuthState) => Promise<AuthState>) | undefined;
  readonly [option: string]: unknown;
}

/** Where the page that somebody came from is remembered until they are signed in. */
const ORIGINAL_URI = 'okta.latchkey.original-uri';

/** See the head of the file. */
export class SessionAuthClient implements AuthClient {
  /** Vue leaves such objects as they are; a proxy around one cannot reach what is private in it. */
  readonly __v_skip = true;
  readonly options: ClientOptions;
  readonly token: AuthClient['token'];
  readonly idx: AuthClient['idx'];
  readonly transactionManager: AuthClient['transactionManager'];
  readonly tokenManager: TokenManager;
  readonly authStateManager: AuthClient['authStateManager'];
  /** For the widget, which hands out its code where it is asked to. */
  readonly redirect: LoginRedirect;
  readonly #session: Session;
  readonly #settings: TokensOptions;
  /** What the next way to the server's page has in its address beside what the session knows. */
  #extra: Readonly<Record<string, string>> = {};

  /** @throws ConfigError where the session cannot work with these */
  constructor(options: ClientOptions, settings: TokensOptions) {
    const plain = browser();
    const platform: Platform = { ...plain, go: (url, how) => plain.go(withParams(url, this.#extra), how) };
    this.options = options;
    this.#settings = settings;
    this.#session = begun(settings, platform);
    this.redirect = new LoginRedirect(settings, platform);
    this.tokenManager = new TokenManager(this.#session, settings);
    this.authStateManager = authStates(this, options, this.#session);
    this.token = this.#tokenApi();
    this.idx = idxApi(this.redirect, (url) => this.#store(url));
    this.transactionManager = { exists: () => this.redirect.waiting() !== undefined, clear: () => this.redirect.forget() };
    addAbsent(this);
  }

  async start(): Promise<void> {
    await this.#session.ready;
    if (!this.isLoginRedirect()) await this.authStateManager.updateAuthState();
  }

  /** There is nothing that only ran because of `start`. */
  async stop(): Promise<void> {}

  isLoginRedirect(): boolean {
    return this.#session.isCallback() || (this.redirect.read() !== undefined && !this.isInteractionRequired());
  }

  /** The server wants the widget to be shown again, with the same options. */
  isInteractionRequired(url?: string): boolean {
    return this.redirect.read(url)?.error === 'interaction_required';
  }

  async handleLoginRedirect(tokens?: Tokens, originalUri = this.getOriginalUri()): Promise<void> {
    if (tokens) this.tokenManager.setTokens(tokens);
    else if (this.isLoginRedirect()) await this.storeTokensFromRedirect();
    else return;
    await this.authStateManager.updateAuthState();
    this.removeOriginalUri();
    const { restoreOriginalUri } = this.options;
    if (restoreOriginalUri) await restoreOriginalUri(this, originalUri);
    else if (originalUri !== undefined) location.replace(originalUri);
  }

  handleRedirect(originalUri?: string): Promise<void> {
    return this.handleLoginRedirect(undefined, originalUri);
  }

  storeTokensFromRedirect(): Promise<void> {
    return this.#store();
  }

  /** For `showSignInAndRedirect`: what comes back is redeemed on the page that it comes back to. */
  async leaving(wanted: Parameters<LoginRedirect['begin']>[0]): Promise<Redeemer> {
    const redeem = async (interactionCode: string, state: string): Promise<Tokens> =>
      shown(await this.redirect.redeem({ interactionCode, state, error: null, description: null }), this.#settings);
    return { challenge: await this.redirect.begin(wanted), redeem };
  }

  /** For the widget, where tokens are bound to the session's key: only the session can redeem its code. */
  async bound(given: { readonly scopes?: readonly string[]; readonly acrValues?: string; readonly maxAge?: number }): Promise<Redeemer> {
    const redeem = async (interactionCode: string, state: string): Promise<Tokens> =>
      shown(await this.#session.redeem({ status: 'interaction-code', interactionCode, state }), this.#settings);
    return { challenge: await this.#session.widgetOptions(given), redeem };
  }

  async signInWithRedirect({ originalUri, ...params }: RedirectParams = {}): Promise<void> {
    if (originalUri !== undefined) this.setOriginalUri(originalUri);
    await this.token.getWithRedirect(params);
  }

  async signOut({ postLogoutRedirectUri, state }: { readonly postLogoutRedirectUri?: string | null; readonly state?: string } = {}): Promise<boolean> {
    const uri = postLogoutRedirectUri === null ? undefined : (postLogoutRedirectUri ?? this.#settings.postLogoutRedirectUri ?? location.origin);
    await this.#session.ready;
    if (!this.getIdToken()) {
      // The server ends no session that is not named by an ID token; it would show an error to whoever is sent there.
      await this.#session.signOut({ local: true });
      if (uri !== undefined) browser().go(uri, 'assign');
      return false;
    }
    await this.#session.signOut({ ...(uri !== undefined && { postLogoutRedirectUri: uri }), ...(state !== undefined && { state }) });
    return true;
  }

  async isAuthenticated(): Promise<boolean> {
    const tokens = await this.#session.getTokens().catch(() => undefined);
    return tokens?.idToken !== undefined;
  }

  async getUser(): Promise<Record<string, unknown>> {
    return { ...(await this.#session.userinfo()) };
  }

  getIdToken(): string | undefined {
    return this.#session.tokens?.idToken?.raw;
  }

  getAccessToken(): string | undefined {
    return this.#session.tokens?.accessToken;
  }

  getRefreshToken(): string | undefined {
    return this.#session.tokens?.refreshToken;
  }

  async getOrRenewAccessToken(): Promise<string | null> {
    const tokens = await this.#session.getTokens().catch(() => undefined);
    return tokens?.accessToken ?? null;
  }

  async revokeAccessToken(token?: AccessToken): Promise<void> {
    await this.#session.ready;
    const given = token ?? this.tokenManager.getTokensSync().accessToken;
    if (token === undefined) this.tokenManager.remove('accessToken');
    if (given) await this.token.revoke(given);
  }

  async revokeRefreshToken(token?: RefreshToken): Promise<void> {
    await this.#session.ready;
    const given = token ?? this.tokenManager.getTokensSync().refreshToken;
    if (token === undefined) this.tokenManager.remove('refreshToken');
    if (given) await this.token.revoke(given);
  }

  clearStorage(): void {
    this.tokenManager.clear();
    this.redirect.forget();
  }

  setOriginalUri(uri: string): void {
    sessionStorage.setItem(ORIGINAL_URI, uri);
  }

  getOriginalUri(): string | undefined {
    return sessionStorage.getItem(ORIGINAL_URI) ?? undefined;
  }

  removeOriginalUri(): void {
    sessionStorage.removeItem(ORIGINAL_URI);
  }

  getIssuerOrigin(): string {
    return new URL(this.#settings.issuer).origin;
  }

  isPKCE(): boolean {
    return true;
  }

  isAuthorizationCodeFlow(): boolean {
    return true;
  }

  async #store(url?: string): Promise<void> {
    const { tokens } = await this.token.parseFromUrl(url === undefined ? {} : { url });
    this.tokenManager.setTokens(tokens);
  }

  async #leave(params: RedirectParams = {}): Promise<void> {
    this.#extra = extraParams(params);
    try {
      await this.#session.signInWithRedirect(signInParams(params));
    } finally {
      this.#extra = {};
    }
  }

  #tokenApi(): AuthClient['token'] {
    return {
      getWithRedirect: (params) => this.#leave(params),
      parseFromUrl: (options) => this.#parse(typeof options === 'string' ? options : options?.url),
      isLoginRedirect: () => this.isLoginRedirect(),
      getUserInfo: () => this.getUser(),
      renew: async (token) => (await this.tokenManager.renewAll())[keyOf(token)],
      renewTokens: () => this.tokenManager.renewAll(),
      revoke: (token) => this.redirect.revoke(...revocable(token)),
      decode,
    };
  }

  async #parse(url: string | undefined): Promise<TokenResponse> {
    const answer = this.redirect.read(url);
    try {
      // An error may be the widget's or the session's.
      if (answer && (answer.interactionCode !== null || this.redirect.waiting(answer.state))) return this.#response(await this.#redeem(answer), answer.state);
      const state = new URL(url ?? location.href, location.href).searchParams.get('state') ?? '';
      const result = await this.#session.handleCallback({ url, restore: 'none' });
      if (result.status === 'none') throw new ConfigError('there is no answer of the server in the address');
      return this.#response(result.tokens, state);
    } catch (cause) {
      if (!(cause instanceof TokensError) || cause.oauthError === undefined) throw cause;
      throw new AnswerError(cause.oauthError, answer?.description ?? cause.message, cause);
    }
  }

  async #redeem(answer: Answer): Promise<Parameters<typeof shown>[0]> {
    const { interactionCode, state } = answer;
    if (!this.#settings.dpop || interactionCode === null) return this.redirect.redeem(answer);
    this.redirect.clean();
    return this.#session.redeem({ status: 'interaction-code', interactionCode, state });
  }

  #response(tokens: Parameters<typeof shown>[0], state: string): TokenResponse {
    return { tokens: shown(tokens, this.#settings), state, responseType: 'code' };
  }
}

function begun(settings: TokensOptions, platform: Platform): Session {
  try {
    return new Session(settings, platform);
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const revocable = (token: Token): Parameters<LoginRedirect['revoke']> =>
  'refreshToken' in token ? [token.refreshToken, 'refresh_token'] : ['accessToken' in token ? token.accessToken : token.idToken, 'access_token'];

function decode(token: string): { readonly header: Record<string, unknown>; readonly payload: Record<string, unknown>; readonly signature: string } {
  const jws = parseJws(token);
  if (!jws) throw new ConfigError('it is no JSON Web Token');
  return { header: { ...jws.header }, payload: { ...jws.claims }, signature: encodeBase64url(jws.signature) };
}

/** Who is signed in, for those who want to be told. */
function authStates(client: SessionAuthClient, { transformAuthState }: ClientOptions, session: Session): AuthClient['authStateManager'] {
  const handlers = new Set<(state: AuthState) => void>();
  let [now, before]: (AuthState | null)[] = [null, null];
  const updateAuthState = async (): Promise<AuthState> => {
    const isAuthenticated = await client.isAuthenticated();
    const plain: AuthState = { isAuthenticated, ...client.tokenManager.getTokensSync() };
    const state = transformAuthState ? await transformAuthState(client, plain) : plain;
    [now, before] = [state, now ?? null];
    for (const handler of handlers) handler(state);
    return state;
  };
  session.on('change', () => void updateAuthState());
  return {
    getAuthState: () => now ?? null,
    getPreviousAuthState: () => before ?? null,
    updateAuthState,
    subscribe: (handler) => void handlers.add(handler),
    unsubscribe: (handler) => (handler ? void handlers.delete(handler) : handlers.clear()),
  };
}
