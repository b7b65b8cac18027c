/**
 * Every option of Okta's widget, and what becomes of it here: one table, of which the class `OktaSignIn` makes the options of
 * `createSignIn` and its warnings, `npx latchkey check-okta-config` its report, and a test the one in docs/migrating-from-okta.md.
 *
 * Data only. How a value changes on its way stands in `adapters.ts`, the walk through what somebody gives in `translate.ts`.
 */
import type { AdapterName } from './adapters.js';

/**
 * - `honoured`: does here what it did there
 * - `changed`: works, and differs as the advice says
 * - `ignored`: does nothing; the advice says what to do instead
 * - `refused`: going on without it would not be what was asked for
 */
export type Verdict = 'honoured' | 'changed' | 'ignored' | 'refused';

/** One option, by its path; a row for an object speaks for all that is in it and has no row of its own. */
export interface Row {
  readonly option: string;
  readonly verdict: Verdict;
  /** The path in the options of `createSignIn`. */
  readonly to?: string;
  /** The path in the options of `createTokens`, which is behind `authClient`. */
  readonly toTokens?: string;
  readonly adapter?: AdapterName;
  /** Values with which it does nothing there either, or is as here anyway: nothing needs to be said about them. */
  readonly same?: readonly unknown[];
  /** What differs, and what to do, in Markdown. */
  readonly advice?: string;
}

const honoured = (option: string, to?: string, more: Partial<Row> = {}): Row => ({ option, verdict: 'honoured', ...(to !== undefined && { to }), ...more });
const ignored = (option: string, advice: string, ...same: unknown[]): Row => ({ option, verdict: 'ignored', advice, same });
const changed = (option: string, advice: string, more: Partial<Row> = {}): Row => ({ option, verdict: 'changed', advice, ...more });
const refused = (option: string, advice: string, ...same: unknown[]): Row => ({ option, verdict: 'refused', advice, same });

/** Switches of the Classic Engine. With Identity Engine neither widget reads them: the server's policy decides. */
const classic = (option: string, ...same: unknown[]): Row => ignored(option, 'Of the Classic Engine: with Identity Engine the policy of the org decides. Remove it.', false, ...same);

/** Where and how somebody signs in. */
const CONNECTION: readonly Row[] = [
  honoured('baseUrl', 'issuer', { adapter: 'baseUrl', advice: 'Only where `issuer` is missing, which then is `baseUrl` + `/oauth2/default`.' }),
  honoured('issuer', 'issuer', { adapter: 'issuer', toTokens: 'issuer' }),
  honoured('clientId', 'clientId', { toTokens: 'clientId' }),
  honoured('redirectUri', 'redirectUri', { toTokens: 'redirectUri' }),
  honoured('scopes', 'scopes', { toTokens: 'scopes' }),
  honoured('state', 'state'),
  honoured('nonce', 'nonce'),
  honoured('codeChallenge', 'codeChallenge'),
  honoured('codeChallengeMethod', 'codeChallengeMethod'),
  honoured('flow', 'flow', { adapter: 'flow' }),
  honoured('authClient', undefined, {
    advice: 'An `OktaAuth` that the page has made stays `signIn.authClient` and gets the tokens. Without one, `signIn.authClient` is a small object over `latchkey/tokens`.',
  }),
  ignored('authScheme', 'There is only OAuth 2.0. Remove it.', 'OAUTH2', 'oauth2'),
  ignored('oAuthTimeout', 'Requests give up by themselves. Remove it.'),
  honoured('redirect', undefined, { advice: '`always` sends the interaction code to `redirectUri`, as `showSignInAndRedirect` does.' }),
  refused('useClassicEngine', 'Only Identity Engine is spoken. An org on the Classic Engine has to be upgraded first.', false),
  ignored('useInteractionCodeFlow', 'Is always on. Remove it.', true),
  ignored('apiVersion', 'Nothing has read it there either. Remove it.'),
];

