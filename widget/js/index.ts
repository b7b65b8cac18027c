/**
 * Latchkey, as a page sees it: one function, one element, and the types of what goes in and comes out.
 *
 * Importing this defines `<latchkey-sign-in>` where there are elements and does nothing else, so a server can import it too.
 */
import { defineElement } from './element.js';
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

defineElement();

export type { SignInElement, SignInElementAttributes } from './element-types.js';
export { SignInError } from './errors.js';
export type { SignInErrorCode, SignInErrorDetails } from './errors.js';
export type { ThemeVariable } from './customize/theme-variables.js';
export type { Brand, CustomButton, Features, HelpLink, HelpLinks, Hooks, IdentityProvider, Registration } from './sign-in-options.js';
export type {
  Hook,
  HookContext,
  IdToken,
  Outcome,
  RegistrationData,
  RegistrationField,
  ScreenEvent,
  SignIn,
  SignInEvents,
  SignInOptions,
  Tokens,
  UsernameOperation,
} from './types.js';
