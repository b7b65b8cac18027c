// What latchkey-customize.js does to requests and answers on their way, without a page. What the person sees of it is in
// tests/e2e/customize*.spec.ts, against the real server.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importTypeScript } from './support/typescript.mjs';

const { Exchange } = await importTypeScript('widget/js/customize/exchange.ts');

const ISSUER = 'https://id.example.test';

/** A form that is sent below /idp/idx, with the handle that each of them carries. */
const form = (name, path, value = []) => ({
  name,
  method: 'POST',
  href: `${ISSUER}/idp/idx/${path}`,
  value: [...value, { name: 'stateHandle', value: 'sh', visible: false, mutable: false }],
});
const idx = (forms, more = {}) => ({ version: '1.0.0', stateHandle: 'sh', remediation: { type: 'array', value: forms }, ...more });
const cancel = form('cancel', 'cancel');
const IDENTIFY = idx([form('identify', 'identify', [{ name: 'identifier', label: 'Username' }, { name: 'rememberMe', type: 'boolean' }])], { cancel });
const PASSCODE = { name: 'credentials', type: 'object', form: { value: [{ name: 'passcode', secret: true }] } };
const challenge = (key) => idx([form('challenge-authenticator', 'challenge/answer', [PASSCODE])], { cancel, currentAuthenticator: { value: { key, recover: form('recover', 'recover') } } });
const PROFILE = idx([
  form('enroll-profile', 'enroll/new', [
    { name: 'userProfile', required: true, form: { value: [{ name: 'email', label: 'Email', required: true }, { name: 'firstName', label: 'First name' }] } },
    { name: 'context', value: 'c', mutable: false },
    PASSCODE,
  ]),
]);
const SUCCESS = { version: '1.0.0', successWithInteractionCode: { name: 'issue', value: [{ name: 'interaction_code', value: 'ic' }] } };

/** An exchange with a server that gives these answers, one after the other, and what has passed through it. */
function exchange(options, ...answers) {
  const sent = [];
  const reported = [];
  const changing = { options: { issuer: `${ISSUER}/oauth2/default`, clientId: 'x', redirectUri: '/', ...options } };
  const between = new Exchange({
    options: () => changing.options,
    report: (code, message, cause) => reported.push({ code, message, cause }),
    page: 'https://app.example.test/sign-in/',
    async send(request) {
      const body = await request.clone().text();
      sent.push({ url: request.url, body: body && JSON.parse(body), headers: Object.fromEntries(request.headers) });
      const [status, answer] = [answers[0]?.status ?? 200, answers.shift()];
      assert.ok(answer, `nothing is left to answer ${request.url}`);
      return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer.answer ?? answer), { status, headers: { 'X-Okta-Request-Id': 'r-1' } });
    },
  });
  return {
    between,
    sent,
    reported,
    changing,
    /** Sends as the widget does, and gives the answer that the widget reads. */
    async post(path, body = { stateHandle: 'sh' }, signal = new AbortController().signal) {
      const url = path.startsWith('/') ? ISSUER + path : `${ISSUER}/idp/idx/${path}`;
      const init = { method: 'POST', body: JSON.stringify(body), headers: { Accept: 'application/json; okta-version=1.0.0' }, signal };
      const response = await between.fetch(new Request(url, init));
      return { status: response.status, requestId: response.headers.get('X-Okta-Request-Id'), answer: JSON.parse(await response.text()) };
    },
  };
}

const names = ({ answer }) => answer.remediation.value.map(({ name }) => name);
const texts = ({ answer }) => answer.messages?.value.map(({ message }) => message);
/** A promise, and the way to keep it. */
function promised() {
  let keep;
  const promise = new Promise((resolve) => (keep = resolve));
  return { promise, keep };
}

