// The same page with `require`, as the README of Okta's widget has it; for the compilers that customers have. It is compiled and not
// run.

import OktaSignIn = require('latchkey/okta');
import polyfill = require('latchkey/okta/polyfill');

const config: OktaSignIn.WidgetOptions = { issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: '/callback' };
const signIn: OktaSignIn = new OktaSignIn(config);
signIn.on('afterError', (context, error) => console.log(context.formName, error?.errorSummary));
void signIn.showSignInToGetTokens({ el: '#osw-container' }).then((tokens: OktaSignIn.Tokens) => console.log(tokens.idToken?.claims.sub));
console.log(polyfill);
