// A client that is not ours signs in: @okta/okta-auth-js against the real server, step by step and in its older mode, which
// chains steps as long as it has values. What it accepts, including the signature of the tokens, it has checked itself.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { asked, assertSignedIn, keys, PASSWORD as NEW_PASSWORD } from './okta-auth-js-people.mjs';
import { client, PAT, startServer } from './support.mjs';

describe('given a server that asks for the name first', () => {
  let server;
  before(async () => (server = await startServer('[policy.attempts]\nper_account = 3')));
  after(() => server.stop());

  describe('and a client that goes step by step', () => {
    test('name and password sign in', async () => {
      const auth = client(server.issuer);
      let transaction = await auth.idx.start();
      assert.equal(transaction.status, 'PENDING');
      assert.deepEqual(
        transaction.availableSteps.map(({ name }) => name),
        ['identify', 'select-enroll-profile', 'cancel'],
      );
      assert.deepEqual(transaction.enabledFeatures, ['enroll-profile']);
      transaction = await auth.idx.proceed({ step: 'identify', username: PAT.email });
      assert.equal(transaction.nextStep.name, 'challenge-authenticator');
      assert.equal(asked(transaction).key, 'okta_password');
      transaction = await auth.idx.proceed({ step: 'challenge-authenticator', password: PAT.password });
      await assertSignedIn(auth, transaction, PAT.email);
      assert.equal(transaction.tokens.idToken.claims.name, PAT.name);
    });

    test('a token that was tampered with is not accepted: the check is real', async () => {
      const auth = client(server.issuer);
      const { tokens } = await signIn(auth);
      const [header, payload, signature] = tokens.idToken.idToken.split('.');
      const claims = { ...JSON.parse(Buffer.from(payload, 'base64url')), email: 'eve@example.com' };
      const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
      await assert.rejects(
        auth.token.verify({ ...tokens.idToken, idToken: forged }, { clientId: 'demo-spa', issuer: server.issuer }),
        /signature is not valid/,
      );
    });

    test('a wrong password is told with its key, and the right one goes on', async () => {
      const auth = client(server.issuer);
      await auth.idx.start();
      await auth.idx.proceed({ step: 'identify', username: PAT.email });
      let transaction = await auth.idx.proceed({ step: 'challenge-authenticator', password: 'Wrong-Horse-42' });
      assert.equal(transaction.status, 'PENDING');
      assert.equal(transaction.nextStep.name, 'challenge-authenticator');
      assert.deepEqual(keys(transaction), ['incorrectPassword']);
      transaction = await auth.idx.proceed({ step: 'challenge-authenticator', password: PAT.password });
      await assertSignedIn(auth, transaction, PAT.email);
    });

    test('another authenticator can be chosen, and a code asked for again', async () => {
      const auth = client(server.issuer);
      await auth.idx.start();
      let transaction = await auth.idx.proceed({ step: 'identify', username: PAT.email });
      const select = transaction.availableSteps.find(({ name }) => name === 'select-authenticator-authenticate');
      const { options } = select.inputs.find(({ name }) => name === 'authenticator');
      assert.deepEqual(
        options.map(({ value }) => value),
        ['okta_password', 'okta_email'],
      );
      transaction = await auth.idx.proceed({ step: 'select-authenticator-authenticate', authenticator: 'okta_email' });
      assert.equal(asked(transaction).key, 'okta_email');
      assert.ok(transaction.availableSteps.some(({ name }) => name === 'currentAuthenticatorEnrollment-resend'));
      transaction = await auth.idx.proceed({ actions: ['currentAuthenticatorEnrollment-resend'] });
      assert.equal((await server.codesFor(PAT.email)).length, 2);
      transaction = await auth.idx.proceed({ step: 'challenge-authenticator', verificationCode: await server.codeFor(PAT.email) });
      await assertSignedIn(auth, transaction, PAT.email);
    });

    test('a reload goes on with the saved transaction', async () => {
      const auth = client(server.issuer);
      await auth.idx.start();
      await auth.idx.proceed({ step: 'identify', username: PAT.email });
      // What a page keeps over a reload: the transaction, and not the last answer.
      const { transaction: kept } = auth.options.storageManager;
      const { storageManager: fresh } = client(server.issuer).options;
      const reloaded = client(server.issuer, { storageManager: { ...fresh, transaction: kept } });
      const transaction = await reloaded.idx.proceed({ step: 'challenge-authenticator', password: PAT.password });
      await assertSignedIn(reloaded, transaction, PAT.email);
    });

    test('cancelling ends the transaction', async () => {
      const auth = client(server.issuer);
      await auth.idx.start();
      await auth.idx.proceed({ step: 'identify', username: PAT.email });
      const transaction = await auth.idx.cancel();
      assert.equal(transaction.status, 'CANCELED');
    });

    test('too many wrong passwords are told with their key', async () => {
      const auth = client(server.issuer);
      await auth.idx.start();
      await auth.idx.proceed({ step: 'identify', username: 'locked@example.com' });
      let transaction;
      for (let attempt = 0; attempt < 4; attempt++) {
        transaction = await auth.idx.proceed({ step: 'challenge-authenticator', password: 'Wrong-Horse-42' });
      }
      assert.deepEqual(keys(transaction), ['authfactor.challenge.suspended_factor']);
      assert.equal(transaction.nextStep.name, 'challenge-authenticator');
    });

    test('somebody new registers', async () => {
      const email = 'stepwise@example.com';
      const auth = client(server.issuer);
      await auth.idx.start();
      let transaction = await auth.idx.proceed({ step: 'select-enroll-profile' });
      assert.equal(transaction.nextStep.name, 'enroll-profile');
      assert.deepEqual(
        transaction.nextStep.inputs.find(({ name }) => name === 'userProfile').value.map(({ name }) => name),
        ['firstName', 'lastName', 'email'],
      );
      transaction = await auth.idx.proceed({ step: 'enroll-profile', userProfile: { firstName: 'Robin', lastName: 'New', email } });
      assert.equal(asked(transaction).key, 'okta_email');
      transaction = await auth.idx.proceed({ step: 'enroll-authenticator', verificationCode: await server.codeFor(email) });
      assert.equal(asked(transaction).key, 'okta_password');
      assert.equal(asked(transaction).settings.complexity.minLength, 10);
      transaction = await auth.idx.proceed({ step: 'enroll-authenticator', password: 'short' });
      assert.deepEqual(keys(transaction), ['password.passwordRequirementsNotMet']);
      transaction = await auth.idx.proceed({ step: 'enroll-authenticator', password: NEW_PASSWORD });
      await assertSignedIn(auth, transaction, email);
    });

    test('a forgotten password is replaced', async () => {
      const email = await register(server, 'forgetful@example.com');
      const auth = client(server.issuer);
      await auth.idx.start();
      await auth.idx.proceed({ step: 'identify', username: email });
      let transaction = await auth.idx.proceed({ actions: ['currentAuthenticatorEnrollment-recover'] });
      assert.equal(asked(transaction).key, 'okta_email');
      transaction = await auth.idx.proceed({ step: 'challenge-authenticator', verificationCode: await server.codeFor(email) });
      assert.equal(transaction.nextStep.name, 'reset-authenticator');
      transaction = await auth.idx.proceed({ step: 'reset-authenticator', credentials: { passcode: 'Third-Staple-99', revokeSessions: true } });
      await assertSignedIn(auth, transaction, email);
    });

    test('its token manager renews tokens one by one and all at once', async () => {
      const auth = client(server.issuer);
      const { tokens } = await signIn(auth);
      auth.tokenManager.setTokens(tokens);
      for (const kind of ['accessToken', 'idToken']) {
        const renewed = await auth.tokenManager.renew(kind);
        assert.notEqual(renewed[kind], tokens[kind][kind], kind);
      }
      const before = auth.tokenManager.getTokensSync();
      const all = await auth.token.renewTokens();
      assert.notEqual(all.accessToken.accessToken, before.accessToken.accessToken);
      assert.notEqual(all.refreshToken.refreshToken, before.refreshToken.refreshToken, 'a refresh token is good once');
      await auth.token.getUserInfo(all.accessToken, all.idToken);
      assert.equal(await auth.isAuthenticated(), true);
      auth.tokenManager.clear(); // and with them the timers that would warn before they expire
    });

    test('a refresh token that was exchanged already ends them all', async () => {
      const auth = client(server.issuer);
      const { tokens } = await signIn(auth);
      const renewed = await auth.token.renewTokens({ tokens });
      await assert.rejects(auth.token.renewTokens({ tokens }), { errorCode: 'invalid_grant' });
      await assert.rejects(auth.token.renewTokens({ tokens: renewed }), { errorCode: 'invalid_grant' });
    });

    test('tokens are revoked on signing out', async () => {
      const auth = client(server.issuer);
      const { tokens } = await signIn(auth);
      auth.tokenManager.setTokens(tokens);
      await auth.revokeAccessToken();
      assert.equal(auth.tokenManager.getTokensSync().accessToken, undefined);
      await assert.rejects(auth.token.getUserInfo(tokens.accessToken, tokens.idToken), /invalid/);
      await auth.revokeRefreshToken();
      await assert.rejects(auth.token.renewTokens({ tokens }), { errorCode: 'invalid_grant' });
      auth.tokenManager.clear();
    });
  });

  describe('and a client that chains steps', () => {
    const chaining = () => client(server.issuer, { idx: { enableLegacyMode: true } });

    test('one call signs in', async () => {
      const auth = chaining();
      const transaction = await auth.idx.authenticate({ username: PAT.email, password: PAT.password });
      await assertSignedIn(auth, transaction, PAT.email);
    });

    test('a wrong password is told with its key', async () => {
      const auth = chaining();
      let transaction = await auth.idx.authenticate({ username: PAT.email, password: 'Wrong-Horse-42' });
      assert.equal(transaction.status, 'PENDING');
      assert.deepEqual(keys(transaction), ['incorrectPassword']);
      transaction = await auth.idx.proceed({ password: PAT.password });
      await assertSignedIn(auth, transaction, PAT.email);
    });

    test('somebody new registers', async () => {
      const email = 'chained@example.com';
      const auth = chaining();
      let transaction = await auth.idx.register({ firstName: 'Robin', lastName: 'New', email });
      assert.equal(asked(transaction).key, 'okta_email');
      transaction = await auth.idx.proceed({ verificationCode: await server.codeFor(email) });
      assert.equal(asked(transaction).key, 'okta_password');
      transaction = await auth.idx.proceed({ password: NEW_PASSWORD });
      await assertSignedIn(auth, transaction, email);
    });

    test('a forgotten password is replaced', async () => {
      const email = await register(server, 'absent-minded@example.com');
      const auth = chaining();
      let transaction = await auth.idx.recoverPassword({ username: email });
      assert.equal(transaction.nextStep.name, 'challenge-authenticator');
      assert.equal(asked(transaction).key, 'okta_email');
      transaction = await auth.idx.proceed({ verificationCode: await server.codeFor(email) });
      assert.equal(transaction.nextStep.name, 'reset-authenticator');
      transaction = await auth.idx.proceed({ password: 'Third-Staple-99' });
      await assertSignedIn(auth, transaction, email);
    });
  });
});

