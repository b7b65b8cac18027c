/**
 * Latchkey, as a page sees it: one function, and the types of what goes in and comes out.
 *
 * Importing this does nothing: no DOM, no network, so a server can import it too.
 */
import { SignInWidget } from './sign-in.js';
import type { SignIn, SignInOptions } from './types.js';

/**
 * A sign-in that is checked and ready to be mounted. Touches neither the page nor the network.
 *
 * @throws SignInError `options.…` on the first option that is unknown, missing, wrong or not there yet
 */
export function createSignIn(options: SignInOptions): SignIn {
  return new SignInWidget(options);
}

export { SignInError } from './errors.js';
export type { SignInErrorCode, SignInErrorDetails } from './errors.js';
export type { IdToken, Outcome, ScreenEvent, SignIn, SignInEvents, SignInOptions, Tokens } from './types.js';
