/**
 * What goes wrong, for the integrator: one class, told apart by a stable `code`.
 *
 * Texts that people on the page read are in `texts.ts`; the codes that the flow itself reports (`network.…`, `server.…`)
 * come from WebAssembly and are documented there.
 */

/**
 * The codes of the errors that this file's side of the border makes. The flow adds codes of its own, so a `switch` over
 * `error.code` needs a `default`.
 *
 * - `options.unknown`: there is no such option; the message names the nearest one
 * - `options.missing`: `issuer`, `clientId` or `redirectUri` is not there
 * - `options.type`, `options.value`: the option is there and is not what it should be
 * - `options.conflict`: two options do not go together
 * - `options.unavailable`: the option, or the value, is planned and not in this version
 * - `events.unknown`: `on` was given a name that is not an event's
 * - `mount.no_target`: the target of `mount` is not in the page
 * - `load.unsupported`: the browser has no WebAssembly
 * - `load.unreachable`: the WebAssembly file could not be fetched
 * - `load.not_found`: the server answered the request for it with an error
 * - `load.blocked`: the page's Content Security Policy forbids to fetch or to compile it
 * - `load.invalid`: what came is not the WebAssembly file of this version
 * - `internal.panic`: the widget has crashed; the person sees a way to start again
 */
export type SignInErrorCode =
  | 'options.unknown'
  | 'options.missing'
  | 'options.type'
  | 'options.value'
  | 'options.conflict'
  | 'options.unavailable'
  | 'events.unknown'
  | 'mount.no_target'
  | 'load.unsupported'
  | 'load.unreachable'
  | 'load.not_found'
  | 'load.blocked'
  | 'load.invalid'
  | 'internal.panic';

/** What an error carries beside its code and its message; each is absent where it says nothing. */
export interface SignInErrorDetails {
  /** The option that is at fault. */
  readonly option?: string;
  /** The identity server's id of the request that failed, for its logs. */
  readonly requestId?: string;
  /** The browser's own error, where one stands behind this one. */
  readonly cause?: unknown;
}

/**
 * An error that the page's developer should know of. Thrown by `createSignIn`, `update`, `mount` and `on` when they are
 * called wrongly; handed to `onError` and the `error` event for all that happens later.
 */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  /** Stable across versions, unlike `message`: compare this. A {@link SignInErrorCode}, or a code of the flow. */
  readonly code: string;
  /** The option that is at fault; absent unless the code begins with `options.`. */
  declare readonly option?: string;
  /** The identity server's id of the request that failed; absent when it gave none. */
  declare readonly requestId?: string;

  constructor(code: SignInErrorCode | (string & {}), message: string, details: SignInErrorDetails = {}) {
    super(message, details);
    this.code = code;
    Object.assign(this, details);
  }
}
