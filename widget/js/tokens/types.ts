/**
 * Everything that a page can rely on after the sign-in, as types: the options of `createTokens`, the session it gives, and
 * its events.
 *
 * What the options are checked against at run time is in `options.ts`.
 */
import type { Outcome, Tokens } from '../types.js';
import type { TokensError } from './errors.js';

/** What `createTokens` takes. The first two are required; an option that is `undefined` counts as not given. */
export interface TokensOptions {
  /**
   * Address of the authorization server, as for `createSignIn`: `https`, or `http` on localhost; no query, no fragment, and
   * letter by letter what tokens carry as `iss`.
   */
  readonly issuer: string;
  /** The client id that the identity server gave to this page. */
  readonly clientId: string;
  /**
   * Address that is registered for this client; `signInWithRedirect` and `handleCallback` need it. May be relative
   * (`/callback`). Default: none, for pages that use the widget only.
   */
  readonly redirectUri?: string | undefined;
  /** What `signInWithRedirect` asks for. Default: `['openid', 'profile', 'email']`; `offline_access` makes renewal possible. */
  readonly scopes?: readonly string[] | undefined;
  /**
   * Where tokens are kept. `memory` survives no reload, unless another tab is open, and no script finds it later;
   * `sessionStorage` lasts as long as the tab, `localStorage` longer, and any script of the page can read both.
   * Default: `memory`.
   */
  readonly storage?: 'memory' | 'sessionStorage' | 'localStorage' | TokenStorage | undefined;
  /**
   * Whether tabs of this origin with the same issuer and client have the same tokens: a new tab is signed in, one renews for
   * all. Signing out reaches all of them in any case but `separate`. With that a tab that the browser duplicates begins with the
   * tokens of the other, and whichever is renewed first signs the other out. Default: `shared`.
   */
  readonly tabs?: 'shared' | 'separate' | undefined;
  /** Origins that `fetch` may send the access token to, such as `https://api.example.com`. Default: none. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Whether tokens are renewed before they end, where there is a refresh token. Default: `true`. */
  readonly autoRenew?: boolean | undefined;
  /** How long before their end, in seconds; half their lifetime at most. Default: 60. */
  readonly renewBefore?: number | undefined;
  /**
   * Binds tokens to a key of this browser that no script can read (RFC 9449, ES256 in IndexedDB). A server that answers with
   * bearer tokens is refused. Default: `false`.
   */
  readonly dpop?: boolean | undefined;
  /**
   * Where the server's endpoints are. `derived`: below the issuer, at `/v1/…`, without a request; `discovered`: as the
   * issuer's `/.well-known/openid-configuration` says; or some of them by hand, the others derived. Default: `derived`.
   */
  readonly endpoints?: 'derived' | 'discovered' | Partial<Endpoints> | undefined;
  /**
   * Which pages `guard` asks a sign-in for: `all`, `none`, some paths (`/account`, or with all below it: `/account/*`), or
   * what a function says. Default: `all`.
   */
  readonly requireSignIn?: 'all' | 'none' | readonly string[] | ((url: URL) => boolean) | undefined;
  /**
   * Signs the person in on this page, for `guard`: shows the widget and gives its `finished`, with tokens or, where it was given
   * `widgetOptions`, with a code. Default: `signInWithRedirect`.
   */
  readonly signIn?: ((page: URL) => Promise<Outcome>) | undefined;
  /** Where the browser goes after `signOut`; has to be registered. May be relative. Default: the server's own page. */
  readonly postLogoutRedirectUri?: string | undefined;
  /**
   * How often this tab may be sent to the server within how many seconds; once more is the error `redirect.loop`.
   * Default: `{ redirects: 5, seconds: 30 }`.
   */
  readonly redirectLimit?: { readonly redirects: number; readonly seconds: number } | undefined;
  /** Called with each failure that a developer should know of, the same as the `error` event. Default: nobody. */
  readonly onError?: ((error: TokensError) => void) | undefined;
}

/** A place to keep tokens in, of the page's own making. May answer at once or later; what it throws is reported. */
export interface TokenStorage {
  /** The text under this name, or `null`. */
  get(name: string): string | null | Promise<string | null>;
  /** Keeps it. */
  set(name: string, text: string): void | Promise<void>;
  /** Forgets it. */
  remove(name: string): void | Promise<void>;
}