const BOOTSTRAP: readonly Row[] = [
  honoured('stateToken', 'stateToken'),
  honoured('recoveryToken', 'recoveryToken'),
  honoured('otp', 'otp'),
  honoured('username', 'username'),
  ignored('relayState', 'Of the Classic Engine. Remove it.'),
  ignored('overrideExistingStateToken', 'A token that the page gives is always the one that is used. Remove it.', true, false),
  refused('proxyIdxResponse', 'Pages that are made of a given answer are not drawn. Remove it.'),
  ignored('interstitialBeforeLoginRedirect', 'There is no page before the last redirect. Remove it.', 'NONE'),
  ignored('idpDiscovery', 'Of the Classic Engine: routing rules of the org decide. Remove it.'),
  ignored('policyId', 'Of the Classic Engine: the profile enrollment policy of the org decides. Remove it.'),
  ignored('initialPopupPath', 'There are no pop-ups: the browser goes to the provider and comes back. Remove it.'),
];

const LOOKS: readonly Row[] = [
  honoured('el', undefined, { advice: 'Is the argument of `mount`. May be an element, too.' }),
  honoured('logo', 'brand.logo'),
  honoured('logoText', 'brand.logoText'),
  honoured('brandName', 'brand.name'),
  ignored('helpSupportNumber', 'Of the Classic Engine. Name the number in a link of `helpLinks.custom`.'),
  honoured('colors.brand', 'theme.colorAccent'),
  ignored('colors', 'Only `colors.brand` was ever read. Other colours are CSS variables: see styles in the reference.'),
  changed('brandColors.primaryColor', 'Becomes the accent; other shades are not derived from it. See `theme`.', { to: 'theme.colorAccent' }),
  ignored('theme', 'The tokens have other names here: set `theme` of `createSignIn`, or the CSS variables that begin with `--latchkey-`.'),
  ignored('cspNonce', 'Nothing inline is added to the page, so no nonce is needed. Remove it; `npx latchkey csp` prints the policy.'),
  honoured('customButtons', 'customButtons', { adapter: 'customButtons' }),
  ignored('defaultCountryCode', 'The country is that of the browser’s language. Remove it.'),
];

const LANGUAGE: readonly Row[] = [
  honoured('language', 'language', { adapter: 'language', advice: 'Where it is missing, the `lang` of the page counts before the languages of the browser.' }),
  honoured('i18n', 'messages', { adapter: 'texts', advice: 'The most used keys have counterparts; each that has none is named.' }),
  ignored('labels', 'Was replaced by `i18n` long ago.'),
  ignored('country', 'Names of countries are those of the browser.'),
  ignored('assets', 'Languages come with the package: serve its folder, and name it with `assetsUrl` where it is not beside the script.'),
];

const LINKS: readonly Row[] = [
  honoured('helpLinks.help', 'helpLinks.help'),
  honoured('helpLinks.forgotPassword', 'helpLinks.forgotPassword'),
  honoured('helpLinks.unlock', 'helpLinks.unlock'),
  honoured('helpLinks.custom', 'helpLinks.custom', { adapter: 'links' }),
  honoured('helpLinks.factorPage', 'helpLinks.factorPage', { adapter: 'link' }),
  ignored('helpLinks.gracePeriodRequiredSoon', 'There is no link under that heading. Put it among `helpLinks.custom`.'),
  ignored('backToSignInLink', '“Back to sign in” begins the sign-in anew on the same page. Remove it.'),
  ignored('signOutLink', '“Back to sign in” begins the sign-in anew on the same page. Remove it.'),
];

const PEOPLE: readonly Row[] = [
  honoured('idps', 'idps', { adapter: 'idps' }),
  ignored('idpDisplay', 'Other providers are below the form. Remove it.', 'SECONDARY'),
  ignored('piv', 'A smart card is offered where the server offers it. Remove it.'),
  honoured('transformUsername', 'transformUsername'),
  ignored('processCreds', 'Of the Classic Engine. Nobody but the server gets to see a password.'),
  honoured('registration.click', 'registration.click'),
  honoured('registration.parseSchema', 'registration.parseSchema', { adapter: 'continuation' }),
  honoured('registration.preSubmit', 'registration.preSubmit', { adapter: 'continuation' }),
  honoured('registration.postSubmit', 'registration.postSubmit', { adapter: 'continuation' }),
  ignored('consent', 'A page where consent was refused says so by itself. Remove it.'),
  honoured('hooks', 'hooks', { adapter: 'hooks' }),
  honoured('globalSuccessFn'),
  honoured('globalErrorFn'),
  ignored('hcaptcha', 'The vendor’s usual address is used. Remove it.'),
  ignored('recaptcha', 'The vendor’s usual address is used. Remove it.'),
];

