/**
 * `latchkey/okta`: for pages that were written for Okta's sign-in widget. The class `OktaSignIn` takes that widget's options and has
 * its methods; it also is the default export, so that a bundler's alias for `@okta/okta-signin-widget` is all that changes.
 *
 * A script of its own, which loads the widget's. Importing it does nothing, so a server can.
 */
import { OktaSignIn } from './okta/widget.js';

export { OktaSignIn };
// The house has no default exports but this: the incumbent's pages import it so.
export default OktaSignIn;
export type {
  AccessToken,
  AuthClient,
  AuthState,
  EventCallback,
  EventCallbackWithError,
  EventContext,
  EventErrorContext,
  EventName,
  HookFunction,
  IDToken,
  RefreshToken,
  RegistrationData,
  RegistrationElementSchema,
  RegistrationError,
  RegistrationOptions,
  RenderError,
  RenderOptions,
  RenderResult,
  Token,
  Tokens,
  UserOperation,
  WidgetOptions,
} from './okta/types.js';
