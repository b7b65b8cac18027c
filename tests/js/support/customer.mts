// A customer's code that uses every public type, for the compilers that customers have. It is compiled and not run.

import { createSignIn, SignInError, type IdToken, type Outcome, type ScreenEvent, type SignIn, type SignInEvents, type SignInOptions, type Tokens } from 'latchkey';
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

const signIn: SignIn = createSignIn(options);
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
  createSignIn({ ...options, isolation: 'shadow' });
  // @ts-expect-error there is no such event
  signIn.on('sucess', () => undefined);
} catch (error) {
  if (error instanceof TokensError) console.log(error.code, session);
  if (error instanceof SignInError) console.log(error.name satisfies 'SignInError', error.code);
}
