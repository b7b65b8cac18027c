/**
 * `latchkey/tokens`: what comes after the sign-in, and the sign-in on the server's own page. Keeps tokens, renews them, takes
 * them along to APIs, gives them back.
 *
 * A script of its own: a page that hands its codes to a backend never loads it. Importing it does nothing, so a server can.
 */
import { browser } from './tokens/platform.js';
import { Session } from './tokens/session.js';
import type { TokenSession, TokensOptions } from './tokens/types.js';

/**
 * A session that begins with what storage and other tabs have.
 *
 * @throws TokensError `options.…` on the first option that is unknown, missing or wrong
 */
export function createTokens(options: TokensOptions): TokenSession {
  return new Session(options, browser());
}

export { TokensError } from './tokens/errors.js';
export type { IdTokenFault, TokensErrorCode, TokensErrorDetails } from './tokens/errors.js';
export type {
  CallbackOptions,
  CallbackResult,
  ChangeEvent,
  Endpoints,
  RedirectOptions,
  SignOutOptions,
  TokenEvents,
  TokenSession,
  TokensOptions,
  TokenStorage,
  WidgetOptions,
  WidgetSignIn,
} from './tokens/types.js';
export type { IdToken, Outcome, Tokens } from './types.js';