const FEATURES: readonly Row[] = [
  ignored('features.rememberMe', 'User names are not kept by the page: browsers fill them in. “Keep me signed in” is `features.showKeepMeSignedIn`. Remove it.', false),
  honoured('features.showKeepMeSignedIn', 'features.rememberMe'),
  honoured('features.showPasswordToggleOnSignInPage', 'features.showPasswordToggle'),
  honoured('features.showIdentifier', 'features.showIdentifier'),
  honoured('features.autoFocus', 'features.autoFocus'),
  honoured('features.hideSignOutLinkInMFA', 'features.hideSignOutLinkInMFA'),
  honoured('features.setPageTitle', 'features.setPageTitle'),
  ignored('features.disableAutocomplete', 'Password managers are not hindered (WCAG 2.2, 1.3.5). Remove it.', false),
  ignored('features.scrollOnError', 'The message gets the focus, and so comes into view. Remove it.', true, false),
  ignored('features.mfaOnlyFlow', 'Which steps there are is up to the server. Remove it.', false),
  ignored('features.skipIdpFactorVerificationBtn', 'A page before the other provider is skipped where it can be. Remove it.', false),
  ignored('features.deviceFingerprinting', 'There are no fingerprints. Remove it.', false),
  ignored('features.sameDeviceOVEnrollmentEnabled', 'Is up to the server. Remove it.', true, false),
  ignored('features.disableConcurrentPolling', 'Polls never overlap. Remove it.', true, false),
  ignored('features.disablePollDuringCancel', 'Polls never overlap. Remove it.', true, false),
  ignored('features.restrictRedirectToForeground', 'Nothing has read it there either. Remove it.', true, false),
  ...['router', 'securityImage', 'autoPush', 'smsRecovery', 'callRecovery', 'webauthn', 'selfServiceUnlock', 'multiOptionalFactorEnroll'].map((name) => classic(`features.${name}`)),
  ...['hideBackToSignInForReset', 'customExpiredPassword', 'registration', 'idpDiscovery', 'passwordlessAuth', 'trackTypingPattern'].map((name) => classic(`features.${name}`)),
  ...['redirectByFormSubmit', 'showPasswordRequirementsAsHtmlList', 'showSessionRevocation', 'prefillUsernameFromIdpDiscovery'].map((name) => classic(`features.${name}`)),
  classic('features.emailRecovery', true),
  classic('features.useDeviceFingerprintForSecurityImage', true),
  ...['rememberMyUsernameOnOIE', 'engFastpassMultipleAccounts', 'consent'].map((name) => ignored(`features.${name}`, 'Nothing has read it there either. Remove it.', true, false)),
];

