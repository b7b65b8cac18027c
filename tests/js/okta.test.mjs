// `OktaSignIn` where there is no page: what it takes, what it refuses, and what it says about the rest. Whole sign-ins are in
// tests/e2e/okta.spec.ts.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { reactive } from 'vue';
import OktaSignIn from '../../dist/latchkey-okta.js';
import { importTypeScript } from './support/typescript.mjs';

const { continued, withEmail } = await importTypeScript('widget/js/okta/registration.ts');
const { contextOf } = await importTypeScript('widget/js/okta/contexts.ts');
const { shown, held } = await importTypeScript('widget/js/okta/token-shapes.ts');
const { redeemerOf } = await importTypeScript('widget/js/okta/page-auth-client.ts');
const { extraParams } = await importTypeScript('widget/js/okta/redirect-params.ts');
const CONFIG = { issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: 'https://app.example.com/callback' };

let warn;
beforeEach(() => (warn = mock.method(console, 'warn', () => {})));
afterEach(() => mock.restoreAll());
const warnings = () => warn.mock.calls.map(({ arguments: [text] }) => text);

describe('given options of Okta’s widget', () => {
  test('those that are honoured are taken without a word', () => {
    new OktaSignIn({ ...CONFIG, useClassicEngine: false, features: { showIdentifier: true, router: false } });
    assert.deepEqual(warnings(), []);
  });

  test('what has no effect is told once, with what to do', () => {
    for (const _ of [1, 2]) new OktaSignIn({ ...CONFIG, cspNonce: 'abc', 'features.router': true });
    assert.deepEqual(warnings().map((text) => /`([^`]+)`/.exec(text)[1]).sort(), ['cspNonce', 'features.router']);
    assert.match(warnings().join(), /npx latchkey csp/);
  });

  test('a slip is told with the nearest name', () => {
    new OktaSignIn({ ...CONFIG, transfromUsername: (name) => name });
    assert.match(warnings().join(), /transfromUsername.*`transformUsername`/);
  });

  test('what cannot be done without is refused in words', () => {
    assert.throws(() => new OktaSignIn({ ...CONFIG, useClassicEngine: true }), { name: 'CONFIG_ERROR', message: /useClassicEngine.*Identity Engine/ });
    assert.throws(() => new OktaSignIn({ ...CONFIG, authParams: { pkce: false } }), { name: 'CONFIG_ERROR', message: /pkce/ });
    assert.throws(() => new OktaSignIn({ ...CONFIG, flow: 'elsewhere' }), { name: 'CONFIG_ERROR', message: /elsewhere/ });
  });

  test('the methods draw nothing that lacks something', async () => {
    const signIn = new OktaSignIn(CONFIG);
    for (const method of ['showSignIn', 'showSignInToGetTokens', 'showSignInAndRedirect']) {
      await assert.rejects(signIn[method](), { name: 'CONFIG_ERROR', message: '"el" is required' });
    }
    await assert.rejects(new OktaSignIn({ issuer: CONFIG.issuer }).showSignIn({ el: '#a' }), { message: '"clientId" is required' });
  });
});

describe('given events', () => {
  test('handlers come and go, and one that throws stops nobody', () => {
    const error = mock.method(console, 'error', () => {});
    const signIn = new OktaSignIn(CONFIG);
    const seen = [];
    const first = () => seen.push('first');
    signIn.on('ready', () => { throw new Error('of the page'); });
    signIn.on('ready', first);
    signIn.once('ready', () => seen.push('once'));
    for (const _ of [1, 2]) signIn.trigger('ready');
    signIn.off('ready', first);
    signIn.trigger('ready');
    assert.deepEqual(seen, ['first', 'once', 'first']);
    assert.equal(error.mock.callCount(), 3);
    signIn.off();
    signIn.trigger('ready');
    assert.equal(error.mock.callCount(), 3);
  });

  test('several at once, all, and those of other objects', () => {
    const signIn = new OktaSignIn(CONFIG);
    const other = new OktaSignIn(CONFIG);
    const seen = [];
    const each = () => seen.push('each');
    signIn.on('ready afterRender', each);
    signIn.on('all', (name) => seen.push(name));
    signIn.listenTo(other, 'ready', () => seen.push('other'));
    signIn.trigger('ready');
    signIn.trigger('afterRender');
    other.trigger('ready');
    assert.deepEqual(seen, ['each', 'ready', 'each', 'afterRender', 'other']);
    signIn.off(null, each);
    signIn.stopListening();
    signIn.trigger('ready');
    other.trigger('ready');
    assert.deepEqual(seen.slice(5), ['ready']);
    assert.deepEqual(warnings(), []);
  });

  for (const [step, controller] of [
    [{ name: 'identify' }, 'primary-auth'],
    [{ name: 'identify', authenticator: 'okta_password' }, 'primary-auth'],
    [{ name: 'challenge-authenticator', authenticator: 'okta_password' }, 'mfa-verify-password'],
    [{ name: 'challenge-authenticator', authenticator: 'phone_number' }, 'mfa-verify-passcode'],
    [{ name: 'enroll-authenticator', authenticator: 'phone_number', methodType: 'voice' }, 'enroll-call'],
    [{ name: 'enroll-authenticator', authenticator: 'phone_number' }, 'enroll-sms'],
    [{ name: 'resend', authenticator: 'okta_verify' }, 'mfa-verify'],
    [{ name: 'enroll-profile' }, 'registration'],
    [{ name: 'terminal' }, null],
  ]) {
    test(`${Object.values(step).join(' ')} is the page \`${controller}\``, () => {
      const context = contextOf(step);
      assert.equal(context.controller, controller);
      assert.equal(context.formName, step.name);
      assert.equal(context.authenticatorKey, step.authenticator);
    });
  }
});

