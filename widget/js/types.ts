/**
 * Everything that a page can rely on, as types: the options, what comes back, the object between.
 *
 * What the options are checked against at run time is in `options.ts`, and its table must name every member of
 * {@link SignInOptions}: the compiler says so if one is forgotten.
 */
import type { SignInError } from './errors.js';

/** What `createSignIn` takes. The first three are required; an option that is `undefined` counts as not given. */
export interface SignInOptions {
  /**
   * Address of the authorization server, as in its discovery document: `https://id.example.com/oauth2/default`.
   * `https`, or `http` on localhost; no query and no fragment.
   */
  readonly issuer: string;
  /** The client id that the identity server gave to this page. */
  readonly clientId: string;
  /**
   * Address that is registered for this client. May be relative (`/callback`): it is resolved against the page's address
   * when the widget is mounted. `https`, or `http` on localhost.
   */
  readonly redirectUri: string;
  /** Called with the {@link Outcome} when the person is through, the same as the `success` event. Default: nobody. */
  readonly onSuccess?: ((outcome: Outcome) => void) | undefined;
  /** Called with each failure that a developer should know of, the same as the `error` event. Default: nobody. */
  readonly onError?: ((error: SignInError) => void) | undefined;
  /** What is asked for (RFC 6749 section 3.3). Default: `['openid', 'profile', 'email']`. */
  readonly scopes?: readonly string[] | undefined;
  /** Value that comes back with an interaction code (RFC 6749 section 10.12). Default: random, and checked here. */
  readonly state?: string | undefined;
  /** Value that comes back in the ID token (OIDC Core 3.1.2.1). Default: random, and checked here. */
  readonly nonce?: string | undefined;
  /**
   * PKCE challenge of the page's own backend (RFC 7636 section 4.2), 43 characters of base64url. With it the outcome is an
   * `interaction-code` that the backend redeems. Default: the widget makes its own and redeems the code itself.
   */
  readonly codeChallenge?: string | undefined;
  /** How `codeChallenge` was made; goes together with it. Default: none. */
  readonly codeChallengeMethod?: 'S256' | undefined;
  /** Name or address to fill in for the person. Default: the field is empty. */
  readonly username?: string | undefined;
  /** Authentication context classes that are wanted (OIDC Core 3.1.2.1), best first, separated by spaces. Default: none. */
  readonly acrValues?: string | undefined;
  /** How long ago the person may have signed in, in seconds (OIDC Core 3.1.2.1). Default: any time. */
  readonly maxAge?: number | undefined;
  /** Token of an activation mail. Default: none. */
  readonly activationToken?: string | undefined;
  /** Token of a recovery mail. Default: none. */
  readonly recoveryToken?: string | undefined;
  /**
   * Token of a transaction that the server began before it sent this page, for sign-in pages that the server shows itself.
   * The sign-in then ends with a redirect, and the outcome is `redirected`. Default: none.
   */
  readonly stateToken?: string | undefined;
  /** Which way the person enters. Default: `login`. */
  readonly flow?: 'login' | 'signup' | 'resetPassword' | undefined;
  /** Which API of the identity server is spoken. Default, and all there is in this version: `idx`. */
  readonly engine?: 'idx' | undefined;
  /** Whether the form is on this page. Default, and all there is in this version: `embedded`. */
  readonly mode?: 'embedded' | undefined;
  /** Whether the form is fenced off from the page's styles. Default, and all there is in this version: `none`. */
  readonly isolation?: 'none' | undefined;
  /** Language of the texts. Default, and all there is in this version: `en`. */
  readonly language?: 'en' | undefined;
  /** Colours. `auto` follows the operating system. Default: `auto`. */
  readonly colorScheme?: 'light' | 'dark' | 'auto' | undefined;
  /**
   * Folder of `latchkey_bg.wasm`, for pages that cannot serve it beside `latchkey.js`. Relative to the page; from another
   * origin it needs CORS. Default: the folder of the script.
   */
  readonly assetsUrl?: string | undefined;
  /** Aborting it is the same as calling `destroy`. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** What the identity server issued; checked by the widget (OIDC Core 3.1.3.7). Keep it in memory, not in storage. */
export interface Tokens {
  /** Goes into the `Authorization` header of requests to the page's API. */
  readonly accessToken: string;
  /** How the access token is presented: `Bearer`. */
  readonly tokenType: string;
  /** When the access token ends, in seconds since the epoch. */
  readonly expiresAt: number;
  /** What was granted; may be less than what was asked for. */
  readonly scopes: readonly string[];
  /** Who signed in; absent when `openid` was not among the scopes. */
  readonly idToken?: IdToken;
  /** Absent unless `offline_access` was asked for and granted. */
  readonly refreshToken?: string;
}

/** An ID token whose signature, issuer, audience, times and nonce have been checked. */
export interface IdToken {
  /** The token as issued, for a backend that wants to check it too. */
  readonly raw: string;
  /** The token's payload: `sub`, `name`, `email` and so on (OIDC Core 2 and 5.1). */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Where the person ended up.
 *
 * - `signed-in`: the tokens are there and checked
 * - `interaction-code`: the page gave a `codeChallenge`; its backend redeems the code, within about a minute
 * - `redirected`: the browser is leaving for an address that the identity server named
 * - `cancelled`: the page called `destroy`, or aborted the `signal`, before anything else came out
 */
export type Outcome =
  | { readonly status: 'signed-in'; readonly tokens: Tokens }
  | { readonly status: 'interaction-code'; readonly interactionCode: string; readonly state: string }
  | { readonly status: 'redirected' }
  | { readonly status: 'cancelled' };

/** What the person looks at. Nothing in it is about the person. */
export interface ScreenEvent {
  /** The identity server's name for the step: `identify`, `challenge-authenticator`, `terminal`. */
  readonly name: string;
  /** Key of the authenticator that the step is about, such as `okta_password`; absent when there is none. */
  readonly authenticator?: string;
}

/** The events and what their handlers are given. */
export interface SignInEvents {
  /** The first screen that a person can use is drawn; again after a new `mount` or a new start. */
  readonly ready: undefined;
  /** Another screen is drawn. */
  readonly screen: ScreenEvent;
  /** The person is through. Never `cancelled`. */
  readonly success: Outcome;
  /** Something failed that a developer should know of; the person has been told in plain words already. */
  readonly error: SignInError;
  /** The widget has been taken out of the page. */
  readonly unload: undefined;
}

/** One sign-in on one page. Every method can be called at any moment, twice, and while a request is under way. */
export interface SignIn {
  /**
   * Settles once, and never rejects: with the first outcome, or with `cancelled` on `destroy`. Unmounting alone leaves it
   * open, since the widget may be mounted again.
   */
  readonly finished: Promise<Outcome>;
  /**
   * Puts the widget at the end of `target`: an element, or a CSS selector whose first match is taken. Mounted already, it
   * stays, or moves there with all that was typed. After `destroy` it does nothing.
   *
   * @throws SignInError `mount.no_target` when there is no such element (or no document at all);
   *   `options.value` when a relative `redirectUri` does not lead to `https` or localhost
   */
  mount(target: Element | string): void;
  /** Takes the widget out of the page; requests are given up. What the person has reached is kept for the next `mount`. */
  unmount(): void;
  /**
   * Changes the options given and leaves the others; `undefined` brings back a default. A running flow goes on, unless
   * what is asked of the identity server changes with them: then it begins anew.
   *
   * @throws SignInError as `createSignIn` does, and then nothing is changed
   */
  update(options: Partial<SignInOptions>): void;
  /** Unmounts for good, lets go of all handlers, and settles `finished`. */
  destroy(): void;
  /**
   * Calls `handler` on each such event. A handler that throws is reported to the window and harms nothing else.
   *
   * @returns the way to stop listening
   * @throws SignInError `events.unknown` when there is no such event
   */
  on<Name extends keyof SignInEvents>(name: Name, handler: (event: SignInEvents[Name]) => void): () => void;
}
