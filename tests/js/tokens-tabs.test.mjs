// What `latchkey/tokens` does when a renewal, a sign-out, the end of a page or a browser that forbids something come between one
// another: nobody is signed in again by a late answer, and no refresh token is lost or used twice.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { codeOf, FakeBrowser, FakeStorage, next } from './support/tokens-world.mjs';

const KEPT = 'tokens.latchkey.spa@https://id.example.com/oauth2/default';
const UNREACHABLE = () => Promise.reject(new TypeError('Failed to fetch'));

let browser;
let unhandled;
const onUnhandled = (error) => unhandled.push(error);
beforeEach(() => {
  browser = new FakeBrowser();
  unhandled = [];
  process.on('unhandledRejection', onUnhandled);
});
afterEach(async () => {
  browser.close();
  await turns();
  process.off('unhandledRejection', onUnhandled);
  assert.deepEqual(unhandled, []);
});

/** As much as happens by itself, without time going by. */
const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
};

/** Holds this endpoint's next answer back: `asked` is fulfilled when it is wanted, `go` lets it come. */
function hold(name) {
  let go;
  const asked = new Promise((resolve) => {
    const held = new Promise((given) => (go = given));
    browser.server.instead[name] = async (request, body) => {
      resolve();
      await held;
      return browser.server[`answer_${name}`](body, request);
    };
  });
  return { asked, go };
}

/** How many times the server was asked to renew, and with what. */
const refreshed = () => browser.server.asked('token').map(({ body }) => body.refresh_token);
const stored = (tab) => JSON.stringify([browser.localStorage, tab.sessionStorage]);

describe('given a sign-out during a renewal', () => {
  for (const when of ['keys', 'token']) {
    test(`while the ${when} are on their way: it stays, in storage too, and what comes late is given back`, async () => {
      const { session, tab } = await browser.signedIn({ storage: 'sessionStorage' });
      const { asked, go } = hold(when);
      const renewal = codeOf(session.renew());
      await asked;
      await session.signOut({ local: true });
      go();
      assert.equal(await renewal, 'tokens.signed_out');
      assert.equal(session.isSignedIn, false);
      assert.doesNotMatch(stored(tab), /access-|refresh-/);
      const late = refreshed().length === 0 ? [] : ['access-2', 'refresh-2'];
      assert.deepEqual(browser.server.revoked.sort(), ['access-1', ...late, 'refresh-1'].sort());
    });
  }

  test('while the ID token is being checked', async () => {
    const { session, tab } = await browser.signedIn({ storage: 'localStorage' });
    await session.renew();
    const { verify } = crypto.subtle;
    const signingOut = new Promise((resolve) => {
      crypto.subtle.verify = (...values) => {
        delete crypto.subtle.verify;
        resolve(session.signOut({ local: true }));
        return turns().then(() => verify.apply(crypto.subtle, values));
      };
    });
    const renewal = codeOf(session.renew());
    await signingOut;
    assert.equal(await renewal, 'tokens.signed_out');
    assert.equal(session.isSignedIn, false);
    assert.doesNotMatch(stored(tab), /access-|refresh-/);
    assert.ok(browser.server.revoked.includes('refresh-3'));
  });

  test('by a tab that cannot be heard', async () => {
    const first = await browser.signedIn({ storage: 'localStorage' });
    const deaf = browser.open({ storage: 'localStorage' }, browser.tab({ channel: false }));
    await deaf.session.ready;
    const { asked, go } = hold('token');
    const renewal = codeOf(deaf.session.renew());
    await asked;
    await first.session.signOut({ local: true });
    go();
    assert.equal(await renewal, 'tokens.signed_out');
    assert.doesNotMatch(stored(deaf.tab), /access-|refresh-/);
  });
});

