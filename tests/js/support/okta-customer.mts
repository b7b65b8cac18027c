// A page that was written for Okta's widget, in TypeScript, with nothing but its import changed; for the compilers that customers
// have. It is compiled and not run.

import OktaSignIn, {
  type ErrorXHR,
  type EventContext,
  type EventErrorContext,
  type HooksOptions,
  type RegistrationDataCallback,
  type RegistrationErrorCallback,
  type RegistrationSchema,
  type RenderErrorCallback,
  type RenderResult,
  type RenderSuccessCallback,
  type Tokens,
  type WidgetOptions,
} from 'latchkey/okta';
import 'latchkey/latchkey.css';

const hooks: HooksOptions = { identify: { after: [async () => undefined] } };
const parseSchema = (schema: RegistrationSchema, onSuccess: (schema: RegistrationSchema) => void, _onFailure: RegistrationErrorCallback): void => onSuccess(schema);
const config: WidgetOptions = {
  issuer: 'https://id.example.com/oauth2/default',
  clientId: '0oa1',
  redirectUri: 'https://app.example.com/callback',
  colors: { brand: '#008000' },
  features: { rememberMe: true },
  authParams: { scopes: ['openid'], tokenManager: { storage: 'memory' } },
  transformUsername: (username, operation) => (operation === 'PRIMARY_AUTH' ? username : username.toLowerCase()),
  registration: {
    parseSchema: (schema, onSuccess) => {
      schema.push({ name: 'userProfile.address', type: 'text', label: 'Street Address', required: true, 'label-top': true });
      onSuccess(schema);
    },
    preSubmit: (postData, onSuccess, onFailure) => {
      if (postData.userProfile['email']?.endsWith('@example.com')) onSuccess(postData);
      else onFailure({ errorSummary: 'API Error', errorCauses: [{ errorSummary: 'Not one of ours', property: 'userProfile.email' }] });
    },
    postSubmit: (email: string, onSuccess) => onSuccess(email.toLowerCase()),
  },
  hooks,
};
const refine = (data: { userProfile: Record<string, string> }, onSuccess: RegistrationDataCallback): void => onSuccess(data);
const [succeed, fail]: [RenderSuccessCallback, RenderErrorCallback] = [(res) => console.log(res.status), (error) => console.log(error.name)];
console.log(parseSchema, refine);

const signIn = new OktaSignIn(config);
signIn.on('ready', (context: EventContext) => console.log(context.controller, context.formName));
signIn.on('afterError', (context: EventContext, error: EventErrorContext) => console.log(context, error.errorSummary));
signIn.before('identify', async () => undefined);

const result: RenderResult = await signIn.showSignIn({ el: '#osw-container' });
if (result.tokens) await signIn.authClient.handleLoginRedirect(result.tokens);
signIn.remove();
const tokens: Tokens = await signIn.showSignInToGetTokens({ el: '#osw-container', scopes: ['openid', 'email'] });
console.log(tokens.idToken?.claims.sub, tokens.accessToken?.expiresAt.toFixed());
await signIn.renderEl({ el: document.body }, succeed, fail);
signIn.on('afterError', (_context: EventContext, { xhr }: { xhr?: ErrorXHR }) => console.log(xhr?.responseJSON?.errorSummary));
console.log(await signIn.authClient.isAuthenticated(), (await signIn.authClient.tokenManager.getTokens()).accessToken?.tokenType);
// @ts-expect-error there is no such event
signIn.on('afterRendr', () => undefined);