describe('given registration callbacks', () => {
  test('what goes to `onSuccess` is what comes', async () => {
    assert.deepEqual(await continued((value, onSuccess) => onSuccess([...value, 2]))([1]), [1, 2]);
  });

  test('no reason, a reason, and reasons by field', async () => {
    const refusalFor = (error) => continued((_value, _onSuccess, onFailure) => onFailure(error))({}).catch((refusal) => refusal);
    assert.match((await refusalFor()).message, /could not process your registration/);
    assert.deepEqual(await refusalFor({ errorSummary: 'Custom form level error' }), { message: 'Custom form level error', fields: {} });
    const causes = [{ errorSummary: 'Custom field level error', property: 'userProfile.email' }];
    assert.deepEqual((await refusalFor({ errorSummary: 'API Error', errorCauses: causes })).fields, { 'userProfile.email': 'Custom field level error' });
  });

  test('no reason may be `null`, and a reason may name no field', async () => {
    const refusalFor = (error) => continued((_value, _onSuccess, onFailure) => onFailure(error))({}).catch((refusal) => refusal);
    assert.match((await refusalFor(null)).message, /could not process your registration/);
    assert.deepEqual(await refusalFor({ errorCauses: [{ errorSummary: 'Not one of ours' }] }), { message: 'Not one of ours', fields: {} });
  });

  test('postSubmit is told the address that was sent', async () => {
    const seen = [];
    const { preSubmit, postSubmit, click } = withEmail({
      click: 1,
      preSubmit: async (data) => ({ ...data, userProfile: { email: 'pat@example.com' } }),
      postSubmit: continued((email, onSuccess) => onSuccess(seen.push(email))),
    });
    await preSubmit({ userProfile: { email: 'pat' } });
    await postSubmit({ stateHandle: 'secret' });
    assert.deepEqual([seen, click], [['pat@example.com'], 1]);
  });

  test('what fails later is a refusal, too', { timeout: 5000 }, async () => {
    await assert.rejects(continued(async () => { throw new Error('of the page'); })({}), /of the page/);
  });

  test('what is thrown is a refusal, too', async () => {
    await assert.rejects(continued(() => { throw new Error('of the page'); })({}), /of the page/);
  });
});

describe('given hooks', () => {
  test('a function may stand without a list', () => {
    new OktaSignIn({ ...CONFIG, hooks: { identify: { after: () => {} } } });
  });
});

describe('given an `OktaAuth` of the page', () => {
  /** As much of it as is used, with its own way of keeping a transaction. */
  function pageClient(saved) {
    const calls = [];
    let meta = saved;
    const idx = {
      getSavedTransactionMeta: () => meta,
      createTransactionMeta: async (wanted) => ({ codeVerifier: 'v', codeChallenge: 'c', state: 's', nonce: 'n', ...wanted }),
      saveTransactionMeta: (made) => calls.push(['saved', (meta = made).state]),
      clearTransactionMeta: () => calls.push(['cleared', (meta = undefined)]),
    };
    const token = { exchangeCodeForTokens: async (params) => (calls.push(['exchanged', params]), { tokens: { accessToken: 'at' } }) };
    return { client: { idx, token }, calls };
  }

  test('it makes the challenge, keeps it, and redeems the code', async () => {
    const { client, calls } = pageClient();
    const { challenge, redeem } = await redeemerOf(client, { state: 'mine' });
    assert.deepEqual(challenge, { codeChallenge: 'c', codeChallengeMethod: 'S256', state: 'mine', nonce: 'n' });
    assert.deepEqual(await redeem('code', 'mine'), { accessToken: 'at' });
    assert.deepEqual(calls, [['saved', 'mine'], ['exchanged', { codeVerifier: 'v', interactionCode: 'code' }], ['cleared', undefined]]);
  });

  test('a page that is drawn again goes on with what is saved, unless it wants another', async () => {
    const saved = { codeVerifier: 'old', codeChallenge: 'of old', state: 'before', nonce: 'n' };
    const { client, calls } = pageClient(saved);
    assert.equal((await redeemerOf(client, {})).challenge.codeChallenge, 'of old');
    assert.deepEqual(calls, []);
    assert.equal((await redeemerOf(client, { state: 'other' })).challenge.codeChallenge, 'c');
  });

  test('one that knows nothing of codes has no part in it', async () => {
    assert.equal(await redeemerOf({ token: {} }, {}), undefined);
  });
});

