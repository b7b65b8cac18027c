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
  AuthParams,
  AuthState,
  CustomButton,
  ErrorDetails,
  ErrorXHR,
  EventCallback,
  EventCallbackWithError,
  EventContext,
  EventErrorContext,
  EventName,
  HookDefinition,
  HookFunction,
  HookType,
  HooksOptions,
  IDToken,
  LanguageCallback,
  LanguageCode,
  Link,
  LinkTarget,
  RefreshToken,
  RegistrationData,
  RegistrationDataCallback,
  RegistrationElementSchema,
  RegistrationError,
  RegistrationErrorCallback,
  RegistrationOptions,
  RegistrationPostSubmitCallback,
  RegistrationSchema,
  RegistrationSchemaCallback,
  RenderError,
  RenderErrorCallback,
  RenderOptions,
  RenderResult,
  RenderSuccessCallback,
  SimpleCallback,
  Token,
  Tokens,
  UserOperation,
  WidgetOptions,
} from './okta/types.js';