describe('given nothing that concerns an answer', () => {
  test('request and answer pass as they are, with status and headers', async () => {
    const { post, sent } = exchange({ theme: {} }, { status: 403, answer: IDENTIFY });
    const given = await post('introspect', { interactionHandle: 'ih' });
    assert.deepEqual([given.answer, given.status, given.requestId], [IDENTIFY, 403, 'r-1']);
    assert.deepEqual(sent[0].body, { interactionHandle: 'ih' });
    assert.equal(sent[0].headers.accept, 'application/json; okta-version=1.0.0');
  });

  test('what is no IDX answer is not looked into', async () => {
    const { between } = exchange({ hooks: { before: { '*': () => assert.fail('not a step') } } }, '<html>', 'null', '[]', '{"error":"x"}');
    for (const text of ['<html>', 'null', '[]', '{"error":"x"}']) {
      assert.equal(await (await between.fetch(new Request(`${ISSUER}/idp/idx/introspect`, { method: 'POST', body: '{}' }))).text(), text);
    }
  });

  test('answers of any shape pass through every option without harm', async () => {
    const all = {
      idps: [{ id: 'i' }], customButtons: [{ title: 'b', click() {} }], helpLinks: { help: '/h', forgotPassword: '/f', unlock: '/u', custom: [{ text: 't', href: '/c' }], factorPage: { text: 't', href: '/' } },
      registration: { click() {}, parseSchema: (schema) => schema, preSubmit: (data) => data, postSubmit() {} }, transformUsername: (name) => name,
      features: { rememberMe: false, hideSignOutLinkInMFA: true }, hooks: { before: { '*': () => {} } },
    };
    const odd = [null, 7, 'x', [], {}, [null], [7], { value: null }, { value: [null] }, { value: [{}] }, { value: [{ name: 7, href: 7, value: 7 }] }];
    for (const base of [IDENTIFY, challenge('okta_password'), PROFILE]) {
      for (const member of ['remediation', 'messages', 'cancel', 'currentAuthenticator', 'user', 'successWithInteractionCode']) {
        for (const value of odd) {
          const { post } = exchange(all, { ...base, [member]: value }, base);
          await post('introspect');
          await post('identify', { identifier: 'pat' });
        }
      }
    }
  });
});

describe('given transformUsername', () => {
  test('each operation is told apart, and nothing else of the request changes', async () => {
    const calls = [];
    const transformUsername = async (name, operation) => (calls.push(operation), `${name}@example.com`);
    const cases = [
      [IDENTIFY, 'identify', 'PRIMARY_AUTH'],
      [idx([form('identify-recovery', 'identify')]), 'identify', 'FORGOT_PASSWORD'],
      [idx([form('select-authenticator-unlock-account', 'challenge')]), 'challenge', 'UNLOCK_ACCOUNT'],
      [idx([form('identify', 'identify'), form('unlock-account', 'unlock-account')]), 'unlock-account', 'UNLOCK_ACCOUNT'],
    ];
    for (const [answer, path, operation] of cases) {
      const { post, sent } = exchange({ transformUsername }, answer, SUCCESS);
      await post('introspect');
      await post(path, { identifier: 'pat', authenticator: { id: 'a' }, stateHandle: 'sh' });
      assert.deepEqual(sent[1].body, { identifier: 'pat@example.com', authenticator: { id: 'a' }, stateHandle: 'sh' });
      assert.equal(calls.pop(), operation);
      assert.equal(sent[1].headers.accept, 'application/json; okta-version=1.0.0');
    }
  });

  test('what has no user name is not looked at', async () => {
    const { post, sent } = exchange({ transformUsername: () => assert.fail('there is no name') }, challenge('okta_password'), SUCCESS);
    await post('introspect');
    await post('challenge/answer', { credentials: { passcode: 'x' } });
    assert.deepEqual(sent[1].body, { credentials: { passcode: 'x' } });
  });

  for (const [what, transformUsername] of [['throws', () => { throw new TypeError('undefined is not a function'); }], ['gives no text', () => undefined]]) {
    test(`one that ${what} is reported, nothing is sent, and the person is told in our words`, async () => {
      const { post, sent, reported } = exchange({ transformUsername }, IDENTIFY);
      await post('introspect');
      const given = await post('identify', { identifier: 'pat' });
      assert.equal(sent.length, 1);
      assert.deepEqual([given.status, given.answer.messages.value[0].i18n], [400, { key: 'latchkey.page_failed' }]);
      assert.deepEqual({ ...given.answer, messages: undefined }, { ...IDENTIFY, messages: undefined });
      assert.equal(reported[0].code, 'hooks.failed');
      assert.match(reported[0].message, /`transformUsername` has thrown/);
      assert.ok(reported[0].cause instanceof TypeError);
    });
  }

  test('one that refuses has its words shown, once', async () => {
    let isStrict = true;
    const transformUsername = (name) => {
      if (isStrict) throw { message: 'Staff sign in elsewhere.' };
      return name;
    };
    const { post, reported } = exchange({ transformUsername }, IDENTIFY, IDENTIFY);
    await post('introspect');
    assert.deepEqual(texts(await post('identify', { identifier: 'pat' })), ['Staff sign in elsewhere.']);
    isStrict = false;
    assert.equal(texts(await post('identify', { identifier: 'pat' })), undefined);
    assert.deepEqual(reported, []);
  });
});