describe('given a refresh token that works once', () => {
  test('keys that cannot be had cost nothing: they are asked for before it is used', async () => {
    const { session } = await browser.signedIn();
    browser.server.instead.keys = UNREACHABLE;
    assert.equal(await codeOf(session.renew()), 'network.unreachable');
    assert.deepEqual(refreshed(), []);
    browser.server.instead = {};
    assert.equal((await session.renew()).accessToken, 'access-2');
  });

  test('what fails after the exchange costs the tokens of it and not the sign-in, here and in other tabs', async () => {
    const first = await browser.signedIn({ storage: 'sessionStorage' });
    const second = browser.open({ storage: 'sessionStorage' });
    await first.session.renew();
    browser.server.keys = [];
    browser.server.signer = await (await import('./support/tokens-world.mjs')).signer('ES256', 'new');
    browser.server.instead.keys = UNREACHABLE;
    assert.equal(await codeOf(first.session.renew()), 'network.unreachable');
    assert.equal(first.session.tokens.accessToken, 'access-2');
    await turns();
    assert.match(second.tab.sessionStorage.getItem(KEPT), /access-2.*refresh-3/);
    browser.server.instead = {};
    assert.equal(await codeOf(second.session.renew()), 'id_token.unknown_key');
    browser.server.keys = [browser.server.signer.jwk];
    assert.equal((await first.session.renew()).accessToken, 'access-5');
    assert.deepEqual(refreshed(), ['refresh-1', 'refresh-2', 'refresh-3', 'refresh-4']);
    assert.deepEqual(browser.server.revoked, []);
  });

  for (const [claims, code] of [[{ iss: 'https://evil.example' }, 'issuer_mismatch'], [{ at_hash: 'x' }, 'access_token_mismatch'], [{ aud: 'another' }, 'audience_mismatch']]) {
    test(`an ID token that the issuer made for something else ends the sign-in: ${code}`, async () => {
      const { session, tab } = await browser.signedIn({ storage: 'sessionStorage' });
      browser.server.claims = claims;
      assert.equal(await codeOf(session.renew()), `id_token.${code}`);
      assert.equal(session.isSignedIn, false);
      assert.doesNotMatch(stored(tab), /access-|refresh-/);
      assert.deepEqual(browser.server.revoked.sort(), ['access-2', 'refresh-2']);
    });
  }
});

describe('given a session that is destroyed', () => {
  test('at once, as frameworks do to find leaks: it is ready, and nothing is left', async () => {
    const { session } = browser.open();
    session.destroy();
    await session.ready;
    await turns();
  });

  test('during a renewal: the other tabs have what it brings', async () => {
    const first = await browser.signedIn();
    const second = browser.open();
    await second.session.ready;
    const { asked, go } = hold('token');
    const renewal = first.session.renew();
    await asked;
    first.session.destroy();
    go();
    assert.equal((await renewal).accessToken, 'access-2');
    await turns();
    assert.equal(second.session.tokens.accessToken, 'access-2');
    browser.server.instead = {};
    assert.equal((await second.session.renew()).accessToken, 'access-3');
  });

  test('it can be signed in and out all the same', async () => {
    const { session } = await browser.signedIn();
    session.destroy();
    await turns();
    session.accept(browser.outcome(await browser.server.issue()));
    await session.signOut({ local: true });
    assert.equal(session.isSignedIn, false);
  });
});

