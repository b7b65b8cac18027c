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
  readonly authParams?: AuthParams | undefined;
  readonly transformUsername?: ((username: string, operation: UserOperation) => string) | undefined;
  readonly registration?: RegistrationOptions | undefined;
  readonly hooks?: HooksOptions | undefined;
  readonly language?: LanguageCode | LanguageCallback | undefined;
  readonly helpLinks?: HelpLinks | undefined;
  readonly customButtons?: readonly CustomButton[] | undefined;
  readonly globalSuccessFn?: RenderSuccessCallback | undefined;
  readonly globalErrorFn?: RenderErrorCallback | undefined;
  readonly [option: string]: unknown;
}

export type RenderOptions = WidgetOptions;

/** Options of the incumbent's SDK; which of them are taken is reported, as with the others. */
export type AuthParams = Readonly<Record<string, unknown>>;

/** What is called around one page. */
export interface HookDefinition {
  readonly before?: HookFunction | readonly HookFunction[] | undefined;
  readonly after?: HookFunction | readonly HookFunction[] | undefined;
}

export type HookType = keyof HookDefinition;

/** By the name of the page: `identify`, `challenge-authenticator` … */
export type HooksOptions = Readonly<Record<string, HookDefinition>>;

/** A language tag such as `de` or `pt-BR`. */
export type LanguageCode = string;
export type LanguageCallback = (supportedLanguages: LanguageCode[], userLanguages: string[]) => LanguageCode;

export type LinkTarget = '_blank' | '_self' | '_parent' | '_top';

export interface Link {
  readonly text: string;
  readonly href: string;
  readonly target?: LinkTarget | undefined;
}

interface HelpLinks {
  readonly help?: string | undefined;
  readonly forgotPassword?: string | undefined;
  readonly unlock?: string | undefined;
  readonly factorPage?: Link | undefined;
  readonly gracePeriodRequiredSoon?: Link | undefined;
  readonly custom?: readonly Link[] | undefined;
}

export interface CustomButton {
  readonly click: SimpleCallback;
  readonly title?: string | undefined;
  readonly i18nKey?: string | undefined;
  readonly className?: string | undefined;
  readonly dataAttr?: string | undefined;
}

export type SimpleCallback = () => void;
export type RenderSuccessCallback = (result: RenderResult) => void;
export type RenderErrorCallback = (error: RenderError) => void;

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

/** With the Classic Engine it was an object of its own; here it is the list of fields. */
export type RegistrationSchema = RegistrationElementSchema[];
export type RegistrationSchemaCallback = (schema: RegistrationSchema) => void;
export type RegistrationDataCallback = (postData: RegistrationData) => void;
export type RegistrationPostSubmitCallback = (response: string) => void;
export type RegistrationErrorCallback = (error?: RegistrationError | null) => void;

/** The incumbent's registration callbacks: each calls one of the two functions that it is given, once. */
export interface RegistrationOptions {
  readonly click?: (() => void) | undefined;
  readonly parseSchema?: ((schema: RegistrationSchema, onSuccess: RegistrationSchemaCallback, onFailure: RegistrationErrorCallback) => void) | undefined;
  readonly preSubmit?: ((postData: RegistrationData, onSuccess: RegistrationDataCallback, onFailure: RegistrationErrorCallback) => void) | undefined;
  /** Is told the e-mail address of whoever has registered. */
  readonly postSubmit?: ((response: string, onSuccess: RegistrationPostSubmitCallback, onFailure: RegistrationErrorCallback) => void) | undefined;
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

/**
 * What was shown, in the place in which pages look for the server's answer. The answer itself, its `status` and its `responseText` are
 * not told.
 */
export interface ErrorXHR {
  readonly status?: number;
  readonly responseText?: string;
  readonly responseJSON?: ErrorDetails & Record<string, unknown>;
}

export interface ErrorDetails {
  readonly errorSummary?: string;
  /** What is wrong with which field. */
  readonly errorCauses?: readonly { readonly property?: string; readonly errorSummary: readonly string[] }[];
}

/** What `afterError` tells. */
export interface EventErrorContext {
  readonly name?: string;
  readonly message?: string;
  readonly errorSummary?: string;
  readonly statusCode?: number;
  readonly xhr?: ErrorXHR;
}

/** What `listenTo` listens to. */
export interface Heard {
  on(names: string, handler: (...args: never[]) => void, context?: unknown): unknown;
  off(names: string, handler: (...args: never[]) => void): unknown;
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
  /** Id of another identity provider, to which the server sends the browser on. */
  readonly idp?: string;
  readonly idpScope?: string | readonly string[];
  /** Put into the address as they are. */
  readonly extraParams?: Readonly<Record<string, string>>;
  readonly [parameter: string]: unknown;
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
    revoke(token: Token): Promise<void>;
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
    /** In seconds since the epoch. */
    getExpireTime(token: Token): number;
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
  /** What is about the address; whatever talks to the server is the widget's. */
  readonly idx: {
    isInteractionRequired(hashOrSearch?: string): boolean;
    isInteractionRequiredError(error: Error): boolean;
    handleInteractionCodeRedirect(url: string): Promise<void>;
    isEmailVerifyCallback(search: string): boolean;
    parseEmailVerifyCallback(search: string): { readonly state: string; readonly otp: string };
    isEmailVerifyCallbackError(error: Error): boolean;
    getSavedTransactionMeta(): { readonly state: string; readonly nonce: string; readonly codeVerifier: string } | undefined;
    clearTransactionMeta(): void;
    getFlow(): undefined;
  };
  /** What waits for the answer of `showSignInAndRedirect`. */
  readonly transactionManager: {
    exists(): boolean;
    clear(): void;
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
  /** Forgets the tokens, here only, and what waits for an answer. */
  clearStorage(): void;
  setOriginalUri(uri: string): void;
  getOriginalUri(): string | undefined;
  removeOriginalUri(): void;
  getIssuerOrigin(): string;
  isPKCE(): boolean;
  isAuthorizationCodeFlow(): boolean;
  isInteractionRequired(url?: string): boolean;
}