describe('given functions of registration', () => {
  test('the schema is a flat list without the constants, and comes back nested', async () => {
    let seen;
    const parseSchema = (schema) => {
      seen = schema.map(({ name }) => name);
      return [schema[2], { ...schema[0], label: 'Work email' }, { name: 'userProfile.city', label: 'City', required: true }, { name: 'newsletter', type: 'boolean' }];
    };
    const { post } = exchange({ registration: { parseSchema } }, PROFILE);
    const { answer } = await post('enroll');
    assert.deepEqual(seen, ['userProfile.email', 'userProfile.firstName', 'credentials.passcode']);
    const [{ value }] = answer.remediation.value;
    assert.deepEqual(value, [
      { name: 'userProfile', required: true, form: { value: [{ name: 'email', label: 'Work email', required: true }, { name: 'city', label: 'City', required: true }] } },
      { name: 'context', value: 'c', mutable: false },
      PASSCODE,
      { name: 'stateHandle', value: 'sh', visible: false, mutable: false },
      { name: 'newsletter', type: 'boolean' },
    ]);
  });

  test('a schema that is none holds the form back, and asking again helps', async () => {
    let schema = [{ label: 'nameless' }];
    const { post, sent, reported } = exchange({ registration: { parseSchema: () => schema } }, PROFILE);
    assert.deepEqual(names(await post('enroll')), ['try-again']);
    assert.match(reported[0].message, /`registration.parseSchema` has thrown/);
    assert.match(reported[0].cause.message, /the schema must be/);
    schema = [{ name: 'userProfile.email' }];
    assert.deepEqual(names(await post('/.latchkey-page/go-on')), ['enroll-profile']);
    assert.equal(sent.length, 1, 'the server was not asked again');
  });

  test('what is sent is what preSubmit gives, and the handle is not its business', async () => {
    const preSubmit = async (data) => {
      assert.deepEqual(data, { userProfile: { email: 'p' } });
      return { ...data, userProfile: { ...data.userProfile, locale: 'en' }, stateHandle: 'forged' };
    };
    const { post, sent } = exchange({ registration: { preSubmit } }, PROFILE, SUCCESS);
    await post('enroll');
    await post('enroll/new', { userProfile: { email: 'p' }, stateHandle: 'sh' });
    assert.deepEqual(sent[1].body, { userProfile: { email: 'p', locale: 'en' }, stateHandle: 'sh' });
  });

  test('a refusal is shown at the fields that it names, and at the top for those that are not there', async () => {
    const preSubmit = () => Promise.reject({ message: 'Not yet.', fields: { 'userProfile.email': 'Use your work email.', 'userProfile.moon': 'No moon.' } });
    const { post, sent } = exchange({ registration: { preSubmit } }, PROFILE);
    await post('enroll');
    const given = await post('enroll/new', { userProfile: {} });
    assert.deepEqual(texts(given), ['Not yet.', 'No moon.']);
    const [email] = given.answer.remediation.value[0].value[0].form.value;
    assert.deepEqual(email.messages.value, [{ message: 'Use your work email.', class: 'ERROR' }]);
    assert.equal(sent.length, 1);
  });

  test('postSubmit sees the answer once the form is taken, and can hold it back', async () => {
    let calls = 0;
    const postSubmit = (response) => {
      assert.deepEqual(response, challenge('okta_email'));
      if (++calls === 1) throw { message: 'Our directory is asleep.' };
    };
    const refused = { ...PROFILE, messages: { value: [{ message: 'Taken', class: 'ERROR' }] } };
    const { post, sent } = exchange({ registration: { postSubmit } }, PROFILE, { status: 400, answer: refused }, challenge('okta_email'));
    await post('enroll');
    await post('enroll/new');
    assert.equal(calls, 0, 'a refusal of the server is not its business');
    const held = await post('enroll/new');
    assert.deepEqual([names(held), texts(held), held.answer.cancel], [['try-again'], ['Our directory is asleep.'], cancel]);
    assert.deepEqual(names(await post('/.latchkey-page/go-on')), ['challenge-authenticator']);
    assert.deepEqual([calls, sent.length], [2, 3]);
  });
});

