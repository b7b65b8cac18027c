/**
 * Everything that a page can rely on, as types: what comes back, and the object between.
 *
 * The options are in `sign-in-options.ts`, which is made from `options.schema.mjs`.
 */
import type { SignInError } from './errors.js';
import type { SignInOptions } from './sign-in-options.js';

export type { SignInOptions };

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
  /** `voice` where a phone is called; absent otherwise. */
  readonly methodType?: string;
}

/** What a hook is told. */
export interface HookContext extends ScreenEvent {
  /** Aborted when the widget is taken out of the page. */
  readonly signal: AbortSignal;
}

/** A function of the page around a step. A promise is waited for, before the screen of the step is drawn. */
export type Hook = (context: HookContext) => unknown;

/** What a user name is typed for. */
export type UsernameOperation = 'PRIMARY_AUTH' | 'FORGOT_PASSWORD' | 'UNLOCK_ACCOUNT';

/** One field of the registration form, as the identity server describes it (Ion); members that are not named here stay. */
export interface RegistrationField {
  /** The dotted path that its input is called by: `userProfile.email`. */
  name: string;
  /** What stands above it. */
  label?: string;
  /** `string` or `boolean`. */
  type?: string;
  required?: boolean;
  /** What it holds to begin with. */
  value?: unknown;
  minLength?: number;
  maxLength?: number;
  /** It is not to be read while it is typed. */
  secret?: boolean;
  /** What there is to choose from. */
  options?: readonly { readonly label: string; readonly value: unknown }[];
  [member: string]: unknown;
}

/** What is typed into the registration form, nested as the fields are called: `{ userProfile: { email } }`. */
export interface RegistrationData {
  userProfile?: Record<string, unknown>;
  [member: string]: unknown;
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
   * Settles once, and never rejects: with the first outcome, once `onSuccess` and the `success` event have been told, or with
   * `cancelled` on `destroy` and when `signal` is aborted. Until then it is open: unmounting leaves it so, since the widget may be
   * mounted again, and so do a file that cannot be loaded and a crash, since the person may try again.
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