/** What `authParams` says goes before what the widget's own options say, there and here. */
const AUTH_PARAMS: readonly Row[] = [
  honoured('authParams.issuer', 'issuer', { adapter: 'issuer', toTokens: 'issuer' }),
  honoured('authParams.clientId', 'clientId', { toTokens: 'clientId' }),
  honoured('authParams.redirectUri', 'redirectUri', { toTokens: 'redirectUri' }),
  honoured('authParams.scopes', 'scopes', { toTokens: 'scopes' }),
  honoured('authParams.state', 'state'),
  honoured('authParams.nonce', 'nonce'),
  honoured('authParams.codeChallenge', 'codeChallenge'),
  honoured('authParams.codeChallengeMethod', 'codeChallengeMethod'),
  honoured('authParams.flow', 'flow', { adapter: 'flow' }),
  honoured('authParams.activationToken', 'activationToken'),
  honoured('authParams.recoveryToken', 'recoveryToken'),
  honoured('authParams.maxAge', 'maxAge', { adapter: 'seconds' }),
  honoured('authParams.acrValues', 'acrValues'),
  honoured('authParams.postLogoutRedirectUri', undefined, { toTokens: 'postLogoutRedirectUri' }),
  honoured('authParams.tokenManager.storage', undefined, {
    toTokens: 'storage',
    adapter: 'storage',
    advice: 'The default is `localStorage`, as there; `memory` is safer, where the page is not loaded anew after the sign-in.',
  }),
  honoured('authParams.tokenManager.autoRenew', undefined, { toTokens: 'autoRenew' }),
  changed('authParams.tokenManager.expireEarlySeconds', 'Is how long before their end tokens are renewed; it does not make them end earlier.', { toTokens: 'renewBefore', adapter: 'seconds' }),
  ignored('authParams.tokenManager', 'Tabs share tokens, and ended ones are dropped, by themselves. Remove it.'),
  changed('authParams.dpop', 'Tokens that are bound to a key are held by `createTokens` from the moment that they are there; `state` and `nonce` are its own.', { toTokens: 'dpop', same: [false] }),
  ignored('authParams.dpopOptions', 'Bearer tokens are refused where DPoP is asked for. Remove it.'),
  honoured('authParams.restoreOriginalUri'),
  honoured('authParams.transformAuthState'),
  ...(['authorizeUrl', 'userinfoUrl', 'tokenUrl', 'revokeUrl', 'logoutUrl'] as const).map((name) =>
    changed(`authParams.${name}`, 'Only for what comes after the sign-in; the widget’s own requests follow from the issuer.', {
      toTokens: `endpoints.${{ authorizeUrl: 'authorization', userinfoUrl: 'userinfo', tokenUrl: 'token', revokeUrl: 'revocation', logoutUrl: 'endSession' }[name]}`,
    }),
  ),
  refused('authParams.pkce', 'There is no sign-in without PKCE. Remove it.', true),
  ignored('authParams.responseType', 'Is always `code`. Remove it.', 'code'),
  ignored('authParams.responseMode', 'Is always `query`. Remove it.', 'query'),
  ignored('authParams.display', 'There are no pop-ups. Remove it.', 'page'),
  ignored('authParams.authScheme', 'There is only OAuth 2.0. Remove it.', 'OAUTH2', 'oauth2'),
  ignored('authParams.ignoreSignature', 'Signatures are always checked. Remove it.', false),
  ignored('authParams.ignoreLifetime', 'Lifetimes are always checked. Remove it.', false),
  ignored('authParams.maxClockSkew', 'Time is the server’s; five minutes are allowed for. Remove it.'),
  ignored('authParams.clientSecret', 'A secret in a page is none. Make a new one, and keep it on a server.'),
  ...(['idp', 'idpScope', 'prompt', 'loginHint'] as const).map((name) => ignored(`authParams.${name}`, 'Of the Classic Engine, and of `token.getWithRedirect`, which takes it. Remove it.')),
  ignored('authParams.devMode', 'There is no such mode. Remove it.', false, true),
  ignored('authParams.services', 'Tokens are renewed and shared by themselves. Remove it.'),
  ignored('authParams.setLocation', 'The browser’s own navigation is used. Remove it.'),
  ignored('authParams.idx', 'Is how the incumbent’s SDK talks to the server. Remove it.'),
  ignored('authParams.pollDelay', 'The server says how often to ask. Remove it.'),
  ...(['transactionManager', 'storageManager', 'storageUtil', 'cookies'] as const).map((name) =>
    ignored(`authParams.${name}`, 'What is needed for a reload is in sessionStorage and gone after the sign-in; there are no cookies. Remove it.'),
  ),
  ...(['headers', 'httpRequestClient', 'httpRequestInterceptors', 'transformErrorXHR'] as const).map((name) =>
    ignored(`authParams.${name}`, 'Requests are the browser’s `fetch` and cannot be replaced. For own steps see `hooks`.'),
  ),
];

/** All of them, in the order in which one overrides those before it. */
export const ROWS: readonly Row[] = [...CONNECTION, ...BOOTSTRAP, ...LOOKS, ...LANGUAGE, ...LINKS, ...PEOPLE, ...FEATURES, ...AUTH_PARAMS];

/** What an `OktaAuth` of the page's own is asked for; its other options are its own business. */
export const FROM_AUTH_CLIENT = ['issuer', 'clientId', 'redirectUri', 'scopes', 'state', 'codeChallenge', 'codeChallengeMethod', 'flow', 'recoveryToken', 'activationToken', 'maxAge', 'acrValues'] as const;

/** What is so there if nobody says otherwise, and other here. */
export const DEFAULT_SCOPES: readonly string[] = ['openid', 'email'];
