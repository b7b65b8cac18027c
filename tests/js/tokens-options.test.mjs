// What `createTokens` and its methods refuse, before any page is there. Runs on the built file, in Node: which also shows
// that a server can import it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTokens, TokensError } from '../../dist/latchkey-tokens.js';

const VALID = { issuer: 'https://id.example.com/oauth2/default', clientId: 'spa' };

/** The error that these options meet, as `code: message`. */
function refusal(options, base = VALID) {
  try {
    createTokens({ ...base, ...options }).destroy();
  } catch (error) {
    assert.ok(error instanceof TokensError, `an error of another class: ${error}`);
    return `${error.code}: ${error.message}`;
  }
  return 'accepted';
}

const code = (options) => refusal(options).split(':')[0];

describe('given options that are right', () => {
  test('they are accepted, on a server too', () => {
    assert.equal(typeof globalThis.window, 'undefined');
    assert.equal(refusal({}), 'accepted');
  });

  test('all of them together are accepted', () => {
    const all = {
      redirectUri: '/callback',
      scopes: ['openid', 'offline_access'],
      storage: { get: () => null, set() {}, remove() {} },
      tabs: 'separate',
      allowedOrigins: ['https://api.example.com', 'http://localhost:8080'],
      autoRenew: false,
      renewBefore: 0,
      dpop: true,
      endpoints: { token: 'https://id.example.com/token' },
      requireSignIn: ['/account', '/account/*'],
      signIn() {},
      postLogoutRedirectUri: '/',
      redirectLimit: { redirects: 1, seconds: 1 },
      onError() {},
    };
    assert.equal(refusal(all), 'accepted');
    for (const requireSignIn of ['all', 'none', () => true]) assert.equal(refusal({ requireSignIn }), 'accepted');
    for (const endpoints of ['derived', 'discovered']) assert.equal(refusal({ endpoints }), 'accepted');
    for (const storage of ['memory', 'sessionStorage', 'localStorage']) assert.equal(refusal({ storage }), 'accepted');
  });

  test('an option that is undefined counts as not given', () => {
    assert.equal(refusal({ scopes: undefined, dpop: undefined }), 'accepted');
  });
});

describe('given options that are wrong', () => {
  test('a name that is no option is refused with the nearest one', () => {
    assert.equal(refusal({ allowedOrigin: [] }), 'options.unknown: there is no option `allowedOrigin`; did you mean `allowedOrigins`?');
    assert.equal(refusal({ DPoP: true }), 'options.unknown: there is no option `DPoP`; did you mean `dpop`?');
    assert.equal(refusal({ wallpaper: 1 }), 'options.unknown: there is no option `wallpaper`');
    assert.equal(code(JSON.parse('{"constructor": 1}')), 'options.unknown');
  });

  test('what is required is asked for', () => {
    assert.equal(refusal({}, { issuer: VALID.issuer }), 'options.missing: option `clientId` is required');
    assert.equal(refusal({}, { clientId: 'spa' }), 'options.missing: option `issuer` is required');
  });

  for (const [option, values] of Object.entries({
    issuer: ['http://id.example.com', 'https://id.example.com/?a', '', 7],
    redirectUri: ['http://app.example.com/cb', '/cb#x', '', null],
    scopes: [[], ['openid profile'], 'openid'],
    storage: ['cookie', { get() {} }, null],
    tabs: ['all'],
    allowedOrigins: [['https://api.example.com/'], ['https://api.example.com/v1'], ['http://api.example.com'], ['*'], 'https://api.example.com'],
    autoRenew: [1, 'true'],
    renewBefore: [-1, 1.5, '60'],
    dpop: ['yes'],
    endpoints: ['found', { token: 'http://id.example.com/token' }, { tokens: 'https://id.example.com/token' }, { keys: 'javascript:alert(1)' }],
    requireSignIn: ['some', ['account'], 7],
    redirectLimit: [{ redirects: 5 }, { redirects: 0, seconds: 5 }, { redirects: 1, seconds: 1, minutes: 1 }, 5],
    onError: ['log'],
  })) {
    test(`${option} must be what it says, and the message does not repeat the value`, () => {
      for (const value of values) assert.match(refusal({ [option]: value }), new RegExp(`^options\\.(type|value): option \`${option}\` must be `));
    });
  }

  test('tabs with one storage cannot be separate', () => {
    assert.equal(code({ storage: 'localStorage', tabs: 'separate' }), 'options.conflict');
  });

  test('no value appears in a message', () => {
    assert.doesNotMatch(refusal({ storage: 'CANARY' }) + refusal({ endpoints: { token: 'CANARY' } }) + refusal({ tabs: 'CANARY' }), /CANARY/);
  });
});

describe('given methods that are called wrongly', () => {
  test('they refuse what they do not know', async () => {
    const session = createTokens(VALID);
    assert.throws(() => session.on('expired', () => {}), { code: 'events.unknown' });
    await assert.rejects(session.signInWithRedirect({ originalURL: '/' }), { code: 'options.unknown', message: /did you mean `originalUri`/ });
    await assert.rejects(session.signInWithRedirect({ maxAge: -1 }), { code: 'options.value' });
    await assert.rejects(session.handleCallback({ restore: 'reload' }), { code: 'options.value' });
    await assert.rejects(session.signOut({ local: 'yes' }), { code: 'options.type' });
    session.destroy();
  });

  test('accept takes tokens and nothing else', () => {
    const session = createTokens(VALID);
    for (const wrong of [undefined, null, {}, 'token', { status: 'cancelled' }, { status: 'interaction-code', interactionCode: 'c', state: 's' }]) {
      assert.throws(() => session.accept(wrong), { code: 'tokens.not_accepted' });
    }
    session.destroy();
  });

  test('nobody is signed in on a server, and asking does no harm', async () => {
    const session = createTokens(VALID);
    await session.ready;
    assert.equal(session.isSignedIn, false);
    assert.equal(session.tokens, undefined);
    assert.equal(await session.getTokens(), undefined);
    assert.equal(session.isCallback(), false);
    await assert.rejects(session.renew(), { code: 'tokens.signed_out' });
    session.destroy();
    session.destroy();
  });
});