describe('given tokens', () => {
  const ours = {
    accessToken: 'at', tokenType: 'Bearer', expiresAt: 2_000_000_000, scopes: ['openid'], refreshToken: 'rt',
    idToken: { raw: 'header.claims.signature', claims: { sub: 'pat', exp: 1_999_999_999 } },
  };

  test('they have the incumbent’s shape, and come back as they were', () => {
    const theirs = shown(ours, CONFIG);
    assert.equal(theirs.accessToken.userinfoUrl, 'https://id.example.com/oauth2/default/v1/userinfo');
    assert.equal(theirs.idToken.expiresAt, 1_999_999_999);
    assert.equal(theirs.refreshToken.tokenUrl, 'https://id.example.com/oauth2/default/v1/token');
    assert.deepEqual(held(JSON.parse(JSON.stringify(theirs))), ours);
  });
});

describe('given `authClient`', () => {
  test('it knows what the widget was given, and `authParams` beside it', () => {
    const { options } = new OktaSignIn({ ...CONFIG, authParams: { ignoreSignature: true } }).authClient;
    assert.equal(options.clientId, CONFIG.clientId);
    assert.equal(options.ignoreSignature, true);
  });

  test('one of the page stays', () => {
    const authClient = { options: { ...CONFIG } };
    assert.equal(new OktaSignIn({ baseUrl: 'https://id.example.com', authClient }).authClient, authClient);
  });

  test('what is not there says so when it is called', () => {
    const { authClient } = new OktaSignIn(CONFIG);
    assert.throws(() => authClient.token.getWithPopup(), { name: 'CONFIG_ERROR', message: /getWithPopup.*getWithRedirect/ });
    assert.throws(() => authClient.session.exists(), /session\.exists/);
    assert.throws(() => authClient.signInWithCredentials(), /Classic Engine/);
  });

  test('it says what the address says', () => {
    const { idx } = new OktaSignIn(CONFIG).authClient;
    assert.equal(idx.isInteractionRequired('?error=interaction_required&state=s'), true);
    assert.equal(idx.isInteractionRequired('?error=access_denied'), false);
    assert.equal(idx.isEmailVerifyCallback('?state=s&otp=123456'), true);
    assert.deepEqual(idx.parseEmailVerifyCallback('?state=s&otp=123456'), { state: 's', otp: '123456' });
    assert.equal(idx.isInteractionRequiredError(Object.assign(new Error(), { name: 'OAuthError', errorCode: 'interaction_required' })), true);
    assert.throws(() => idx.proceed(), { name: 'CONFIG_ERROR', message: /the widget talks to the server/ });
  });

  test('parameters of `getWithRedirect` go into the address, or are told', () => {
    assert.deepEqual(extraParams({ scopes: ['openid'], idp: '0oaidp', idpScope: ['a', 'b'], extraParams: { x: '1' } }), { x: '1', idp: '0oaidp', idp_scope: 'a b' });
    assert.deepEqual(extraParams({ responseType: 'token' }), {});
    assert.match(warnings().join(), /`responseType` of `token.getWithRedirect` has no effect/);
  });

  test('Vue leaves the widget and its client as they are', () => {
    const signIn = new OktaSignIn(CONFIG);
    for (const object of [signIn, signIn.authClient, signIn.authClient.tokenManager]) assert.equal(reactive({ object }).object, object);
  });

  test('tokens are kept, changed and dropped one by one', async () => {
    const { tokenManager, ...authClient } = new OktaSignIn({ ...CONFIG, authParams: { tokenManager: { storage: 'memory' } } }).authClient;
    const seen = [];
    for (const event of ['added', 'removed']) tokenManager.on(event, (key) => seen.push(`${event} ${key}`));
    assert.deepEqual(await tokenManager.getTokens(), {});
    const expiresAt = Math.floor(Date.now() / 1000) + 3600;
    tokenManager.setTokens(shown({ accessToken: 'at', tokenType: 'Bearer', expiresAt, scopes: ['openid'], idToken: { raw: 'a.b.c', claims: { sub: 'pat', exp: expiresAt } } }, CONFIG));
    assert.equal(tokenManager.getTokensSync().accessToken.accessToken, 'at');
    assert.equal((await tokenManager.get('idToken')).claims.sub, 'pat');
    assert.equal(tokenManager.hasExpired(tokenManager.getSync('accessToken')), false);
    tokenManager.remove('idToken');
    tokenManager.clear();
    assert.deepEqual(tokenManager.getTokensSync(), {});
    assert.deepEqual(seen, ['added accessToken', 'added idToken', 'added accessToken', 'removed idToken', 'removed accessToken']);
    assert.equal(typeof authClient.options, 'object');
  });
});