describe('given a sign-out in another tab', () => {
  test('nothing stays in the storage of this one', async () => {
    const options = { storage: 'sessionStorage' };
    const first = await browser.signedIn(options);
    const second = browser.open(options);
    await second.session.ready;
    assert.match(stored(second.tab), /access-1/);
    await first.session.signOut({ local: true });
    await turns();
    assert.doesNotMatch(stored(second.tab), /access-|refresh-/);
  });

  test('nor in that of one that was closed meanwhile', async () => {
    const options = { storage: 'sessionStorage' };
    const first = await browser.signedIn(options);
    const second = browser.open(options);
    await second.session.ready;
    second.session.destroy();
    await turns();
    await first.session.signOut({ local: true });
    const reopened = browser.open(options, second.tab);
    await reopened.session.ready;
    await turns();
    assert.equal(reopened.session.isSignedIn, false);
    assert.doesNotMatch(stored(second.tab), /access-|refresh-/);
  });

  test('a sign-in that has come since stays', async () => {
    const options = { storage: 'localStorage' };
    const first = await browser.signedIn(options);
    const deaf = browser.open(options, browser.tab({ channel: false }));
    await deaf.session.ready;
    await first.session.signOut({ local: true });
    first.session.accept(browser.outcome(await browser.server.issue({ sub: 'sam' })));
    await turns();
    assert.equal(await deaf.session.getTokens(), undefined);
    await turns();
    assert.match(browser.localStorage.getItem(KEPT), /access-2/);
  });
});

describe('given a page that was put away and is shown again', () => {
  for (const [where, options] of [['storage', { storage: 'localStorage' }], ['another tab', {}]]) {
    test(`somebody who has signed in meanwhile is signed in here, by ${where}`, async () => {
      const { session, tab } = browser.open(options, browser.tab({ channel: where !== 'storage' }));
      await session.ready;
      const { onmessage } = tab;
      assert.equal(onmessage, undefined);
      await browser.signedIn(options, {}, browser.tab({ channel: where !== 'storage' }));
      const found = next(session, 'change');
      if (!session.isSignedIn) tab.wake();
      await (session.isSignedIn || found);
      assert.equal(session.tokens.accessToken, 'access-1');
    });
  }
});

describe('given a browser that forbids', () => {
  const forbidden = () => {
    throw new DOMException('denied', 'SecurityError');
  };

  test('channels: the tab is alone', async () => {
    const tab = browser.tab();
    tab.platform.channel = forbidden;
    const { session } = await browser.signedIn({}, {}, tab);
    assert.equal((await session.renew()).accessToken, 'access-2');
  });

  for (const [how, request] of [['throws', forbidden], ['rejects', async () => forbidden()]]) {
    test(`locks, and ${how}: it is renewed under a lease`, async () => {
      const tab = browser.tab();
      tab.platform.locks = { request };
      const { session } = await browser.signedIn({}, {}, tab);
      const seen = [];
      const { setItem } = FakeStorage.prototype;
      Object.defineProperty(browser.localStorage, 'setItem', { value: (name, text) => (seen.push(name), setItem.call(browser.localStorage, name, text)) });
      assert.equal((await session.renew()).accessToken, 'access-2');
      assert.deepEqual(seen, [`${KEPT}.lease`]);
    });
  }

  test('locks, and writing: it is renewed all the same', async () => {
    const tab = browser.tab({ locks: false });
    const { session } = await browser.signedIn({}, {}, tab);
    for (const name of ['setItem', 'getItem']) Object.defineProperty(browser.localStorage, name, { value: forbidden });
    assert.equal((await session.renew()).accessToken, 'access-2');
  });

  test('signing: it is told, and nobody waits for ever', async () => {
    const { session } = await browser.signedIn();
    const { verify } = crypto.subtle;
    try {
      crypto.subtle.importKey = forbidden;
      const failed = next(session, 'error');
      browser.pass(3541);
      assert.equal((await failed).code, 'id_token.signature_invalid');
    } finally {
      delete crypto.subtle.importKey;
      assert.equal(crypto.subtle.verify, verify);
    }
  });

  test('what is no error of ours in the background is told too', async () => {
    const { session } = await browser.signedIn();
    const { digest } = crypto.subtle;
    try {
      crypto.subtle.digest = forbidden;
      const failed = next(session, 'error');
      browser.pass(3541);
      const { code, cause } = await failed;
      assert.deepEqual([code, cause.name], ['network.unreachable', 'SecurityError']);
    } finally {
      delete crypto.subtle.digest;
      assert.equal(crypto.subtle.digest, digest);
    }
  });
});