describe('given a server that asks for name and password at once', () => {
  let server;
  before(async () => (server = await startServer('[policy]\nidentifier_first = false')));
  after(() => server.stop());

  for (const [mode, options] of Object.entries({ 'step by step': {}, 'chaining': { idx: { enableLegacyMode: true } } })) {
    describe(`and a client that is ${mode}`, () => {
      test('both together sign in', async () => {
        const auth = client(server.issuer, options);
        const { nextStep } = await auth.idx.start();
        assert.ok(nextStep === undefined || nextStep.name === 'identify');
        const transaction = await auth.idx.proceed({ step: 'identify', username: PAT.email, password: PAT.password });
        await assertSignedIn(auth, transaction, PAT.email);
      });

      test('a wrong pair is told with its key', async () => {
        const auth = client(server.issuer, options);
        await auth.idx.start();
        const transaction = await auth.idx.proceed({ step: 'identify', username: PAT.email, password: 'Wrong-Horse-42' });
        assert.equal(transaction.nextStep.name, 'identify');
        assert.deepEqual(keys(transaction), ['errors.E0000004']);
      });
    });
  }

  test('a forgotten password begins with the name', async () => {
    const auth = client(server.issuer, { idx: { enableLegacyMode: true } });
    let transaction = await auth.idx.recoverPassword();
    assert.equal(transaction.nextStep.name, 'identify-recovery');
    transaction = await auth.idx.proceed({ username: PAT.email });
    assert.equal(asked(transaction).key, 'okta_email');
    transaction = await auth.idx.proceed({ verificationCode: await server.codeFor(PAT.email) });
    transaction = await auth.idx.proceed({ password: NEW_PASSWORD });
    await assertSignedIn(auth, transaction, PAT.email);
  });
});