describe('given hooks', () => {
  test('those of the step and then those of all are called, one after the other, before the answer is there', async () => {
    const log = [];
    const { promise, keep } = promised();
    const before = {
      identify: [async ({ name, authenticator, signal }) => (log.push(name, authenticator, signal.aborted), await promise), () => log.push('second')],
      '*': () => log.push('all'),
    };
    const { post } = exchange({ hooks: { before } }, IDENTIFY);
    const given = post('introspect').then(() => log.push('given'));
    await new Promise(setImmediate);
    assert.deepEqual(log, ['identify', undefined, false]);
    keep();
    await given;
    assert.deepEqual(log.slice(3), ['second', 'all', 'given']);
  });

  test('the same step again is not another step; another authenticator is', async () => {
    const log = [];
    const before = { '*': ({ name, authenticator }) => log.push([name, authenticator].join()) };
    const { post } = exchange({ hooks: { before } }, challenge('okta_email'), challenge('okta_email'), challenge('okta_password'), SUCCESS);
    for (let turn = 0; turn < 4; turn++) await post('challenge/answer');
    assert.deepEqual(log, ['challenge-authenticator,okta_email', 'challenge-authenticator,okta_password', 'success-redirect,']);
  });

  test('the end of a sign-in waits for its hooks too', async () => {
    let isReady = false;
    const before = { 'success-redirect': () => isReady || Promise.reject({ message: 'Accept the terms first.' }) };
    const { post } = exchange({ hooks: { before } }, SUCCESS);
    const held = await post('challenge/answer');
    assert.ok(!('successWithInteractionCode' in held.answer));
    assert.deepEqual(texts(held), ['Accept the terms first.']);
    isReady = true;
    assert.deepEqual((await post('/.latchkey-page/go-on')).answer, SUCCESS);
  });

  test('what a function throws may name the person, so the message does not repeat it', async () => {
    const { post, reported } = exchange({ hooks: { before: { '*': () => { throw new Error('no such account: pat@example.com'); } } } }, IDENTIFY);
    await post('introspect');
    assert.deepEqual(Object.keys(reported[0]), ['code', 'message', 'cause']);
    assert.doesNotMatch(reported[0].message, /pat/);
  });

  test('once the widget is taken away, the next one is not called any more', async () => {
    const log = [];
    const before = { identify: [() => void (log.push('first'), between.end()), () => log.push('second')], '*': () => log.push('all') };
    const { post, between } = exchange({ hooks: { before } }, IDENTIFY);
    await assert.rejects(post('introspect'), { name: 'AbortError' });
    assert.deepEqual(log, ['first']);
  });

  test('names that every object has are no hooks', async () => {
    const { post, reported } = exchange({ hooks: { before: {} } }, idx([form('constructor', 'x')]), idx([form('toString', 'x')]));
    await post('introspect');
    await post('introspect');
    assert.deepEqual(reported, []);
  });

  test('an answer that was given up in favour of another one is nobody’s, and its step has not been seen', async () => {
    const log = [];
    const { promise, keep } = promised();
    const before = { 'challenge-authenticator': async () => (log.push('asked'), log.length === 1 && (await promise)) };
    const { post } = exchange({ hooks: { before } }, IDENTIFY, challenge('okta_email'), challenge('okta_email'));
    await post('introspect');
    const first = post('challenge/poll');
    await new Promise(setImmediate);
    const second = await post('identify');
    keep();
    await assert.rejects(first, { name: 'AbortError' });
    assert.deepEqual(names(second), ['challenge-authenticator']);
    assert.deepEqual(log, ['asked', 'asked'], 'it was asked for the one that counts');
  });

  test('after the end nothing is sent and nothing is given any more', async () => {
    const { promise, keep } = promised();
    const { post, between, sent } = exchange({ transformUsername: () => promise }, IDENTIFY);
    await post('introspect');
    const late = post('identify', { identifier: 'pat' });
    await new Promise(setImmediate);
    between.end();
    keep('pat');
    await assert.rejects(late, { name: 'AbortError' });
    assert.equal(sent.length, 1);
  });

  test('a function that takes longer than the widget waits is waited for, and the request has its own time', async () => {
    const { promise, keep } = promised();
    const patience = new AbortController();
    const { post, sent } = exchange({ transformUsername: () => promise }, IDENTIFY, SUCCESS);
    await post('introspect');
    const late = post('identify', { identifier: 'pat' }, patience.signal);
    await new Promise(setImmediate);
    patience.abort();
    keep('pat@example.com');
    assert.deepEqual((await late).answer, SUCCESS);
    assert.equal(sent[1].body.identifier, 'pat@example.com');
  });
});

