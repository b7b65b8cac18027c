/**
 * What a page that was written for Okta's widget relies on, as types: the options, the results, the events and `authClient`. As far
 * as they are there; what is not is said at run time, and by `npx latchkey check-okta-config`.
 */

/** Called before and after a page is drawn; what it gives is waited for. */
export type HookFunction = () => Promise<void> | void;

/** Options of the incumbent's constructor and methods. Any name is taken, since unknown ones are reported and not refused. */
export interface WidgetOptions {
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  readonly redirectUri?: string | undefined;
  /** Where the widget goes: a CSS selector, or an element. */
  readonly el?: string | Element | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly state?: string | undefined;
  readonly codeChallenge?: string | undefined;
  readonly authClient?: AuthClient | object | undefined;
  readonly authParams?: Readonly<Record<string, unknown>> | undefined;
  readonly transformUsername?: ((username: string, operation: UserOperation) => string) | undefined;
  readonly registration?: RegistrationOptions | undefined;
  readonly hooks?: Readonly<Record<string, { readonly before?: readonly HookFunction[]; readonly after?: readonly HookFunction[] }>> | undefined;
  readonly [option: string]: unknown;
}

export type RenderOptions = WidgetOptions;

export type UserOperation = 'PRIMARY_AUTH' | 'FORGOT_PASSWORD' | 'UNLOCK_ACCOUNT';

/** A field of the registration form; others of its members are the server's. */
export interface RegistrationElementSchema {
  /** With dots for what lies inside of what: `userProfile.email`. */
  name: string;
  type?: string;
  label?: string;
  required?: boolean;
  placeholder?: string;
  maxLength?: number;
  [member: string]: unknown;
}

/** What was typed, and goes to the server. */
export interface RegistrationData {
  userProfile: Record<string, string>;
  credentials?: Record<string, string>;
  [member: string]: unknown;
}

type Refuse = (error?: RegistrationError) => void;

/** The incumbent's registration callbacks: each calls one of the two functions that it is given, once. */
export interface RegistrationOptions {
  readonly click?: (() => void) | undefined;
  readonly parseSchema?: ((schema: RegistrationElementSchema[], onSuccess: (schema: RegistrationElementSchema[]) => void, onFailure: Refuse) => void) | undefined;
  readonly preSubmit?: ((postData: RegistrationData, onSuccess: (postData: RegistrationData) => void, onFailure: Refuse) => void) | undefined;
  readonly postSubmit?: ((response: Record<string, unknown>, onSuccess: (response: Record<string, unknown>) => void, onFailure: Refuse) => void) | undefined;
}

/** What `onFailure` takes. */
export interface RegistrationError {
  readonly errorSummary?: string;
  readonly errorCauses?: readonly { readonly errorSummary?: string | readonly string[]; readonly property?: string }[];
}

interface AbstractToken {
  /** In seconds since the epoch. */
  readonly expiresAt: number;
  readonly authorizeUrl: string;
  readonly scopes: string[];
}

export interface AccessToken extends AbstractToken {
  readonly accessToken: string;
  readonly claims?: Record<string, unknown>;
  readonly tokenType: string;
  readonly userinfoUrl: string;
}

export interface IDToken extends AbstractToken {
  readonly idToken: string;
  readonly claims: Record<string, unknown> & { readonly sub: string };
  readonly issuer: string;
  readonly clientId: string;
}

export interface RefreshToken extends AbstractToken {
  readonly refreshToken: string;
  readonly tokenUrl: string;
  readonly issuer: string;
}

export type Token = AccessToken | IDToken | RefreshToken;

export interface Tokens {
  accessToken?: AccessToken;
  idToken?: IDToken;
  refreshToken?: RefreshToken;
}

/** What promises of the widget are fulfilled with. */
export interface RenderResult {
  readonly status: 'SUCCESS';
  /** Unless the page gave a `codeChallenge`. */
  readonly tokens?: Tokens;
  /** Where the page gave a `codeChallenge`: its backend redeems it. */
  readonly interaction_code?: string;
  readonly state?: string;
}

/** What they are rejected with. */
export interface RenderError extends Error {
  readonly name: 'CONFIG_ERROR' | 'UNSUPPORTED_BROWSER_ERROR' | 'OAUTH_ERROR' | (string & {});
}