/** Addresses of the authorization server's endpoints. */
export interface Endpoints {
  /** RFC 6749 section 3.1. */
  readonly authorization: string;
  /** RFC 6749 section 3.2. */
  readonly token: string;
  /** OIDC Core 5.3. */
  readonly userinfo: string;
  /** RFC 7009. */
  readonly revocation: string;
  /** RFC 7517 section 5. */
  readonly keys: string;
  /** OpenID Connect RP-Initiated Logout 1.0. */
  readonly endSession: string;
}

/** What `widgetOptions` takes. */
export interface WidgetOptions {
  /** Instead of the option `scopes` of `createTokens`. */
  readonly scopes?: readonly string[] | undefined;
  /** Authentication contexts that are wanted, separated by spaces; checked in the ID token. Default: none. */
  readonly acrValues?: string | undefined;
  /** How long ago the person may have signed in, in seconds; checked in the ID token. Default: any time. */
  readonly maxAge?: number | undefined;
}

/** What `signInWithRedirect` takes. */
export interface RedirectOptions extends WidgetOptions {
  /** The place to come back to, on this origin; may be relative. Default: where the page is now. */
  readonly originalUri?: string | undefined;
  /** Name or address to fill in for the person. Default: none. */
  readonly loginHint?: string | undefined;
  /** `none` comes back with `callback.refused` unless the person is signed in at the server. Default: as the server sees fit. */
  readonly prompt?: 'none' | 'login' | 'consent' | 'select_account' | undefined;
}

/** Options of `createSignIn`, for a sign-in whose code `redeem` takes. */
export interface WidgetSignIn extends WidgetOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly codeChallengeMethod: 'S256';
}

/** What `handleCallback` takes. */
export interface CallbackOptions {
  /** The address to read. Default: the page's. */
  readonly url?: string | undefined;
  /**
   * What becomes of the address once the person is signed in. `history` puts the original place into it without leaving the
   * page, for a router to draw; `navigate` loads that place, which tokens in memory do not survive; `none` only takes out
   * the server's answer. Default: `history`.
   */
  readonly restore?: 'history' | 'navigate' | 'none' | undefined;
}

/** What `handleCallback` found: the tokens are there and checked, or the address was no answer of the server at all. */
export type CallbackResult =
  | { readonly status: 'signed-in'; readonly tokens: Tokens; readonly originalUri: string }
  | { readonly status: 'none' };

/** What `signOut` takes. */
export interface SignOutOptions {
  /**
   * Whether it ends here: tokens are dropped and revoked, and the browser stays on the page, with its session at the server.
   * Default: `false`, which goes to the server's logout (OpenID Connect RP-Initiated Logout 1.0).
   */
  readonly local?: boolean | undefined;
  /** Instead of the option `postLogoutRedirectUri` of `createTokens`. */
  readonly postLogoutRedirectUri?: string | undefined;
  /** Comes back as a parameter of `postLogoutRedirectUri`. Default: none. */
  readonly state?: string | undefined;
}

/** Whether somebody is signed in, and why that has just been decided. Nothing in it is about the person. */
export interface ChangeEvent {
  readonly isSignedIn: boolean;
  /**
   * `signed-in` here; `restored` from storage; `shared` by another tab; `renewed` here; `signed-out` in this tab or another;
   * `expired`: they ended, or the server does not renew them.
   */
  readonly reason: 'signed-in' | 'restored' | 'shared' | 'renewed' | 'signed-out' | 'expired';
}

/** The events and what their handlers are given. */
export interface TokenEvents {
  /** Tokens came, changed or went. */
  readonly change: ChangeEvent;
  /** This device's clock is wrong by this many seconds: more than 0 when it is ahead. All goes on, by the server's clock. */
  readonly clockSkew: { readonly seconds: number };
  /** An API wants a stronger or fresher sign-in (RFC 9470): `signInWithRedirect` takes exactly this. */
  readonly stepUp: { readonly acrValues?: string; readonly maxAge?: number };
  /** Something failed in the background, or by another's fault. What a caller is told by a rejection is not here too. */
  readonly error: TokensError;
}