describe('given buttons, links and providers', () => {
  test('a button calls its function and leaves the screen as it was', async () => {
    const log = [];
    const customButtons = ['One', 'Two'].map((title) => ({ title, click: async () => log.push(title) }));
    const { post, sent } = exchange({ customButtons }, IDENTIFY);
    const before = await post('introspect');
    assert.deepEqual(names(before), ['identify', 'custom-button-0', 'custom-button-1']);
    const [, , { href, label, type }] = before.answer.remediation.value;
    assert.deepEqual([label, type], ['Two', 'custom']);
    assert.deepEqual((await post(href)).answer, before.answer);
    assert.deepEqual([log, sent.length], [['Two'], 1]);
  });

  test('a button whose function fails says so', async () => {
    const { post, reported } = exchange({ customButtons: [{ title: 'One', click: () => Promise.reject(new Error('no')) }] }, IDENTIFY);
    await post('introspect');
    assert.equal((await post('/.latchkey-page/button/0')).answer.messages.value[0].i18n.key, 'latchkey.page_failed');
    assert.match(reported[0].message, /`customButtons\[0\]\.click` has thrown/);
  });

  test('registration elsewhere takes the place of the form’s, and is there where the server has none', async () => {
    let calls = 0;
    const offered = idx([...IDENTIFY.remediation.value, form('select-enroll-profile', 'enroll'), form('unlock-account', 'unlock-account')]);
    for (const [answer, expected] of [[offered, ['identify', 'select-enroll-profile', 'unlock-account']], [IDENTIFY, ['identify', 'select-enroll-profile']]]) {
      const { post, sent } = exchange({ registration: { click: () => calls++ } }, answer);
      const given = await post('introspect');
      assert.deepEqual(names(given), expected);
      await post(given.answer.remediation.value[1].href);
      assert.equal(sent.length, 1);
    }
    assert.equal(calls, 2);
  });

  test('providers come after those of the server, without the ones that it has', async () => {
    const known = { name: 'redirect-idp', method: 'GET', href: `${ISSUER}/sso/idps/0oa1?stateToken=sh`, type: 'GOOGLE', idp: { id: '0oa1', name: 'Google' } };
    const { post } = exchange({ idps: [{ id: '0oa1' }, { id: '0oa 2', type: 'LINKEDIN' }, { id: '0oa3', text: 'At work' }] }, idx([...IDENTIFY.remediation.value, known]));
    const [, first, second, third] = (await post('introspect')).answer.remediation.value;
    assert.deepEqual(first, known);
    assert.deepEqual([second.href, second.idp.name, second.label], [`${ISSUER}/sso/idps/0oa%202?stateToken=sh`, 'LinkedIn', undefined]);
    assert.deepEqual([third.type, third.label], ['OIDC', 'At work']);
  });

  test('links are relative to the page and replace the ways of the widget', async () => {
    const helpLinks = { help: '../help', forgotPassword: '/forgot', unlock: 'mailto:help@example.test', custom: [{ text: 'Status', href: 'https://status.example.test', target: '_blank' }] };
    const { post } = exchange({ helpLinks }, idx([...IDENTIFY.remediation.value, form('unlock-account', 'unlock-account')], { currentAuthenticator: { value: { recover: form('recover', 'recover') } } }));
    const { answer } = await post('introspect');
    assert.deepEqual(answer.remediation.value.slice(1).map(({ name, href, method, label, target }) => [name, href, method, label, target]), [
      ['unlock-account', 'mailto:help@example.test', 'GET', undefined, undefined],
      ['recover', 'https://app.example.test/forgot', 'GET', undefined, undefined],
      ['help', 'https://app.example.test/help', 'GET', undefined, undefined],
      ['custom-link-0', 'https://status.example.test/', 'GET', 'Status', '_blank'],
    ]);
    assert.equal(answer.currentAuthenticator.value.recover, undefined);
  });

  test('the page of a password has the link for a forgotten one, and each authenticator its own', async () => {
    const helpLinks = { forgotPassword: '/forgot', factorPage: { text: 'Lost it?', href: '/lost' } };
    const { post } = exchange({ helpLinks }, challenge('okta_password'), challenge('okta_email'));
    assert.deepEqual(names(await post('identify')), ['challenge-authenticator', 'recover', 'factor-page']);
    const email = await post('challenge');
    assert.deepEqual(names(email), ['challenge-authenticator', 'factor-page']);
    assert.ok(email.answer.currentAuthenticator.value.recover, 'what is no password is recovered here');
  });
});