/** Which page is shown. */
export interface EventContext {
  /** What the Classic Engine called it; `null` where that had no such page. */
  readonly controller: string | null;
  readonly formName?: string;
  readonly authenticatorKey?: string;
  readonly methodType?: string;
}

/** What `afterError` tells. */
export interface EventErrorContext {
  readonly name?: string;
  readonly message?: string;
  readonly errorSummary?: string;
  readonly statusCode?: number;
  readonly xhr?: { readonly status: number; readonly responseText: string; readonly responseJSON?: Record<string, unknown> };
}

export type EventName = 'ready' | 'afterError' | 'afterRender' | 'pageRendered';
export type EventCallback = (context: EventContext, error?: EventErrorContext) => void;
export type EventCallbackWithError = (context: EventContext, error: EventErrorContext) => void;

/** Who is signed in, as `authStateManager` tells it. */
export interface AuthState {
  readonly isAuthenticated?: boolean;
  readonly accessToken?: AccessToken;
  readonly idToken?: IDToken;
  readonly refreshToken?: RefreshToken;
  readonly error?: Error;
}

/** What comes of an answer in the address. */
export interface TokenResponse {
  readonly tokens: Tokens;
  readonly state: string;
  readonly responseType: 'code';
}

/** Parameters of a sign-in on the server's own page. */
export interface RedirectParams {
  readonly scopes?: readonly string[];
  readonly acrValues?: string;
  readonly maxAge?: string | number;
  readonly loginHint?: string;
  readonly prompt?: string;
  readonly originalUri?: string;
}

/** `signIn.authClient`, where the page brings no `OktaAuth`. What is not here says so when it is called. */
export interface AuthClient {
  readonly options: Readonly<Record<string, unknown>>;
  readonly token: {
    getWithRedirect(params?: RedirectParams): Promise<void>;
    parseFromUrl(options?: string | { readonly url?: string }): Promise<TokenResponse>;
    isLoginRedirect(): boolean;
    getUserInfo(): Promise<Record<string, unknown>>;
    renew(token: Token): Promise<Token | undefined>;
    renewTokens(): Promise<Tokens>;
    revoke(token: AccessToken | RefreshToken): Promise<void>;
    decode(token: string): { readonly header: Record<string, unknown>; readonly payload: Record<string, unknown>; readonly signature: string };
  };
  readonly tokenManager: {
    setTokens(tokens: Tokens): void;
    getTokens(): Promise<Tokens>;
    getTokensSync(): Tokens;
    get(key: string): Promise<Token | undefined>;
    getSync(key: string): Token | undefined;
    add(key: string, token: Token): void;
    remove(key: string): void;
    clear(): void;
    renew(key: string): Promise<Token | undefined>;
    hasExpired(token: Token): boolean;
    on(event: string, handler: (...args: never[]) => void, context?: object): void;
    off(event: string, handler?: (...args: never[]) => void): void;
    start(): void;
    stop(): void;
    isStarted(): boolean;
  };
  readonly authStateManager: {
    getAuthState(): AuthState | null;
    getPreviousAuthState(): AuthState | null;
    updateAuthState(): Promise<AuthState>;
    subscribe(handler: (state: AuthState) => void): void;
    unsubscribe(handler?: (state: AuthState) => void): void;
  };
  start(): Promise<void>;
  stop(): Promise<void>;
  isLoginRedirect(): boolean;
  handleLoginRedirect(tokens?: Tokens, originalUri?: string): Promise<void>;
  handleRedirect(originalUri?: string): Promise<void>;
  storeTokensFromRedirect(): Promise<void>;
  signInWithRedirect(params?: RedirectParams): Promise<void>;
  signOut(options?: { readonly postLogoutRedirectUri?: string | null; readonly state?: string }): Promise<boolean>;
  isAuthenticated(): Promise<boolean>;
  getUser(): Promise<Record<string, unknown>>;
  getIdToken(): string | undefined;
  getAccessToken(): string | undefined;
  getRefreshToken(): string | undefined;
  getOrRenewAccessToken(): Promise<string | null>;
  revokeAccessToken(token?: AccessToken): Promise<void>;
  revokeRefreshToken(token?: RefreshToken): Promise<void>;
  setOriginalUri(uri: string): void;
  getOriginalUri(): string | undefined;
  removeOriginalUri(): void;
  getIssuerOrigin(): string;
  isPKCE(): boolean;
  isAuthorizationCodeFlow(): boolean;
  isInteractionRequired(url?: string): boolean;
}
