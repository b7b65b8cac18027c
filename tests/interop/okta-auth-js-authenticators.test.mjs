// @okta/okta-auth-js through every authenticator of the server, set up and proven, in both of its modes; against the
// configuration in everything.toml.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { OktaAuth } from '@okta/okta-auth-js';
import { asked, assertSignedIn, choices, followLink, keys, MODES, PASSWORD } from './okta-auth-js-people.mjs';
import { SoftwareAuthenticator } from './software-authenticator.mjs';
import { EVERYTHING, startServer, totp } from './support.mjs';

const { webauthn } = OktaAuth;
const SITE = 'http://localhost:4400';
const ALL = ['webauthn', 'okta_verify', 'google_otp', 'phone_number', 'security_question'];
const now = () => Math.floor(Date.now() / 1000);

for (const [mode, Person] of Object.entries(MODES)) {
  describe(`given a server with everything, and a client that is ${mode}`, () => {
    let server;
    let people = 0;
    before(async () => (server = await startServer(EVERYTHING)));
    after(() => server.stop());

    /** Somebody who has just registered, at the choice of what to set up. */
    async function newcomer() {
      const person = new Person(server, `person-${people++}@example.com`);
      await person.register();
      assert.equal(person.now.nextStep.name, 'select-authenticator-enroll', JSON.stringify(person.now.messages));
      return person;
    }

    /** The same person in another browser, after the password. */
    async function again({ email }) {
      const person = new Person(server, email);
      await person.signIn();
      return person;
    }

    const newestCode = async (recipient) => server.codeFor(recipient);

    /** Makes a passkey on this device, with the client's own calls for it. */
    async function makePasskey(person, device) {
      await person.setUp('webauthn');
      const { contextualData } = asked(person.now);
      const options = webauthn.buildCredentialCreationOptions(contextualData.activationData, person.now.context.authenticatorEnrollments?.value);
      return person.answer(attestation(device.create(options)));
    }

    /** Answers the challenge that is there now with a passkey of this device. */
    async function usePasskey(person, device) {
      const { contextualData } = asked(person.now);
      const options = webauthn.buildCredentialRequestOptions(contextualData.challengeData, person.now.context.authenticatorEnrollments?.value);
      return person.answer(assertion(device.get(options)));
    }

    test('what may be set up is listed, and may be left for later', async () => {
      const person = await newcomer();
      assert.deepEqual(choices(person.now), ALL);
      await person.skip();
      await assertSignedIn(person.auth, person.now, person.email);
    });

    test('codes from an app', async () => {
      const person = await newcomer();
      await person.setUp('google_otp');
      const { sharedSecret, qrcode } = asked(person.now).contextualData;
      assert.match(qrcode.href, /^data:image\/svg/);
      await person.answer({ verificationCode: '000000' });
      assert.deepEqual(keys(person.now), ['authfactor.challenge.soft_token.invalid_passcode']);
      const begun = now();
      await person.answer({ verificationCode: totp(sharedSecret, begun) });
      assert.deepEqual(choices(person.now), ALL.filter((key) => key !== 'google_otp'));
      await person.skip();
      await assertSignedIn(person.auth, person.now, person.email);
      const returning = await again(person);
      assert.equal(asked(returning.now).key, 'google_otp');
      await returning.answer({ verificationCode: totp(sharedSecret, begun) });
      assert.equal(returning.now.status, 'PENDING', 'a code is good once');
      await returning.answer({ verificationCode: totp(sharedSecret, begun + 30) });
      await returning.skip();
      await assertSignedIn(returning.auth, returning.now, person.email);
      assert.deepEqual(returning.now.tokens.idToken.claims.amr, ['pwd', 'otp', 'mfa']);
    });

    for (const [index, methodType] of ['sms', 'voice'].entries()) {
      test(`a phone, by ${methodType}`, async () => {
        const number = `+1555123456${index}`;
        const person = await newcomer();
        await person.setUp('phone_number');
        await person.answer({ methodType, phoneNumber: number });
        assert.equal(person.now.nextStep.name, 'enroll-authenticator', JSON.stringify(person.now.messages));
        await person.answer({ verificationCode: await newestCode(number) });
        await person.skip();
        await assertSignedIn(person.auth, person.now, person.email);
        const returning = await again(person);
        assert.equal(asked(returning.now).key, 'phone_number');
        await returning.answer({ methodType });
        assert.equal(returning.now.nextStep.name, 'challenge-authenticator', JSON.stringify(returning.now.messages));
        await returning.answer({ verificationCode: '000000' });
        assert.deepEqual(keys(returning.now), ['api.authn.error.PASSCODE_INVALID']);
        const sent = (await server.codesFor(number)).length;
        await returning.resend();
        assert.equal((await server.codesFor(number)).length, sent + 1);
        await returning.answer({ verificationCode: await newestCode(number) });
        await returning.skip();
        await assertSignedIn(returning.auth, returning.now, person.email);
        assert.ok(returning.now.tokens.idToken.claims.amr.includes('mfa'));
      });
    }

    const questions = {
      'a security question': { questionKey: 'favorite_toy', answer: 'The Bear' },
      'a security question of one’s own': { questionKey: 'custom', question: 'Which bridge?', answer: 'The Bear' },
    };
    for (const [title, credentials] of Object.entries(questions)) {
      test(title, async () => {
        const person = await newcomer();
        await person.setUp('security_question');
        assert.ok(asked(person.now).contextualData.questionKeys.includes('favorite_toy'));
        await person.answer(mode === 'step by step' ? { credentials } : credentials);
        await person.skip();
        await assertSignedIn(person.auth, person.now, person.email);
        const returning = await again(person);
        assert.equal(asked(returning.now).key, 'security_question');
        const answer = (said) => ({ credentials: { questionKey: credentials.questionKey, answer: said } });
        await returning.answer(answer('A cow'));
        assert.equal(returning.now.status, 'PENDING');
        await returning.answer(answer('the bear'));
        await returning.skip();
        await assertSignedIn(returning.auth, returning.now, person.email);
        assert.deepEqual(returning.now.tokens.idToken.claims.amr, ['pwd', 'kba'], 'both are things one knows');
      });
    }

    /** Somebody whose device takes pushes, after the password. */
    async function pushed() {
      const person = await newcomer();
      await person.setUp('okta_verify');
      assert.equal(person.now.nextStep.name, 'enroll-poll');
      await person.poll();
      assert.equal(person.now.nextStep.name, 'enroll-poll', 'nobody has answered yet');
      await server.answerDevice('approve');
      await person.poll();
      await person.skip();
      await assertSignedIn(person.auth, person.now, person.email);
      const returning = await again(person);
      assert.equal(returning.now.nextStep.name, 'challenge-poll');
      return returning;
    }

    /** Chooses on the device the number that the page shows. */
    async function approve(person) {
      await server.answerDevice(asked(person.now).contextualData.correctAnswer);
      await person.poll();
      await person.skip();
      await assertSignedIn(person.auth, person.now, person.email);
    }

    test('a push, approved by the number that the page shows', async () => approve(await pushed()));

    test('a push that is denied is told, and sent once more where the client can', async () => {
      const person = await pushed();
      await server.answerDevice('deny');
      // The older mode has nothing for a form that only sends again, and gives up.
      if (mode === 'chaining steps') return assert.rejects(person.poll(), /Remediations: \[resend\]/);
      await person.poll();
      assert.deepEqual(keys(person.now), ['api.authn.poll.error.push_rejected']);
      await person.take('resend');
      assert.equal(person.now.nextStep.name, 'challenge-poll', JSON.stringify(person.now.messages));
      await approve(person);
    });

    test('a passkey as the second proof, and not made twice on one device', async () => {
      const device = new SoftwareAuthenticator(SITE);
      const person = await newcomer();
      await makePasskey(person, device);
      await assert.rejects(makePasskey(person, device), { name: 'InvalidStateError' });
      await person.skip();
      await assertSignedIn(person.auth, person.now, person.email);
      const returning = await again(person);
      assert.equal(asked(returning.now).key, 'webauthn');
      await usePasskey(returning, device);
      await returning.skip();
      await assertSignedIn(returning.auth, returning.now, person.email);
    });

    test('a passkey made for another site is refused', async () => {
      const person = await newcomer();
      await makePasskey(person, new SoftwareAuthenticator('http://localhost:6666'));
      assert.equal(person.now.nextStep.name, 'enroll-authenticator');
      assert.equal(keys(person.now).length, 1);
    });

    test('several are set up one after the other, and one of them is chosen', async () => {
      const device = new SoftwareAuthenticator(SITE);
      const person = await newcomer();
      await makePasskey(person, device);
      await person.setUp('security_question');
      const credentials = { questionKey: 'favorite_toy', answer: 'The Bear' };
      await person.answer(mode === 'step by step' ? { credentials } : credentials);
      await person.skip();
      const returning = await again(person);
      assert.equal(returning.now.nextStep.name, 'select-authenticator-authenticate');
      assert.deepEqual(choices(returning.now), ['webauthn', 'security_question']);
      await returning.choose('security_question');
      assert.equal(asked(returning.now).key, 'security_question');
      await returning.choose('webauthn');
      await usePasskey(returning, device);
      await returning.skip();
      await assertSignedIn(returning.auth, returning.now, person.email);
    });

    test('a forgotten password is replaced', async () => {
      const person = await newcomer();
      await person.skip();
      const forgetful = new Person(server, person.email);
      await forgetful.recoverPassword();
      assert.equal(asked(forgetful.now).key, 'okta_email');
      await forgetful.answer({ verificationCode: await newestCode(person.email) });
      assert.equal(forgetful.now.nextStep.name, 'reset-authenticator');
      await forgetful.replacePassword(PASSWORD);
      assert.deepEqual(keys(forgetful.now), ['errors.E0000035'], 'the present password is not a new one');
      await forgetful.replacePassword('Third-Staple-99');
      // The flow of a recovery does not know what comes after it: the step has to be named.
      await forgetful.take('skip');
      await assertSignedIn(forgetful.auth, forgetful.now, person.email);
      const returning = new Person(server, person.email);
      await returning.signIn('Third-Staple-99');
      assert.equal(returning.now.nextStep.name, 'select-authenticator-enroll');
    });

    test('the link in a mail lets the page go on', async () => {
      const person = await newcomer();
      await person.skip();
      const forgetful = new Person(server, person.email);
      await forgetful.recoverPassword();
      await followLink(server, person.email);
      forgetful.now = await forgetful.auth.idx.proceed({ actions: ['currentAuthenticatorEnrollment-poll'] });
      assert.equal(forgetful.now.nextStep.name, 'reset-authenticator');
    });

    test('an account is unlocked, and its password is good again', async () => {
      const person = await newcomer();
      await person.skip();
      const locked = new Person(server, person.email);
      await locked.signIn('Wrong-Horse-42');
      for (let attempt = 1; attempt <= 10; attempt++) await locked.answer({ password: 'Wrong-Horse-42' });
      assert.deepEqual(keys(locked.now), ['authfactor.challenge.suspended_factor']);
      const unlocking = new Person(server, person.email);
      await unlocking.unlockAccount();
      await unlocking.answer({ verificationCode: await newestCode(person.email) });
      assert.equal(unlocking.now.status, 'TERMINAL');
      assert.deepEqual(keys(unlocking.now), ['oie.selfservice.unlock_user.success.message']);
      const returning = await again(person);
      assert.equal(returning.now.nextStep.name, 'select-authenticator-enroll', JSON.stringify(returning.now.messages));
    });

    test('a passkey on the first page takes the place of name and password', async () => {
      const device = new SoftwareAuthenticator(SITE);
      const person = await newcomer();
      await makePasskey(person, device);
      const returning = new Person(server, person.email);
      const first = await returning.auth.idx.start();
      const { challengeData } = first.context.webauthnAutofillUIChallenge.value;
      const credential = device.get(webauthn.buildCredentialRequestOptions(challengeData));
      const userHandle = Buffer.from(credential.response.userHandle).toString('base64');
      const step = 'challenge-webauthn-autofillui-authenticator';
      returning.now = await returning.auth.idx.proceed({ step, credentials: { ...assertion(credential), userHandle } });
      await returning.skip();
      await assertSignedIn(returning.auth, returning.now, person.email);
      assert.ok(returning.now.tokens.idToken.claims.amr.includes('mfa'));
    });
  });
}

/** What the client makes of a new passkey; the id is not a value of the form. */
function attestation(credential) {
  const { id, ...values } = webauthn.getAttestation(credential);
  assert.equal(id, credential.id);
  return values;
}

/** What the client makes of a passkey that was used. */
function assertion(credential) {
  const { id, ...values } = webauthn.getAssertion(credential);
  assert.equal(id, credential.id);
  return values;
}