describe('given features', () => {
  test('without rememberMe nobody is asked to be remembered', async () => {
    const { post } = exchange({ features: { rememberMe: false } }, IDENTIFY);
    const [{ value }] = (await post('introspect')).answer.remediation.value;
    assert.deepEqual(value.map(({ name }) => name), ['identifier', 'stateHandle']);
  });

  test('the way back is left out where an authenticator is asked for, and only there', async () => {
    const { post } = exchange({ features: { hideSignOutLinkInMFA: true } }, IDENTIFY, challenge('okta_email'), PROFILE);
    assert.ok((await post('introspect')).answer.cancel);
    assert.equal((await post('identify')).answer.cancel, undefined);
  });
});

describe('given a form that the person has opened', () => {
  test('a refusal brings it first, since the first form is the one that is shown', async () => {
    const answer = idx([form('identify', 'identify'), form('unlock-account', 'unlock-account', [{ name: 'identifier' }]), form('select-enroll-profile', 'enroll')]);
    const { post } = exchange({ transformUsername: () => Promise.reject({ fields: { identifier: 'Not you.' } }) }, answer);
    await post('introspect');
    const given = await post('unlock-account', { identifier: 'pat' });
    assert.deepEqual(names(given), ['unlock-account', 'identify', 'select-enroll-profile']);
    assert.equal(given.answer.remediation.value[0].value[0].messages.value[0].message, 'Not you.');
    assert.deepEqual(texts(given), []);
  });
});

