// What `createSignIn` refuses, before any page or WebAssembly is there. Runs on the built package, in Node: which also
// shows that a server can import it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSignIn, SignInError } from '../../dist/latchkey.js';

const VALID = { issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: '/callback' };

/** The error that these options meet, as `code: message`. */
function refusal(options, base = VALID) {
  try {
    createSignIn({ ...base, ...options });
  } catch (error) {
    assert.ok(error instanceof SignInError, `an error of another class: ${error}`);
    return `${error.code}: ${error.message}`;
  }
  return 'accepted';
}

/** What was refused, without the words. */
const code = (options) => refusal(options).split(':')[0];

describe('given options that are right', () => {
  test('they are accepted, on a server too', () => {
    assert.equal(typeof globalThis.window, 'undefined');
    assert.equal(refusal({}), 'accepted');
  });

  test('all of them together are accepted', () => {
    const all = {
      onSuccess() {},
      onError() {},
      scopes: ['openid', 'profile'],
      state: 's',
      nonce: 'n',
      codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      codeChallengeMethod: 'S256',
      username: '',
      acrValues: 'urn:okta:loa:2fa:any',
      maxAge: 0,
      activationToken: 'a',
      recoveryToken: 'r',
      flow: 'resetPassword',
      engine: 'idx',
      mode: 'embedded',
      isolation: 'none',
      language: 'pt-BR',
      messages: { 'identify.title': 'Hello', de: { 'identify.title': 'Hallo' } },
      colorScheme: 'dark',
      assetsUrl: '/assets/',
      signal: new AbortController().signal,
    };
    assert.equal(refusal(all), 'accepted');
  });

  test('an option that is undefined counts as not given', () => {
    assert.equal(refusal({ username: undefined, scopes: undefined }), 'accepted');
  });
});

describe('given a name that is no option', () => {
  test('the nearest one is named', () => {
    assert.equal(refusal({ clientid: 'x' }), 'options.unknown: there is no option `clientid`; did you mean `clientId`?');
    assert.equal(refusal({ redirectURL: 'x' }), 'options.unknown: there is no option `redirectURL`; did you mean `redirectUri`?');
    assert.equal(refusal({ scope: 'x' }), 'options.unknown: there is no option `scope`; did you mean `scopes`?');
    assert.equal(refusal({ colourScheme: 'x' }), 'options.unknown: there is no option `colourScheme`; did you mean `colorScheme`?');
  });

  test('nothing is proposed when nothing is near', () => {
    assert.equal(refusal({ wallpaper: 'x' }), 'options.unknown: there is no option `wallpaper`');
  });

  test('names that every object has are none of ours', () => {
    assert.equal(code({ toString: 'x' }), 'options.unknown');
    assert.equal(code(JSON.parse('{"__proto__x": 1, "constructor": 1}')), 'options.unknown');
  });

  test('the error carries the name', () => {
    assert.throws(() => createSignIn({ ...VALID, isuer: 'x' }), { name: 'SignInError', option: 'isuer' });
  });
});

describe('given an option that is planned', () => {
  test('it is refused, and never ignored', () => {
    assert.equal(refusal({ engine: 'authn' }).split(':')[0], 'options.unavailable');
  });

  test('a planned value of an option that is there is refused in the same way', () => {
    assert.equal(refusal({ engine: 'authn' }), 'options.unavailable: this value of option `engine` is not available in this version yet');
    for (const options of [{ engine: 'direct' }]) {
      assert.equal(code(options), 'options.unavailable', JSON.stringify(options));
    }
  });
});

describe('given something inside of an option', () => {
  const link = { text: 'Status', href: '/status' };

  test('the error names the way to it', () => {
    const cases = [
      [{ helpLinks: { custom: [link, { ...link, href: 7 }] } }, 'options.type: option `helpLinks.custom[1].href` must be an http(s) or mailto address, or one relative to the page, not a number'],
      [{ helpLinks: { custom: [{ ...link, href: 'javascript:alert(1)' }] } }, 'options.value: option `helpLinks.custom[0].href` must be an http(s) or mailto address, or one relative to the page'],
      [{ helpLinks: { custom: [{ href: '/status' }] } }, 'options.missing: option `helpLinks.custom[0].text` is required'],
      [{ helpLinks: { factorPage: { ...link, target: '_top' } } }, "options.value: option `helpLinks.factorPage.target` must be '_self' or '_blank'"],
      [{ helpLinks: { custom: link } }, 'options.type: option `helpLinks.custom` must be an array, not an object'],
      [{ brand: [] }, 'options.type: option `brand` must be an object, not an array of something else'],
      [{ features: { rememberme: true } }, 'options.unknown: there is no option `features.rememberme`; did you mean `features.rememberMe`?'],
      [{ hooks: { before: { identify: [() => {}, 'x'] } } }, 'options.type: option `hooks.before.identify` must be a function or an array of functions, not an array of something else'],
      [{ customButtons: [{ title: 'x', click: undefined }] }, 'options.missing: option `customButtons[0].click` is required'],
      [{ registration: { preSubmit: 'x' } }, 'options.type: option `registration.preSubmit` must be a function, not a string'],
      [{ theme: { colorAccent: 7 } }, 'options.type: option `theme.colorAccent` must be a string that is not empty, not a number'],
      [{ otp: '123456' }, 'options.conflict: option `otp` needs the `state` of the same link'],
    ];
    for (const [options, message] of cases) assert.equal(refusal(options), message);
  });

  test('what is right is accepted, and undefined counts as not given there too', () => {
    for (const options of [
      { helpLinks: { help: undefined, custom: [{ ...link, target: undefined }], unlock: '../unlock?x#y' } },
      { hooks: { before: { identify: () => {}, '*': [] }, after: {} } },
      { features: { setPageTitle: (heading) => heading, autoFocus: true } },
      { brand: { logo: 'data:image/svg+xml,<svg/>' }, theme: {}, idps: [], customButtons: [] },
    ]) {
      assert.equal(refusal(options), 'accepted');
    }
  });
});

