// The session of `latchkey/tokens`: what it holds, how long, and for whom. Browser, server and both their clocks are in
// memory; keys and signatures are real.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { codeOf, FakeBrowser, FakeStorage, next, NOW, signer } from './support/tokens-world.mjs';

const DAY = 86_400;
const LEASE = 'tokens.latchkey.spa@https://id.example.com/oauth2/default.lease';
let browser;
beforeEach(() => (browser = new FakeBrowser()));
afterEach(() => browser.close());

/** As much as happens by itself, without time going by. */
const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
};

const refreshes = () => browser.server.asked('token').length;

describe('given tokens of the widget', () => {
  test('they are there at once, and whoever has them is signed in', async () => {
    const { session, events } = await browser.signedIn();
    assert.equal(session.isSignedIn, true);
    assert.equal(session.tokens.accessToken, 'access-1');
    assert.equal(session.tokens.idToken.claims.sub, 'pat');
    assert.equal(session.tokens.expiresAt, NOW / 1000 + 3600);
    assert.deepEqual(await session.getTokens(), session.tokens);
    assert.deepEqual(events, ['signed-in']);
    assert.equal(browser.server.requests.length, 0);
  });

  test('without a refresh token they end by themselves', async () => {
    const { session, events } = await browser.signedIn({}, { scope: 'openid' });
    browser.pass(3599);
    assert.equal(session.isSignedIn, true);
    browser.pass(1);
    assert.equal(session.isSignedIn, false);
    assert.equal(await session.getTokens(), undefined);
    assert.deepEqual(events, ['signed-in', 'expired']);
    assert.equal(await codeOf(session.renew()), 'tokens.signed_out');
  });

  test('without a refresh token they cannot be renewed', async () => {
    const { session } = await browser.signedIn({}, { scope: 'openid' });
    assert.equal(await codeOf(session.renew()), 'tokens.not_renewable');
  });
});