describe('given the code of a mailed link', () => {
  test('the sign-in that waits for it gets it, and then goes on as ever', async () => {
    const { post, sent } = exchange({ otp: '123456', state: 'here' }, challenge('okta_email'), PROFILE, challenge('okta_email'));
    assert.deepEqual(names(await post('introspect', { interactionHandle: 'ih' })), ['enroll-profile']);
    assert.deepEqual([sent[1].url, sent[1].body], [`${ISSUER}/idp/idx/challenge/answer`, { credentials: { passcode: '123456' }, stateHandle: 'sh' }]);
    assert.deepEqual(names(await post('enroll/new')), ['challenge-authenticator'], 'it is used once');
  });

  test('a widget that is mounted anew does not send it again', async () => {
    for (const requests of [2, 1]) {
      const { post, sent } = exchange({ otp: '654321', state: 'remounted' }, challenge('okta_email'), PROFILE);
      await post('introspect', { interactionHandle: 'ih' });
      assert.equal(sent.length, requests);
    }
  });

  test('a sign-in that waits for something else is left alone', async () => {
    for (const answer of [IDENTIFY, challenge('okta_password'), SUCCESS]) {
      const { post, sent } = exchange({ otp: '123456', state: 'st' }, answer);
      await post('introspect', { interactionHandle: 'ih' });
      assert.equal(sent.length, 1);
    }
  });

  test('where none waits, the code is shown and nothing is begun', async () => {
    const { post, sent } = exchange({ otp: '123456', state: 'st' });
    const { answer } = await post('/oauth2/default/v1/interact');
    const shown = await post('introspect', { interactionHandle: answer.interaction_handle });
    assert.equal(shown.answer.messages.value[0].i18n.key, 'idx.enter.otp.in.original.tab');
    assert.equal(shown.answer.currentAuthenticator.value.contextualData.otp, '123456');
    assert.deepEqual(sent, []);
  });

  test('it goes to the issuer or nowhere', async () => {
    const foreign = challenge('okta_email');
    foreign.remediation.value[0].href = 'https://evil.test/answer';
    const { post, sent } = exchange({ otp: '123456', state: 'st' }, foreign);
    assert.deepEqual((await post('introspect')).answer, foreign, 'the widget’s core refuses such a form');
    assert.equal(sent.length, 1);
  });
});

describe('given other options', () => {
  test('what screens are drawn from makes the present one stale, once; functions alone do not', async () => {
    const { post, between, changing } = exchange({ helpLinks: { help: '/a' }, transformUsername: (name) => name }, IDENTIFY);
    await post('introspect');
    const change = (more) => {
      changing.options = { ...changing.options, ...more };
      return between.isStale();
    };
    assert.equal(change({ helpLinks: { help: '/a' }, transformUsername: (name) => `${name}!`, brand: { name: 'x' } }), false);
    assert.equal(change({ helpLinks: { help: '/b' } }), true);
    assert.equal(between.isStale(), false);
    assert.equal(change({ registration: { click() {} } }), true);
    assert.equal(change({ registration: { click() {} } }), false);
  });

  test('a widget that gives up tells the server, and that is nobody’s step', async () => {
    const log = [];
    const { post } = exchange({ hooks: { before: { '*': ({ name }) => log.push(name) } } }, IDENTIFY, { version: '1.0.0' }, IDENTIFY);
    await post('introspect');
    await post('cancel');
    await post('introspect');
    assert.deepEqual(log, ['identify']);
  });
});
