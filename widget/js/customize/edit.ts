/**
 * What plain options make of an answer before the widget draws it: other ways on the first screen, links instead of ways of
 * the widget, parts left out. Pure. Addresses are judged by the widget's core, like those of the server.
 */
import type { HelpLink, SignInOptions } from '../sign-in-options.js';
import { absolute, fieldsOf, formsOf, isObject, stepOf, type Answer, type Form } from './idx.js';

/** Where the page and the identity server are. */
export interface Places {
  /** Links are relative to it. */
  readonly page: string;
  /** Origin of the issuer. */
  readonly issuer: string;
}

/** Paths on the issuer's origin that no request ever leaves for: pressing what leads there calls a function of the page. */
export const OWN = '/.latchkey-page/';

/** What follows in those paths. */
export const [GO_ON, REGISTER, BUTTON] = ['go-on', 'register', 'button'] as const;

/** Changes `answer` as the options want it. */
export function edit(answer: Answer, options: SignInOptions, places: Places): void {
  const { name, authenticator } = stepOf(answer);
  if (name === 'identify' || authenticator === 'okta_password') replaceRecovery(answer, options, places);
  if (name === 'identify') {
    if (options.features?.rememberMe === false) dropField(answer, 'rememberMe');
    addProviders(answer, options, places);
    addButtons(answer, options);
    replaceRegistration(answer, options);
    addHelp(answer, options, places);
  }
  if (/^(challenge|select-authenticator-authenticate|authenticator-verification)/.test(name)) {
    if (options.features?.hideSignOutLinkInMFA) delete answer['cancel'];
    if (options.helpLinks?.factorPage) addForm(answer, customLink('factor-page', options.helpLinks.factorPage, places));
  }
}

const addForm = (answer: Answer, form: Form): unknown => formsOf(answer).push(form);

/** A way that is a link out of the page. */
const link = (name: string, href: string, { page }: Places): Form => ({ name, method: 'GET', href: absolute(href, page) ?? href });

const customLink = (name: string, { text, href, target }: HelpLink, places: Places): Form => ({
  ...link(name, href, places),
  label: text,
  ...(target === '_blank' && { target }),
});

function dropField(answer: Answer, unwanted: string): void {
  const [form] = formsOf(answer);
  if (form) form.value = fieldsOf(form).filter(({ name }) => name !== unwanted);
}

function addProviders(answer: Answer, { idps = [] }: SignInOptions, { issuer }: Places): void {
  const known = new Set(formsOf(answer).map(({ idp }) => isObject(idp) && idp['id']));
  for (const { id, text, type = 'OIDC' } of idps.filter((idp) => !known.has(idp.id))) {
    const href = `${issuer}/sso/idps/${encodeURIComponent(id)}?stateToken=${encodeURIComponent(String(answer['stateHandle']))}`;
    addForm(answer, { name: 'redirect-idp', method: 'GET', href, type, idp: { id, name: NAMES[type] ?? type }, ...(text !== undefined && { label: text }) });
  }
}

/** How the types of providers write themselves. */
const NAMES: Readonly<Record<string, string>> = {
  ADOBE: 'Adobe',
  AMAZON: 'Amazon',
  APPLE: 'Apple',
  DISCORD: 'Discord',
  FACEBOOK: 'Facebook',
  GITHUB: 'GitHub',
  GITLAB: 'GitLab',
  GOOGLE: 'Google',
  LINE: 'LINE',
  LINKEDIN: 'LinkedIn',
  MICROSOFT: 'Microsoft',
  OIDC: 'OpenID Connect',
  ORCID: 'ORCID',
  PAYPAL: 'PayPal',
  PAYPAL_SANDBOX: 'PayPal',
  QUICKBOOKS: 'QuickBooks',
  SALESFORCE: 'Salesforce',
  SAML2: 'SAML',
  SPOTIFY: 'Spotify',
  XERO: 'Xero',
  YAHOO: 'Yahoo',
  YAHOOJP: 'Yahoo! JAPAN',
};

/** What has a type is drawn as a button beside the providers. */
function addButtons(answer: Answer, { customButtons = [] }: SignInOptions): void {
  for (const [index, { title }] of customButtons.entries()) addForm(answer, { ...ownForm(`custom-button-${index}`, `${BUTTON}/${index}`), type: 'custom', label: title });
}

/** A form that asks nothing, and whose request a function of the page answers. */
export const ownForm = (name: string, path: string): Form => ({ name, method: 'POST', href: OWN + path, value: [] });

function replaceRegistration(answer: Answer, { registration }: SignInOptions): void {
  if (registration?.click) replace(answer, ownForm('select-enroll-profile', REGISTER));
}

/** In the place of the form of the same name, or at the end. */
function replace(answer: Answer, form: Form): void {
  const forms = formsOf(answer);
  const place = forms.findIndex(({ name }) => name === form.name);
  forms.splice(place < 0 ? forms.length : place, place < 0 ? 0 : 1, form);
}

function replaceRecovery(answer: Answer, { helpLinks }: SignInOptions, places: Places): void {
  if (helpLinks?.forgotPassword === undefined) return;
  for (const holder of ['currentAuthenticator', 'currentAuthenticatorEnrollment']) {
    const current = answer[holder];
    if (isObject(current) && isObject(current['value'])) delete current['value']['recover'];
  }
  replace(answer, link('recover', helpLinks.forgotPassword, places));
}

function addHelp(answer: Answer, { helpLinks = {} }: SignInOptions, places: Places): void {
  const { unlock, help, custom = [] } = helpLinks;
  if (unlock !== undefined) replace(answer, link('unlock-account', unlock, places));
  if (help !== undefined) addForm(answer, link('help', help, places));
  for (const [index, given] of custom.entries()) addForm(answer, customLink(`custom-link-${index}`, given, places));
}
