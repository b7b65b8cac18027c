// A client that is not ours signs in: @okta/okta-auth-js against the real server, step by step and in its older mode, which
// chains steps as long as it has values. What it accepts, including the signature of the tokens, it has checked itself.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { client, PAT, startServer, submit, totp } from './support.mjs';

const NEW_PASSWORD = 'Battery-Staple-77';

/** The keys of the messages that the client was given. */
const keys = ({ messages = [] }) => messages.map(({ i18n }) => i18n.key);

/** The authenticator that the next step is about: the client describes it differently in its two modes. */
const asked = ({ nextStep }) => nextStep.authenticator ?? nextStep.relatesTo.value;

/** Fails unless this person is signed in with tokens that the client itself finds good. */
async function assertSignedIn(auth, { status, tokens, messages }, email) {
  assert.equal(status, 'SUCCESS', JSON.stringify(messages));
  const { idToken, accessToken, refreshToken } = tokens;
  await auth.token.verify(idToken, { clientId: auth.options.clientId, issuer: auth.options.issuer, accessToken: accessToken.accessToken });
  assert.equal(idToken.claims.email, email);
  assert.ok(refreshToken.refreshToken);
  const userinfo = await auth.token.getUserInfo(accessToken, idToken);
  assert.equal(userinfo.email, email);
}

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

    test('tokens are renewed, and revoked on signing out', async () => {
      const auth = client(server.issuer);
      const { tokens } = await signIn(auth);
      auth.tokenManager.setTokens(tokens);
      const renewed = await auth.token.renewTokens();
      assert.notEqual(renewed.accessToken.accessToken, tokens.accessToken.accessToken);
      auth.tokenManager.setTokens(renewed);
      await auth.revokeAccessToken();
      await assert.rejects(auth.token.getUserInfo(renewed.accessToken, renewed.idToken), /invalid/);
      await auth.revokeRefreshToken(renewed.refreshToken);
      await assert.rejects(auth.token.renewTokens({ tokens: renewed }), { errorCode: 'invalid_grant' });
      auth.tokenManager.clear(); // and with them the timers that would warn before they expire
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

describe('given a server that wants a second proof', () => {
  const policy = `
[policy]
second_factor = "if_enrolled"
email_link = true
unlock = true
[policy.attempts]
per_account = 1
[policy.authenticators]
totp = "optional"
security_question = "optional"
push = "optional"
number_challenge = true`;
  let server;
  before(async () => (server = await startServer(policy)));
  after(() => server.stop());

  /** Somebody who has just registered, as far as the choice of what to set up. */
  async function newcomer(email) {
    const auth = client(server.issuer);
    await auth.idx.start();
    await auth.idx.proceed({ step: 'select-enroll-profile' });
    await auth.idx.proceed({ step: 'enroll-profile', userProfile: { firstName: 'Robin', lastName: 'New', email } });
    await auth.idx.proceed({ step: 'enroll-authenticator', verificationCode: await server.codeFor(email) });
    const transaction = await auth.idx.proceed({ step: 'enroll-authenticator', password: NEW_PASSWORD });
    assert.equal(transaction.nextStep.name, 'select-authenticator-enroll', JSON.stringify(transaction.messages));
    return auth;
  }

  /** The same person once more, after the password. */
  async function again(email) {
    const auth = client(server.issuer);
    await auth.idx.start();
    await auth.idx.proceed({ step: 'identify', username: email });
    return [auth, await auth.idx.proceed({ step: 'challenge-authenticator', password: NEW_PASSWORD })];
  }

  test('codes from an app are set up and asked for', async () => {
    const auth = await newcomer('totp@example.com');
    let transaction = await auth.idx.proceed({ step: 'select-authenticator-enroll', authenticator: 'google_otp' });
    const { sharedSecret, qrcode } = asked(transaction).contextualData;
    assert.match(qrcode.href, /^data:image\/svg/);
    const now = Math.floor(Date.now() / 1000);
    transaction = await auth.idx.proceed({ step: 'enroll-authenticator', verificationCode: totp(sharedSecret, now) });
    assert.equal(transaction.nextStep.name, 'select-authenticator-enroll', JSON.stringify(transaction.messages));
    transaction = await auth.idx.proceed({ step: 'skip' });
    await assertSignedIn(auth, transaction, 'totp@example.com');
    let returning;
    [returning, transaction] = await again('totp@example.com');
    assert.equal(asked(transaction).key, 'google_otp');
    // The code that set it up is used; that of the next step is good already.
    transaction = await returning.idx.proceed({ step: 'challenge-authenticator', verificationCode: totp(sharedSecret, now + 30) });
    transaction = await returning.idx.proceed({ step: 'skip' });
    await assertSignedIn(returning, transaction, 'totp@example.com');
    assert.deepEqual(transaction.tokens.idToken.claims.amr, ['pwd', 'otp', 'mfa']);
  });

  test('a security question is set up and asked', async () => {
    const auth = await newcomer('question@example.com');
    let transaction = await auth.idx.proceed({ step: 'select-authenticator-enroll', authenticator: 'security_question' });
    assert.ok(asked(transaction).contextualData.questionKeys.includes('favorite_toy'));
    transaction = await auth.idx.proceed({
      step: 'enroll-authenticator',
      credentials: { questionKey: 'favorite_toy', answer: 'The Bear' },
    });
    assert.equal(transaction.nextStep.name, 'select-authenticator-enroll', JSON.stringify(transaction.messages));
    const [returning, asking] = await again('question@example.com');
    assert.equal(asked(asking).key, 'security_question');
    transaction = await returning.idx.proceed({
      step: 'challenge-authenticator',
      credentials: { questionKey: 'favorite_toy', answer: 'the bear' },
    });
    transaction = await returning.idx.proceed({ step: 'skip' });
    await assertSignedIn(returning, transaction, 'question@example.com');
  });

  test('a push is approved by the number that the page shows, after it was denied once', async () => {
    const auth = await newcomer('push@example.com');
    let transaction = await auth.idx.proceed({ step: 'select-authenticator-enroll', authenticator: 'okta_verify' });
    assert.equal(transaction.nextStep.name, 'enroll-poll');
    await server.answerDevice('approve');
    transaction = await auth.idx.proceed({ step: 'enroll-poll' });
    assert.equal(transaction.nextStep.name, 'select-authenticator-enroll', JSON.stringify(transaction.messages));
    let returning;
    [returning, transaction] = await again('push@example.com');
    assert.equal(transaction.nextStep.name, 'challenge-poll');
    await server.answerDevice('deny');
    transaction = await returning.idx.proceed({ step: 'challenge-poll' });
    assert.deepEqual(keys(transaction), ['api.authn.poll.error.push_rejected']);
    transaction = await returning.idx.proceed({ step: 'resend' });
    assert.equal(transaction.nextStep.name, 'challenge-poll', JSON.stringify(transaction.messages));
    await server.answerDevice(asked(transaction).contextualData.correctAnswer);
    transaction = await returning.idx.proceed({ step: 'challenge-poll' });
    transaction = await returning.idx.proceed({ step: 'skip' });
    await assertSignedIn(returning, transaction, 'push@example.com');
  });

  test('the link in a mail lets the page go on', async () => {
    const auth = client(server.issuer);
    await auth.idx.start();
    await auth.idx.proceed({ step: 'identify', username: PAT.email });
    let transaction = await auth.idx.proceed({ step: 'select-authenticator-authenticate', authenticator: 'okta_email' });
    assert.equal(asked(transaction).contextualData.useEmailMagicLink, true);
    const link = await server.linkFor(PAT.email);
    await submit(`${link.origin}${link.pathname}`, { token: link.searchParams.get('token'), answer: 'yes' });
    transaction = await auth.idx.proceed({ actions: ['currentAuthenticatorEnrollment-poll'] });
    transaction = await auth.idx.proceed({ step: 'skip' });
    await assertSignedIn(auth, transaction, PAT.email);
  });

  test('a locked account is unlocked', async () => {
    const locked = client(server.issuer);
    await locked.idx.start();
    await locked.idx.proceed({ step: 'identify', username: PAT.email });
    await locked.idx.proceed({ step: 'challenge-authenticator', password: 'Wrong-Horse-42' });
    const auth = client(server.issuer);
    await auth.idx.start();
    let transaction = await auth.idx.proceed({ step: 'unlock-account' });
    assert.equal(transaction.nextStep.name, 'select-authenticator-unlock-account');
    transaction = await auth.idx.proceed({
      step: 'select-authenticator-unlock-account',
      identifier: PAT.email,
      authenticator: { id: 'autemail' },
    });
    transaction = await auth.idx.proceed({ step: 'challenge-authenticator', verificationCode: await server.codeFor(PAT.email) });
    assert.equal(transaction.status, 'TERMINAL');
    assert.deepEqual(keys(transaction), ['oie.selfservice.unlock_user.success.message']);
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