/** Who is signed in on this page, and what for. Every method can be called at any moment, and twice. */
export interface TokenSession {
  /** Fulfilled once storage and the other tabs have been asked. Never rejects. */
  readonly ready: Promise<void>;
  /** Whether there are tokens that are good, or can be renewed. `false` until `ready`. */
  readonly isSignedIn: boolean;
  /** The tokens as they are, perhaps ended; absent when nobody is signed in. `expiresAt` is by the server's clock. */
  readonly tokens: Tokens | undefined;
  /**
   * Takes what the widget's `success` gives; it has been checked there. At once, since `expiresAt` counts from then.
   *
   * @throws TokensError `tokens.not_accepted`; `dpop.not_bound` where `dpop` is asked for and they are not bound: see `redeem`
   */
  accept(outcome: Outcome | Tokens): void;
  /**
   * What the widget is given so that it ends with a code for `redeem` instead of tokens of its own: needed for tokens that are
   * bound to this session's key (`dpop`). The same after a reload, so that the widget goes on where it was.
   *
   * @throws TokensError `options.…`, `redirect.no_storage`
   */
  widgetOptions(options?: WidgetOptions): Promise<WidgetSignIn>;
  /**
   * Exchanges the code of a sign-in that was begun with `widgetOptions`, once, and checks the ID token.
   *
   * @throws TokensError `tokens.not_accepted`, `callback.unknown_state`, `id_token.…`, `server.…`, `network.…`, `dpop.not_bound`
   */
  redeem(outcome: Outcome): Promise<Tokens>;
  /**
   * The tokens, renewed if it is time; `undefined` when nobody is signed in.
   *
   * @throws TokensError `network.…`, `server.…`, `id_token.…` when they have ended and could not be renewed just now
   */
  getTokens(): Promise<Tokens | undefined>;
  /**
   * Renews now, once for all tabs and all callers.
   *
   * @throws TokensError `tokens.…`, `network.…`, `server.…`, `id_token.…`
   */
  renew(): Promise<Tokens>;
  /**
   * Sends a request with the access token. A token that the API finds invalid is renewed, once, and the request repeated;
   * so is a request without the nonce that DPoP wants. A redirect is a failure unless `init.redirect` says otherwise, for
   * some browsers would carry the token on to another origin.
   *
   * @throws TokensError `fetch.…`, `tokens.signed_out`, and what `getTokens` does; or as `fetch` itself
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * Asks the server about the person (OIDC Core 5.3).
   *
   * @throws TokensError `userinfo.subject_mismatch`, `server.unreadable`, and what `fetch` does
   */
  userinfo(): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Gives tokens back to the server (RFC 7009). Without the refresh token the others last until they end; revoking it
   * usually ends them all. What is held here stays: see `signOut`.
   *
   * @throws TokensError `tokens.signed_out`, `network.…`, `server.…`
   */
  revoke(which: 'access_token' | 'refresh_token'): Promise<void>;
  /**
   * Drops the tokens in all tabs, revokes them, and sends the browser to the server's logout. What the server could not
   * be told is told by `error`.
   *
   * @throws TokensError `options.…`
   */
  signOut(options?: SignOutOptions): Promise<void>;
  /**
   * Leaves for the server's sign-in page, with PKCE, state and nonce (RFC 7636, OIDC Core 3.1).
   *
   * @throws TokensError `options.…`, `redirect.…`, `network.…` (when endpoints are discovered)
   */
  signInWithRedirect(options?: RedirectOptions): Promise<void>;
  /** Whether the address, the page's by default, is an answer of the server to `signInWithRedirect`. */
  isCallback(url?: string): boolean;
  /**
   * Takes up the server's answer: checks it, exchanges the code, checks the ID token, and cleans the address. Called twice
   * at once it does it once.
   *
   * @throws TokensError `callback.…`, `id_token.…`, `server.…`, `network.…`, `dpop.not_bound`
   */
  handleCallback(options?: CallbackOptions): Promise<CallbackResult>;
  /**
   * Whether this page (the present one by default) may be shown. If not, the browser is on its way to sign in, and back to
   * it afterwards; or with the option `signIn`, the person was asked here and did not sign in. The page of `redirectUri` may
   * always be shown.
   *
   * @throws TokensError what `getTokens` and `signInWithRedirect` do; or as the option `signIn` rejects
   */
  guard(url?: string): Promise<boolean>;
  /**
   * Calls `handler` on each such event. A handler that throws is reported to the window and harms nothing else.
   *
   * @returns the way to stop listening
   * @throws TokensError `events.unknown` when there is no such event
   */
  on<Name extends keyof TokenEvents>(name: Name, handler: (event: TokenEvents[Name]) => void): () => void;
  /** Stops renewing and listening, here only: what is stored and what other tabs hold stays. */
  destroy(): void;
}
