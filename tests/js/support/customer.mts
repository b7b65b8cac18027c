// A customer's code that uses every public type, for the compilers that customers have. It is compiled and not run.

import { createSignIn, SignInError, type IdToken, type Outcome, type ScreenEvent, type SignIn, type SignInElement, type SignInElementAttributes, type SignInEvents, type SignInOptions, type Tokens } from 'latchkey';
import type { Brand, CustomButton, Features, HelpLink, HelpLinks, Hook, HookContext, Hooks, IdentityProvider } from 'latchkey';
import type { Registration, RegistrationData, RegistrationField, ThemeVariable, UsernameOperation } from 'latchkey';
import { createTokens, TokensError, type TokenSession, type TokensOptions } from 'latchkey/tokens';
import 'latchkey/latchkey.css';

const options: SignInOptions = {
  issuer: 'https://id.example.com/oauth2/default',
  clientId: '0oa1',
  redirectUri: '/callback',
  scopes: ['openid', 'profile'] as const,
  colorScheme: 'dark',
  username: undefined,
  signal: new AbortController().signal,
  onSuccess: (outcome) => use(outcome),
  onError: (error) => console.warn(error.code, error.option ?? '', error.requestId ?? ''),
};

const helpLink: HelpLink = { text: 'Status', href: '/status', target: '_blank' };
const hook: Hook = async ({ name, authenticator, signal }: HookContext) => console.log(name, authenticator?.length, signal.aborted);
const customized: SignInOptions = {
  ...options,
  helpLinks: { help: '/help', custom: [helpLink], factorPage: helpLink } satisfies HelpLinks,
  customButtons: [{ title: 'Card', click: () => 'anything' } satisfies CustomButton],
  idps: [{ id: '0oa1', type: 'GOOGLE' } satisfies IdentityProvider] as const,
  registration: {
    parseSchema: (schema: RegistrationField[]) => schema.filter((field) => field.name !== 'userProfile.middleName'),
    preSubmit: async (data: RegistrationData) => ({ ...data, userProfile: { ...data.userProfile, locale: 'en' } }),
    postSubmit: (response) => void response['stateHandle'],
  } satisfies Registration,
  transformUsername: (name, operation: UsernameOperation) => (operation === 'PRIMARY_AUTH' ? name.trim() : name),
  hooks: { before: { identify: hook, '*': [hook, hook] as const } } satisfies Hooks,
  features: { setPageTitle: (heading, brand) => `${heading} ${brand?.length}` } satisfies Features,
  brand: { name: 'Towpath' } satisfies Brand,
  theme: { ['colorAccent' satisfies ThemeVariable]: '#7a1f3d' },
};

const signIn: SignIn = createSignIn(customized);
signIn.mount('#sign-in');
signIn.update({ colorScheme: undefined });
const stop: () => void = signIn.on('screen', ({ name, authenticator }: ScreenEvent) => console.log(name, authenticator?.length));
signIn.on('success', use);
signIn.on('ready', (nothing: SignInEvents['ready']) => nothing);
stop();
use(await signIn.finished);

function use(outcome: Outcome): string | undefined {
  switch (outcome.status) {
    case 'signed-in':
      return who(outcome.tokens);
    case 'interaction-code':
      return outcome.interactionCode + outcome.state;
    case 'redirected':
    case 'cancelled':
      return undefined;
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

function who({ idToken, accessToken, expiresAt }: Tokens): string {
  const token: IdToken | undefined = idToken;
  return String(token?.claims['sub'] ?? accessToken) + expiresAt.toFixed();
}

const element: SignInElement = document.createElement('latchkey-sign-in');
document.querySelector('latchkey-sign-in')?.destroy();
Object.assign(element, options);
element.scopes = ['openid'];
element.username = undefined;
element.onSuccess = (outcome) => use(outcome);
element.update({ colorScheme: 'light' });
element.addEventListener('screen', ({ detail }) => console.log(detail.name, detail.authenticator));
element.addEventListener('error', ({ detail }) => console.log(detail.code satisfies string));
element.addEventListener('focusin', ({ relatedTarget }) => console.log(relatedTarget));
document.body.append(element);
use(await element.finished);
const attributes: SignInElementAttributes = { issuer: 'x', 'client-id': 'x', scopes: 'openid profile', 'max-age': '3600', 'color-scheme': 'dark' };
console.log(attributes);

const tokensOptions: TokensOptions = { issuer: options.issuer, clientId: options.clientId, storage: 'sessionStorage', onError: undefined };
const session: TokenSession = createTokens(tokensOptions);

try {
  // @ts-expect-error there is no such storage
  createTokens({ ...tokensOptions, storage: 'cookie' });
  // @ts-expect-error there is no such option
  createSignIn({ ...options, clientid: 'x' });
  // @ts-expect-error three are required
  createSignIn({ issuer: 'https://id.example.com' });
  // @ts-expect-error it is planned
  createSignIn({ ...options, engine: 'authn' });
  // @ts-expect-error a function cannot be an attribute
  attributes['on-success'] = 'f()';
  // @ts-expect-error there is no such scheme
  element.colorScheme = 'mauve';
  // @ts-expect-error there is no such variable
  createSignIn({ ...options, theme: { colourAccent: 'red' } });
  // @ts-expect-error a link leads somewhere
  createSignIn({ ...options, helpLinks: { custom: [{ text: 'Status' }] } });
  // @ts-expect-error there is no such event
  signIn.on('sucess', () => undefined);
} catch (error) {
  if (error instanceof TokensError) console.log(error.code, session);
  if (error instanceof SignInError) console.log(error.name satisfies 'SignInError', error.code);
}
