/**
 * What goes wrong after the sign-in, for the integrator: one class, told apart by a stable `code`.
 *
 * A class of its own, because this entry shares no code with the widget at run time. Messages name options, claims and
 * addresses of endpoints; they never hold a token, a code or a claim's value. What each code means, who must act and the way out
 * stand in `../error-codes.mjs`.
 */
import type { TokensErrorCode } from './error-code.js';

export type { TokensErrorCode };

type FaultOf<Code> = Code extends `id_token.${infer Fault}` ? Fault : never;

/** Which check of OIDC Core 3.1.3.7 and 12.2 was not passed. */
export type IdTokenFault = FaultOf<TokensErrorCode>;

/** What an error carries beside its code and its message; each is absent where it says nothing. */
export interface TokensErrorDetails {
  /** The option that is at fault. */
  readonly option?: string | undefined;
  /** The server's own code (RFC 6749 sections 4.1.2.1 and 5.2, OIDC Core 3.1.2.6). */
  readonly oauthError?: string | undefined;
  /** The server's id of the request that failed, for its logs. */
  readonly requestId?: string | undefined;
  /** What a step-up wants: authentication contexts, separated by spaces. */
  readonly acrValues?: string | undefined;
  /** What a step-up wants: how long ago the person may have signed in, in seconds. */
  readonly maxAge?: number | undefined;
  /** The browser's own error, where one stands behind this one. */
  readonly cause?: unknown;
}

/** An error that the page's developer should know of. */
export class TokensError extends Error {
  override readonly name = 'TokensError';
  /** Stable across versions, unlike `message`: compare this. */
  readonly code: TokensErrorCode;
  /** The option that is at fault; absent unless the code begins with `options.`. */
  declare readonly option?: string;
  /** The server's own code; absent unless the server said no. */
  declare readonly oauthError?: string;
  /** The server's id of the request that failed; absent when it gave none. */
  declare readonly requestId?: string;
  /** Only with `fetch.step_up_required`; pass it on to `signInWithRedirect`. */
  declare readonly acrValues?: string;
  /** Only with `fetch.step_up_required`; pass it on to `signInWithRedirect`. */
  declare readonly maxAge?: number;

  constructor(code: TokensErrorCode, message: string, { cause, ...details }: TokensErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    Object.assign(this, Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)));
  }
}

/** An error as it is told where no caller waits. */
export const told = (error: unknown): TokensError =>
  error instanceof TokensError ? error : new TokensError('network.unreachable', 'the server could not be reached', { cause: error });

export const signedOut = (): TokensError => new TokensError('tokens.signed_out', 'nobody is signed in');
