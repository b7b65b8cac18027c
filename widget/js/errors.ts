/**
 * What goes wrong, for the integrator: one class, told apart by a stable `code`.
 *
 * What each code means, who must act and the way out stand in `error-codes.mjs`, those of the flow (`network.…`, `server.…`)
 * too; texts that people on the page read are in `texts.ts`.
 */
import type { SignInErrorCode } from './error-code.js';

export type { SignInErrorCode };

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
  /** Stable across versions, unlike `message`: compare this. A later version may have more of them. */
  readonly code: SignInErrorCode;
  /** The option that is at fault; absent unless the code begins with `options.`. */
  declare readonly option?: string;
  /** The identity server's id of the request that failed; absent when it gave none. */
  declare readonly requestId?: string;

  constructor(code: SignInErrorCode, message: string, details: SignInErrorDetails = {}) {
    super(message, details);
    this.code = code;
    Object.assign(this, details);
  }
}

/** The widget has failed on its own, without a mistake in how it was called: the page can have itself looked at. */
export const failure = (code: SignInErrorCode, message: string, details?: SignInErrorDetails): SignInError =>
  new SignInError(code, `${message} (diagnose() of latchkey/diagnose finds out more)`, details);
