/**
 * The options as a type. Made from `options.schema.mjs` by `scripts/build/options.mjs`: change it there.
 */
import type { SignInError } from './errors.js';
import type { Outcome } from './types.js';

/** What `createSignIn` takes. An option that is `undefined` counts as not given. */
export interface SignInOptions {
  /**
   * Address of the authorization server, as in its discovery document. `https`, or `http` on localhost; no query
   * and no fragment.
   */
  readonly issuer: string;
  /** The client id that the identity server gave to this page. */
  readonly clientId: string;
  /**
   * Address that is registered for this client. May be relative (`/callback`): it is resolved against the page's
   * address when the widget is mounted. `https`, or `http` on localhost.
   */
  readonly redirectUri: string;
  /** Called with the `Outcome` when the person is through, the same as the `success` event. Default: nobody. */
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
   * PKCE challenge of the page's own backend (RFC 7636 section 4.2), 43 characters of base64url. With it the
   * outcome is an `interaction-code` that the backend redeems. Goes together with `codeChallengeMethod`. Default:
   * the widget makes its own and redeems the code itself.
   */
  readonly codeChallenge?: string | undefined;
  /** How `codeChallenge` was made; goes together with it. Default: none. */
  readonly codeChallengeMethod?: 'S256' | undefined;
  /** Name or address to fill in for the person. Default: the field is empty. */
  readonly username?: string | undefined;
  /**
   * Authentication context classes that are wanted (OIDC Core 3.1.2.1), best first, separated by spaces. Default:
   * none.
   */
  readonly acrValues?: string | undefined;
  /** How long ago the person may have signed in, in seconds (OIDC Core 3.1.2.1). Default: any time. */
  readonly maxAge?: number | undefined;
  /** Token of an activation mail. Default: none. */
  readonly activationToken?: string | undefined;
  /** Token of a recovery mail. Default: none. */
  readonly recoveryToken?: string | undefined;
  /**
   * Token of a transaction that the server began before it sent this page, for sign-in pages that the server shows
   * itself. The sign-in then ends with a redirect, and the outcome is `redirected`. Default: none.
   */
  readonly stateToken?: string | undefined;
  /** Which way the person enters. Default: `login`. Planned: `unlockAccount`. */
  readonly flow?: 'login' | 'signup' | 'resetPassword' | undefined;
  /** Which API of the identity server is spoken. Default: `idx`. Planned: `authn`, `direct`. */
  readonly engine?: 'idx' | undefined;
  /** Whether the form is on this page. Default: `embedded`. Planned: `redirect`. */
  readonly mode?: 'embedded' | undefined;
  /** Whether the form is fenced off from the page's styles. Default: `none`. Planned: `shadow`. */
  readonly isolation?: 'none' | undefined;
  /** Language of the texts. Default: `en`. Others are planned. */
  readonly language?: 'en' | undefined;
  /** Colours. `auto` follows the operating system. Default: `auto`. */
  readonly colorScheme?: 'light' | 'dark' | 'auto' | undefined;
  /**
   * Folder of the package's files, for pages that cannot serve them beside `latchkey.js`. Relative to the page;
   * from another origin it needs CORS. Default: the folder of the script.
   */
  readonly assetsUrl?: string | undefined;
  /** Aborting it is the same as calling `destroy`. Default: none. */
  readonly signal?: AbortSignal | undefined;
}