describe('given a transaction that has run out', () => {
  let server;
  before(async () => (server = await startServer('[policy.lifetimes]\ntransaction = "1ms"')));
  after(() => server.stop());

  test('the client reads the documented message', async () => {
    const transaction = await client(server.issuer).idx.start();
    assert.equal(transaction.status, 'TERMINAL');
    assert.deepEqual(keys(transaction), ['idx.session.expired']);
  });
});

describe('given a client that the server does not know', () => {
  let server;
  before(async () => (server = await startServer()));
  after(() => server.stop());

  test('beginning fails with the OAuth error', async () => {
    const stranger = client(server.issuer, { clientId: 'nobody' });
    await assert.rejects(stranger.idx.start(), ({ errorSummary, xhr }) => {
      assert.match(`${errorSummary} ${JSON.stringify(xhr?.responseJSON)}`, /client_id/);
      return true;
    });
  });
});

/** Signs Pat in. */
async function signIn(auth) {
  await auth.idx.start();
  await auth.idx.proceed({ step: 'identify', username: PAT.email });
  return auth.idx.proceed({ step: 'challenge-authenticator', password: PAT.password });
}

/** Registers somebody and says the address, so that a test has a person of its own. */
async function register({ issuer, codeFor }, email) {
  const auth = client(issuer);
  await auth.idx.start();
  await auth.idx.proceed({ step: 'select-enroll-profile' });
  await auth.idx.proceed({ step: 'enroll-profile', userProfile: { firstName: 'Robin', lastName: 'New', email } });
  await auth.idx.proceed({ step: 'enroll-authenticator', verificationCode: await codeFor(email) });
  const { status } = await auth.idx.proceed({ step: 'enroll-authenticator', password: NEW_PASSWORD });
  assert.equal(status, 'SUCCESS');
  return email;
}
