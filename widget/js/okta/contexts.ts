/**
 * What handlers of the incumbent's events are told of a page: `controller`, `formName`, `authenticatorKey`, `methodType`.
 */
import type { EventContext } from './types.js';

/** A page, as the widget knows it. */
export interface Step {
  readonly name: string;
  readonly authenticator?: string | undefined;
  readonly methodType?: string | undefined;
}

/** Names of pages of the Classic Engine, under which page scripts know them still; by step and what it is about. */
const CONTROLLERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  identify: { '': 'primary-auth', okta_password: 'primary-auth' },
  'identify-recovery': { '': 'forgot-password' },
  'enroll-profile': { '': 'registration' },
  'challenge-authenticator': {
    ...byAll('mfa-verify-passcode', 'okta_email', 'sms', 'voice'),
    ...byAll('mfa-verify-totp', 'onprem_mfa', 'rsa_token'),
    ...byAll('mfa-verify', 'okta_verify', 'google_otp', 'symantec_vip', 'yubikey_token', 'custom_app'),
    ...{ okta_password: 'mfa-verify-password', security_question: 'mfa-verify-question', webauthn: 'mfa-verify-webauthn', duo: 'mfa-verify-duo' },
  },
  'challenge-poll': byAll('mfa-verify', 'okta_verify', 'custom_app'),
  resend: byAll('mfa-verify', 'okta_verify', 'custom_app'),
  'enroll-authenticator': {
    ...{ okta_email: 'enroll-email', okta_password: 'enroll-password', sms: 'enroll-sms', voice: 'enroll-call', security_question: 'enroll-question' },
    ...{ webauthn: 'enroll-webauthn', onprem_mfa: 'enroll-onprem', rsa_token: 'enroll-rsa', duo: 'enroll-duo' },
    ...{ symantec_vip: 'enroll-symantec', yubikey_token: 'enroll-yubikey' },
  },
  'select-authenticator-enroll': { '': 'enroll-choices' },
  'select-authenticator-authenticate': { okta_password: 'forgot-password' },
  'reenroll-authenticator': { okta_password: 'password-expired' },
  'reenroll-custom-password-expiry': { okta_password: 'custom-password-expired' },
  'reenroll-custom-password-expiry-warning': { okta_password: 'custom-password-expiry-warning' },
  'reset-authenticator': { okta_password: 'forgot-password' },
  'admin-consent': { '': 'admin-consent-required' },
  consent: { '': 'consent-required' },
};

function byAll(controller: string, ...keys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key) => [key, controller]));
}

/** The method where an authenticator has but one, and that of a phone where nothing else is said. */
const METHODS: Readonly<Record<string, string>> = {
  ...{ okta_password: 'password', okta_email: 'email', security_question: 'security_question', webauthn: 'webauthn', google_otp: 'otp' },
  phone_number: 'sms',
};

/** The context of a page. */
export function contextOf({ name, authenticator = '', methodType = METHODS[authenticator] }: Step): EventContext {
  const key = authenticator === 'phone_number' ? (methodType ?? '') : authenticator;
  return {
    controller: CONTROLLERS[name]?.[key] ?? null,
    formName: name,
    ...(authenticator !== '' && { authenticatorKey: authenticator }),
    ...(methodType !== undefined && { methodType }),
  };
}
