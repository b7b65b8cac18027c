/**
 * `latchkey/okta` as a plain script: one global, the class, as the incumbent's script makes it.
 */
import { OktaSignIn } from './okta/widget.js';

(globalThis as { OktaSignIn?: typeof OktaSignIn }).OktaSignIn = OktaSignIn;