describe('given a value of another type', () => {
  test('the message says what is wanted and what came', () => {
    assert.equal(refusal({ scopes: 'openid profile' }), 'options.type: option `scopes` must be an array of at least one scope, each without spaces, not a string');
    assert.equal(refusal({ maxAge: '60' }), 'options.type: option `maxAge` must be a whole number of seconds, 0 or more, not a string');
  });

  test('every option has one', () => {
    const wrong = {
      issuer: 1, clientId: {}, redirectUri: new URL('https://a.example'), onSuccess: 'f', onError: null, scopes: [1], state: 1,
      nonce: [], codeChallenge: 1, codeChallengeMethod: 1, username: 1, acrValues: [], maxAge: true, activationToken: 1, stateToken: 1,
      recoveryToken: 1, otp: 1, brand: 'x', theme: 'x', helpLinks: [], customButtons: {}, idps: {}, registration: () => {}, transformUsername: 'x', hooks: 1,
      features: true, flow: 1, engine: 1, mode: 1, isolation: false, language: [], messages: [], colorScheme: 1, assetsUrl: 1, signal: {},
    };
    for (const [option, value] of Object.entries(wrong)) assert.equal(code({ [option]: value }), 'options.type', option);
  });

  test('what is not an object at all is refused', () => {
    for (const options of [undefined, null, 'x', 1]) assert.throws(() => createSignIn(options), { code: 'options.type' });
  });
});

describe('given a value that cannot be', () => {
  test('tokens travel over https, or on this machine', () => {
    for (const issuer of ['http://localhost:4401/oauth2/default', 'http://127.0.0.1:1/x', 'http://[::1]:1/x']) {
      assert.equal(refusal({ issuer, redirectUri: issuer }), 'accepted', issuer);
    }
    for (const address of ['http://id.example.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com', 'javascript:alert(1)', 'ftp://a.example', 'https://']) {
      assert.equal(code({ issuer: address }), 'options.value', address);
    }
    for (const address of ['http://app.example.com/callback', 'javascript:alert(1)', 'com.example.app:/callback', '']) {
      assert.equal(code({ redirectUri: address }), 'options.value', address);
    }
  });

  test('an issuer has neither query nor fragment, a redirect URI no fragment', () => {
    for (const issuer of ['https://id.example.com/?a=b', 'https://id.example.com/#a', 'https://id.example.com/?']) {
      assert.equal(code({ issuer }), 'options.value', issuer);
    }
    assert.equal(code({ redirectUri: '/callback#here' }), 'options.value');
  });

  test('an issuer is not relative', () => {
    assert.equal(code({ issuer: '/oauth2/default' }), 'options.value');
  });

  test('the rest is what its standard says', () => {
    const wrong = [
      { clientId: '' }, { scopes: [] }, { scopes: ['openid profile'] }, { scopes: [''] }, { maxAge: -1 }, { maxAge: 1.5 }, { maxAge: NaN },
      { codeChallenge: 'short', codeChallengeMethod: 'S256' }, { codeChallengeMethod: 'plain' }, { colorScheme: 'blue' }, { flow: 'logout' },
      { engine: 'saml' }, { state: '' },
    ];
    for (const options of wrong) assert.equal(code(options), 'options.value', JSON.stringify(options));
  });

  test('the message never repeats it, since it may be a token', () => {
    for (const option of ['recoveryToken', 'issuer', 'codeChallenge', 'flow', 'clientId']) {
      assert.doesNotMatch(refusal({ [option]: ['5eCrEt'] }), /5eCrEt/, option);
      assert.doesNotMatch(refusal({ [option]: '5eCrEt' }), /5eCrEt/, option);
    }
  });
});

describe('given options that do not go together', () => {
  test('a required one that is missing is named', () => {
    for (const option of ['issuer', 'clientId', 'redirectUri']) {
      const { [option]: left, ...rest } = VALID;
      assert.equal(refusal({}, rest), `options.missing: option \`${option}\` is required`);
    }
  });

  test('a challenge needs its method, and the other way round', () => {
    assert.equal(code({ codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' }), 'options.conflict');
    assert.equal(code({ codeChallengeMethod: 'S256' }), 'options.conflict');
  });
});