describe('given a refresh token', () => {
  test('a server whose tokens end at once is not asked without a pause', async () => {
    browser.server.lifetime = 0;
    const { session } = await browser.signedIn();
    for (const round of [1, 2]) {
      browser.pass(4);
      await turns();
      assert.equal(refreshes(), round - 1);
      const renewed = next(session, 'change');
      browser.pass(2);
      await renewed;
    }
    assert.equal((await session.getTokens()).accessToken, 'access-4', 'but when they are wanted');
  });

  test('they are renewed a minute before their end, again and again', async () => {
    const { session, events } = await browser.signedIn();
    for (const round of [1, 2, 3]) {
      const renewed = next(session, 'change');
      browser.pass(3539);
      assert.equal(refreshes(), round - 1);
      browser.pass(2);
      assert.deepEqual(await renewed, { isSignedIn: true, reason: 'renewed' });
      assert.equal(session.tokens.accessToken, `access-${round + 1}`);
      assert.equal(refreshes(), round);
    }
    assert.deepEqual(events, ['signed-in', 'renewed', 'renewed', 'renewed']);
    const { body } = browser.server.asked('token')[0];
    assert.deepEqual(body, { grant_type: 'refresh_token', refresh_token: 'refresh-1', client_id: 'spa' });
  });

  test('tokens that live shorter than that are renewed halfway', async () => {
    browser.server.lifetime = 20;
    const { session } = await browser.signedIn();
    browser.pass(9);
    assert.equal(refreshes(), 0);
    const renewed = next(session, 'change');
    browser.pass(1);
    await renewed;
    assert.equal(session.tokens.expiresAt, NOW / 1000 + 30);
  });

  test('by option another time, or not by itself but when they are wanted', async () => {
    const early = await browser.signedIn({ renewBefore: 600, tabs: 'separate' });
    const never = await browser.signedIn({ autoRenew: false, tabs: 'separate' });
    const renewed = next(early.session, 'change');
    browser.pass(3000);
    await renewed;
    browser.pass(1000);
    assert.equal(never.session.tokens.accessToken, 'access-2');
    assert.equal(never.session.isSignedIn, true);
    assert.equal((await never.session.getTokens()).accessToken, 'access-4');
  });

  test('many callers at once are one request', async () => {
    const { session } = await browser.signedIn();
    const tokens = await Promise.all([session.renew(), session.renew(), session.renew()]);
    assert.deepEqual(tokens.map(({ accessToken }) => accessToken), ['access-2', 'access-2', 'access-2']);
    assert.equal(refreshes(), 1);
  });

  test('their time runs from the request, however long the answer takes', async () => {
    const { session } = await browser.signedIn();
    browser.server.instead.token = (request, body) => {
      browser.pass(10);
      return browser.server.answer_token(body, request);
    };
    assert.equal((await session.renew()).expiresAt, NOW / 1000 + 3600);
  });

  test('what a renewal leaves out stays as it was', async () => {
    const { session } = await browser.signedIn();
    browser.server.instead.token = () => browser.server.json({ access_token: 'new', token_type: 'bearer', expires_in: '60' });
    const { accessToken, refreshToken, scopes, idToken, expiresAt } = await session.renew();
    assert.deepEqual([accessToken, refreshToken, scopes.length, idToken.claims.sub, expiresAt], ['new', 'refresh-1', 3, 'pat', NOW / 1000 + 60]);
  });

  test('a server that does not renew any more signs out', async () => {
    const { session, events } = await browser.signedIn();
    browser.server.instead.token = () => browser.server.json({ error: 'invalid_grant' }, 400);
    const failed = next(session, 'error');
    browser.pass(3541);
    const { code, oauthError } = await failed;
    assert.deepEqual([code, oauthError], ['tokens.renewal_refused', 'invalid_grant']);
    assert.deepEqual(events, ['signed-in', 'expired', 'error tokens.renewal_refused']);
    assert.equal(session.isSignedIn, false);
  });

  test('a renewal for somebody else is none, and nobody is signed in any more', async () => {
    const { session, events } = await browser.signedIn();
    browser.server.claims = { sub: 'eve' };
    assert.equal(await codeOf(session.renew()), 'id_token.subject_mismatch');
    assert.equal(session.tokens, undefined);
    assert.deepEqual(events, ['signed-in', 'expired']);
    assert.deepEqual(browser.server.revoked.sort(), ['access-2', 'refresh-2']);
  });

  test('a key that the server has changed meanwhile is found', async () => {
    const { session } = await browser.signedIn();
    await session.renew();
    const rotated = await signer('RS256', 'rotated');
    Object.assign(browser.server, { signer: rotated, keys: [...browser.server.keys, rotated.jwk] });
    await session.renew();
    await session.renew();
    assert.equal(browser.server.asked('keys').length, 2);
  });

  for (const [name, answer, code] of [
    ['no JSON', () => new Response('<html>', { status: 200 }), 'server.unreadable'],
    ['no reason', () => new Response('', { status: 502 }), 'server.unreadable'],
    ['a list', () => new Response('[]'), 'server.unreadable'],
    ['no token', () => Response.json({ token_type: 'Bearer' }), 'server.missing_member'],
    ['a token that is no text', () => Response.json({ token_type: 'Bearer', access_token: { a: 1 } }), 'server.missing_member'],
    ['a bound token', () => Response.json({ token_type: 'DPoP', access_token: 'a' }), 'server.token_type'],
    ['another refusal', () => Response.json({ error: 'invalid_client' }, { status: 401 }), 'server.token_refused'],
    ['a broken ID token', () => Response.json({ token_type: 'Bearer', access_token: 'a', id_token: 'a.b.c' }), 'id_token.malformed'],
    ['nothing at all', () => Promise.reject(new TypeError('Failed to fetch')), 'network.unreachable'],
    ['nothing in time', (request) => new Promise((_, fail) => (request.signal.addEventListener('abort', () => fail(request.signal.reason)), browser.pass(31))), 'network.timed_out'],
  ]) {
    test(`an answer with ${name} changes nothing, and says ${code}`, async () => {
      const { session } = await browser.signedIn();
      browser.server.instead.token = answer;
      assert.equal(await codeOf(session.renew()), code);
      assert.equal(session.tokens.accessToken, 'access-1');
      assert.equal(session.isSignedIn, true);
    });
  }

  test('while the network is away it is tried again, less and less often; what lasts is used', async () => {
    const { session, events } = await browser.signedIn();
    const attempts = [];
    browser.server.instead.token = () => {
      attempts.push(Math.round((browser.server.now - NOW) / 1000));
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    for (const seconds of [3540, 5, 10, 20]) {
      const failed = next(session, 'error');
      browser.pass(seconds - 1);
      await turns();
      browser.pass(1);
      await failed;
    }
    assert.deepEqual(attempts, [3540, 3545, 3555, 3575]);
    assert.equal((await session.getTokens()).accessToken, 'access-1');
    browser.server.instead = {};
    browser.pass(30);
    assert.equal((await session.getTokens()).accessToken, 'access-2');
    assert.ok(events.every((event) => ['signed-in', 'renewed', 'error network.unreachable'].includes(event)));
  });

  test('tokens that have ended are not handed out when they cannot be renewed just now', async () => {
    const { session } = await browser.signedIn({ autoRenew: false });
    browser.server.instead.token = () => Promise.reject(new TypeError('Failed to fetch'));
    browser.pass(4000);
    assert.equal(await codeOf(session.getTokens()), 'network.unreachable');
    assert.equal(session.isSignedIn, true, 'it may work again');
  });

  test('a page that comes back looks at once', async () => {
    const { session, tab } = await browser.signedIn();
    browser.server.instead.token = () => Promise.reject(new TypeError('Failed to fetch'));
    const failed = next(session, 'error');
    browser.pass(3541);
    await failed;
    browser.server.instead = {};
    const renewed = next(session, 'change');
    tab.wake();
    assert.deepEqual(await renewed, { isSignedIn: true, reason: 'renewed' });
  });
});

describe('given a device whose clock is a day wrong', () => {
  for (const [word, off] of [['ahead', DAY], ['behind', -DAY]]) {
    test(`${word}: tokens are good as long as the server says, and the page is told`, async () => {
      browser.day += off * 1000;
      const { session, events } = await browser.signedIn();
      await session.renew();
      assert.deepEqual(events.find((event) => event.clockSkew), { clockSkew: { seconds: off } });
      assert.equal(session.tokens.expiresAt, NOW / 1000 + 3600, 'by the server’s clock');
      browser.pass(3539);
      assert.equal(session.isSignedIn, true);
      assert.equal(refreshes(), 1);
      const renewed = next(session, 'change');
      browser.pass(1);
      await renewed;
      assert.equal(refreshes(), 2);
    });

    test(`${word}: also when the server tells no time but in its tokens`, async () => {
      browser.server.tellsTime = false;
      browser.day += off * 1000;
      const { session, events } = await browser.signedIn();
      await session.renew();
      assert.ok(Math.abs(events.find((event) => event.clockSkew).clockSkew.seconds - off) <= 1);
      assert.ok(Math.abs(session.tokens.expiresAt - (NOW / 1000 + 3600)) <= 1);
    });
  }

  test('a little behind, the tokens themselves tell the time', async () => {
    browser.day -= 200_000;
    const { session } = await browser.signedIn();
    assert.equal(session.tokens.expiresAt, NOW / 1000 + 3600);
  });

  test('set while the page is open, it costs one renewal at most', async () => {
    const { session, events } = await browser.signedIn();
    browser.day += DAY * 1000;
    assert.equal((await session.getTokens()).accessToken, 'access-2');
    assert.equal((await session.getTokens()).accessToken, 'access-2');
    assert.deepEqual(events.filter((event) => event.clockSkew), [{ clockSkew: { seconds: DAY } }]);
  });

  test('set back while the page is open, it delays nothing', async () => {
    const { session } = await browser.signedIn();
    browser.day -= DAY * 1000;
    const renewed = next(session, 'change');
    browser.pass(3540);
    assert.deepEqual(await renewed, { isSignedIn: true, reason: 'renewed' });
  });

  test('after a reload the time that was learned is still known', async () => {
    browser.day -= DAY * 1000;
    const tab = browser.tab();
    const first = await browser.signedIn({ storage: 'sessionStorage' }, {}, tab);
    await first.session.renew();
    first.session.destroy();
    browser.pass(3600);
    const second = browser.open({ storage: 'sessionStorage', autoRenew: false }, tab);
    const restored = next(second.session, 'change');
    await restored;
    assert.equal(second.session.tokens.accessToken, 'access-2');
    assert.equal((await second.session.getTokens()).accessToken, 'access-3');
  });
});

describe('given several tabs', () => {
  test('a new tab is signed in by another, and neither asks the server', async () => {
    const first = await browser.signedIn();
    const second = browser.open();
    await second.session.ready;
    assert.deepEqual(second.session.tokens, first.session.tokens);
    assert.deepEqual(second.events, ['shared']);
    assert.equal(browser.server.requests.length, 0);
  });

  for (const [kind, options] of [['Web Locks', {}], ['a lease, where there are none', { locks: false }]]) {
    test(`one renews for all, by ${kind}`, async () => {
      const first = await browser.signedIn({}, {}, browser.tab(options));
      const others = [browser.open({}, browser.tab(options)), browser.open({}, browser.tab(options))];
      await Promise.all(others.map(({ session }) => session.ready));
      const all = [first, ...others].map(({ session }) => session);
      const tokens = await Promise.all(all.map((session) => session.renew()));
      assert.deepEqual(tokens.map(({ accessToken }) => accessToken), ['access-2', 'access-2', 'access-2']);
      assert.equal(refreshes(), 1);
      assert.deepEqual(Object.keys(browser.localStorage).filter((name) => name.endsWith('.lease')), []);
    });
  }

  test('a tab that has missed a renewal asks before it uses what is used up', async () => {
    const first = await browser.signedIn();
    const tab = browser.tab();
    const { channel } = tab.platform;
    let ears;
    tab.platform.channel = (name) => (ears = channel(name));
    const second = browser.open({}, tab);
    await second.session.ready;
    const listen = ears.onmessage;
    ears.onmessage = () => {};
    await first.session.renew();
    ears.onmessage = listen;
    assert.equal(second.session.tokens.accessToken, 'access-1');
    assert.equal((await second.session.renew()).accessToken, 'access-2');
    assert.equal(refreshes(), 1);
  });

  test('a lease whose tab is gone is free after a while', async () => {
    const { session } = await browser.signedIn({}, {}, browser.tab({ locks: false }));
    browser.localStorage.setItem(LEASE, `${browser.day + 65_000} gone`);
    const renewal = session.renew();
    const before = await Promise.race([renewal.then(() => 'renewed'), new Promise((resolve) => setTimeout(resolve, 20, 'waits'))]);
    assert.equal(before, 'waits');
    browser.pass(66);
    assert.equal((await renewal).accessToken, 'access-2');
  });

  test('a lease from before the clock was set back is free at once', async () => {
    const { session } = await browser.signedIn({}, {}, browser.tab({ locks: false }));
    browser.localStorage.setItem(LEASE, `${browser.day + DAY * 1000} gone`);
    assert.equal((await session.renew()).accessToken, 'access-2');
  });

  test('of two that take a lease at the same moment one waits', async () => {
    const { session } = await browser.signedIn({}, {}, browser.tab({ locks: false }));
    browser.localStorage.setItem = (name) => {
      delete browser.localStorage.setItem;
      browser.localStorage.setItem(name, `${browser.day + 60_000} another`);
    };
    const renewal = session.renew();
    await turns();
    assert.equal(refreshes(), 0);
    browser.localStorage.removeItem(LEASE);
    assert.equal((await renewal).accessToken, 'access-2');
  });

  test('signing out of one is signing out of all', async () => {
    const first = await browser.signedIn();
    const second = browser.open();
    await second.session.ready;
    const signedOut = next(second.session, 'change');
    await first.session.signOut({ local: true });
    assert.deepEqual(await signedOut, { isSignedIn: false, reason: 'signed-out' });
    assert.equal(second.session.tokens, undefined);
    assert.equal(browser.timers, 0, 'nothing is going to be renewed');
  });

  test('a tab that slept through it notices when it wakes', async () => {
    const first = await browser.signedIn({ storage: 'localStorage' });
    const asleep = browser.open({ storage: 'localStorage' }, browser.tab({ channel: false }));
    await asleep.session.ready;
    assert.equal(asleep.session.isSignedIn, true);
    await first.session.signOut({ local: true });
    assert.equal(asleep.session.isSignedIn, true);
    asleep.tab.wake();
    assert.equal(asleep.session.isSignedIn, false);
    assert.deepEqual(asleep.events, ['restored', 'signed-out']);
  });

  test('signing in anew reaches the others too', async () => {
    const first = await browser.signedIn();
    const second = browser.open();
    await second.session.ready;
    await first.session.signOut({ local: true });
    const signedIn = next(second.session, 'change');
    first.session.accept(browser.outcome(await browser.server.issue({ sub: 'sam' })));
    assert.deepEqual(await signedIn, { isSignedIn: true, reason: 'shared' });
    assert.equal(second.session.tokens.idToken.claims.sub, 'sam');
  });

  test('a sign-out during a renewal wins, and what comes late is revoked', async () => {
    const first = await browser.signedIn();
    const second = browser.open();
    await second.session.ready;
    let answer;
    const asked = new Promise((resolve) => {
      browser.server.instead.token = () => (resolve(), new Promise((given) => (answer = given)));
    });
    const renewal = codeOf(first.session.renew());
    await asked;
    await second.session.signOut({ local: true });
    answer(browser.server.json(await browser.server.issue()));
    assert.equal(await renewal, 'tokens.signed_out');
    assert.equal(first.session.isSignedIn, false);
    assert.ok(browser.server.revoked.includes('refresh-2'));
  });

  test('tabs of another client, and separate ones, know nothing of them', async () => {
    await browser.signedIn();
    for (const options of [{ clientId: 'another' }, { issuer: 'https://id.example.com/oauth2/another' }, { tabs: 'separate' }]) {
      const { session } = browser.open(options);
      await session.ready;
      assert.equal(session.isSignedIn, false);
    }
  });

  test('nonsense on the channel is not listened to', async () => {
    const { session, tab } = await browser.signedIn();
    const channel = tab.platform.channel('tokens.latchkey.spa@https://id.example.com/oauth2/default');
    for (const data of [null, 7, 'ended', {}, { type: 'held' }, { type: 'ended', held: {} }, { type: 'held', held: { tokens: { accessToken: 'x' } } }]) channel.postMessage(data);
    await new Promise(setImmediate);
    assert.equal(session.tokens.accessToken, 'access-1');
  });
});

describe('given a place to keep them', () => {
  test('memory leaves nothing in storage', async () => {
    const { session, tab } = await browser.signedIn();
    await session.renew();
    const stored = JSON.stringify([browser.localStorage, tab.sessionStorage]);
    assert.doesNotMatch(stored, /access-|refresh-/);
    await session.signOut({ local: true });
    assert.doesNotMatch(JSON.stringify([browser.localStorage, tab.sessionStorage]), /access-|refresh-|claims/);
  });

  for (const storage of ['sessionStorage', 'localStorage']) {
    test(`${storage} survives a reload, and a sign-out empties it`, async () => {
      const tab = browser.tab();
      const first = await browser.signedIn({ storage }, {}, tab);
      await first.session.renew();
      first.session.destroy();
      const second = browser.open({ storage }, tab);
      await second.session.ready;
      assert.equal(second.session.tokens.accessToken, 'access-2');
      assert.deepEqual(second.events, ['restored']);
      await second.session.signOut({ local: true });
      assert.doesNotMatch(JSON.stringify([browser.localStorage, tab.sessionStorage]), /access-|refresh-|claims/);
    });
  }

  test('a place of the page’s own, that takes its time', async () => {
    const kept = new Map();
    const later = (work) => new Promise((resolve) => setImmediate(() => resolve(work())));
    const storage = { get: (name) => later(() => kept.get(name) ?? null), set: (name, text) => later(() => kept.set(name, text)), remove: (name) => later(() => kept.delete(name)) };
    const first = await browser.signedIn({ storage, tabs: 'separate' });
    await first.session.renew();
    await later(() => {});
    const second = browser.open({ storage, tabs: 'separate' });
    await second.session.ready;
    assert.equal(second.session.tokens.accessToken, 'access-2');
    await second.session.signOut({ local: true });
    assert.equal(kept.size, 0);
  });

  test('one that fails stops nothing and is told', async () => {
    const broken = () => {
      throw new Error('full');
    };
    const { session, events } = await browser.signedIn({ storage: { get: broken, set: broken, remove: broken } });
    assert.equal((await session.renew()).accessToken, 'access-2');
    assert.ok(events.includes('error storage.failed'));
  });

  test('what is there and is not ours is passed over', async () => {
    for (const text of ['', '{', 'null', '7', '[]', '{"tokens":{}}', '{"tokens":{"accessToken":"x"},"issuedAt":1}']) {
      const sessionStorage = new FakeStorage();
      sessionStorage.setItem('tokens.latchkey.spa@https://id.example.com/oauth2/default', text);
      const { session } = browser.open({ storage: 'sessionStorage' }, browser.tab({ sessionStorage }));
      await session.ready;
      assert.equal(session.isSignedIn, false);
    }
  });
});

describe('given a sign-out', () => {
  test('both tokens are given back, and the browser goes to the server’s logout', async () => {
    const { session, tab } = await browser.signedIn({ postLogoutRedirectUri: '/bye' });
    const { raw } = session.tokens.idToken;
    await session.signOut({ state: 'st' });
    assert.deepEqual(browser.server.revoked.sort(), ['access-1', 'refresh-1']);
    const url = new URL(tab.visits[0]);
    assert.equal(url.origin + url.pathname, 'https://id.example.com/oauth2/default/v1/logout');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      client_id: 'spa',
      id_token_hint: raw,
      post_logout_redirect_uri: 'https://app.example.com/bye',
      state: 'st',
    });
  });

  test('a server that cannot be told does not keep anybody signed in', async () => {
    const { session, tab, events } = await browser.signedIn();
    browser.server.instead.revoke = () => Promise.reject(new TypeError('Failed to fetch'));
    await session.signOut();
    assert.equal(session.isSignedIn, false);
    assert.deepEqual(events, ['signed-in', 'signed-out', 'error network.unreachable', 'error network.unreachable']);
    assert.equal(tab.visits.length, 1);
  });

  test('nobody signed in, twice, at once: all the same', async () => {
    const { session, tab } = browser.open();
    await Promise.all([session.signOut(), session.signOut()]);
    assert.equal(tab.visits.length, 2);
    assert.equal(browser.server.revoked.length, 0);
  });

  test('one token alone can be given back', async () => {
    const { session } = await browser.signedIn();
    await session.revoke('access_token');
    assert.deepEqual(browser.server.revoked, ['access-1']);
    assert.equal(session.isSignedIn, true);
    assert.deepEqual(browser.server.asked('revoke')[0].body, { token: 'access-1', token_type_hint: 'access_token', client_id: 'spa' });
  });
});

describe('given handlers', () => {
  test('whoever stops is not called any more, and nobody after destroy', async () => {
    const { session, events } = browser.open();
    const seen = [];
    const stop = session.on('change', ({ reason }) => seen.push(reason));
    await session.ready;
    session.accept(browser.outcome(await browser.server.issue()));
    stop();
    stop();
    await session.signOut({ local: true });
    assert.deepEqual(seen, ['signed-in']);
    session.destroy();
    session.accept(browser.outcome(await browser.server.issue()));
    assert.deepEqual(events, ['signed-in', 'signed-out']);
    assert.equal(browser.timers, 0);
  });

  test('onError is one of them', async () => {
    const codes = [];
    const { session } = await browser.signedIn({ onError: ({ code }) => codes.push(code) });
    browser.server.instead.revoke = () => new Response('', { status: 500 });
    await session.signOut({ local: true });
    assert.deepEqual(codes, ['server.unreadable', 'server.unreadable']);
  });
});
