/**
 * `signIn.authClient`: what pages of the incumbent do with its SDK after the sign-in, over `latchkey/tokens`. What that SDK can and
 * this cannot is in `absent.ts`.
 */
import { encodeBase64url, parseJws } from '../tokens/jwt.js';
import { browser } from '../tokens/platform.js';
import { Session } from '../tokens/session.js';
import type { TokensOptions } from '../tokens/types.js';
import { addAbsent } from './absent.js';
import { ConfigError } from './errors.js';
import { LoginRedirect } from './login-redirect.js';
import { TokenManager } from './token-manager.js';
import { keyOf, shown } from './token-shapes.js';
import type { AuthClient, AuthState, RedirectParams, TokenResponse, Tokens } from './types.js';

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
  readonly options: ClientOptions;
  readonly token: AuthClient['token'];
  readonly tokenManager: TokenManager;
  readonly authStateManager: AuthClient['authStateManager'];
  /** For the widget, which hands out its code where it is asked to. */
  readonly redirect: LoginRedirect;
  readonly #session: Session;
  readonly #settings: TokensOptions;

  /** @throws ConfigError where the session cannot work with these */
  constructor(options: ClientOptions, settings: TokensOptions) {
    const platform = browser();
    this.options = options;
    this.#settings = settings;
    this.#session = begun(settings);
    this.redirect = new LoginRedirect(settings, platform);
    this.tokenManager = new TokenManager(this.#session, settings);
    this.authStateManager = authStates(this, options, this.#session);
    this.token = this.#tokenApi();
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

  async storeTokensFromRedirect(): Promise<void> {
    const { tokens } = await this.token.parseFromUrl();
    this.tokenManager.setTokens(tokens);
  }

  async signInWithRedirect({ originalUri, ...params }: RedirectParams = {}): Promise<void> {
    if (originalUri !== undefined) this.setOriginalUri(originalUri);
    await this.token.getWithRedirect(params);
  }

  async signOut({ postLogoutRedirectUri, state }: { readonly postLogoutRedirectUri?: string | null; readonly state?: string } = {}): Promise<boolean> {
    const uri = postLogoutRedirectUri === null ? undefined : (postLogoutRedirectUri ?? this.#settings.postLogoutRedirectUri ?? location.origin);
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

  async revokeAccessToken(): Promise<void> {
    await this.#session.revoke('access_token');
    this.tokenManager.remove('accessToken');
  }

  async revokeRefreshToken(): Promise<void> {
    await this.#session.revoke('refresh_token');
    this.tokenManager.remove('refreshToken');
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

  #tokenApi(): AuthClient['token'] {
    const session = this.#session;
    return {
      getWithRedirect: ({ scopes, acrValues, maxAge, loginHint, prompt } = {}) =>
        session.signInWithRedirect({ scopes, acrValues, maxAge: maxAge === undefined ? undefined : Number(maxAge), loginHint, prompt: prompt as 'none' | undefined }),
      parseFromUrl: (options) => this.#parse(typeof options === 'string' ? options : options?.url),
      isLoginRedirect: () => this.isLoginRedirect(),
      getUserInfo: () => this.getUser(),
      renew: async (token) => (await this.tokenManager.renewAll())[keyOf(token)],
      renewTokens: () => this.tokenManager.renewAll(),
      revoke: (token) => session.revoke('refreshToken' in token ? 'refresh_token' : 'access_token'),
      decode,
    };
  }

  async #parse(url: string | undefined): Promise<TokenResponse> {
    const answer = this.redirect.read(url);
    if (answer?.interactionCode != null) return this.#response(await this.redirect.redeem(answer), answer.state);
    const state = new URL(url ?? location.href, location.href).searchParams.get('state') ?? '';
    const result = await this.#session.handleCallback({ url, restore: 'none' });
    if (result.status === 'none') throw new ConfigError('there is no answer of the server in the address');
    return this.#response(result.tokens, state);
  }

  #response(tokens: Parameters<typeof shown>[0], state: string): TokenResponse {
    return { tokens: shown(tokens, this.#settings), state, responseType: 'code' };
  }
}

function begun(settings: TokensOptions): Session {
  try {
    return new Session(settings, browser());
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

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
