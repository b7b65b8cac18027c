// The redirect model of `latchkey/tokens`: to the server's page and back, and all that may come back instead.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { codeOf, FakeBrowser, ISSUER, next, NOW, PAGE, sha256 } from './support/tokens-world.mjs';

let browser;
beforeEach(() => (browser = new FakeBrowser()));
afterEach(() => browser.close());

const SCOPES = ['openid', 'profile', 'offline_access'];
const CALLBACK = 'https://app.example.com/callback';

/** A tab that has been sent to the server; `query` is what the server answers, `again` the page that it answers to. */
async function sent(options = {}, redirect = {}) {
  const first = browser.open({ scopes: SCOPES, ...options });
  await first.session.signInWithRedirect(redirect);
  const address = first.tab.visits.at(-1);
  const query = browser.server.authorize(address);
  first.session.destroy();
  const back = (answer = query) => {
    first.tab.href = `${CALLBACK}?${answer}`;
    first.tab.visits = [];
    return browser.open({ scopes: SCOPES, ...options }, first.tab);
  };
  return { ...first, params: Object.fromEntries(new URL(address).searchParams), address, query, back };
}

describe('given a page that signs in by redirect', () => {
  test('the request has all that the standards want', async () => {
    const { params, address, tab } = await sent({}, { acrValues: 'a b', maxAge: 60, loginHint: 'pat', prompt: 'login' });
    assert.ok(address.startsWith(`${ISSUER}/v1/authorize?`));
    const { state, nonce, code_challenge, ...rest } = params;
    assert.deepEqual(rest, {
      response_type: 'code',
      client_id: 'spa',
      redirect_uri: CALLBACK,
      scope: 'openid profile offline_access',
      code_challenge_method: 'S256',
      acr_values: 'a b',
      max_age: '60',
      login_hint: 'pat',
      prompt: 'login',
    });
    assert.equal(new Set([state, nonce, code_challenge]).size, 3);
    for (const value of [state, nonce, code_challenge]) assert.match(value, /^[\w-]{43}$/);
    const kept = JSON.parse(tab.sessionStorage.getItem(`sign-in.latchkey.${state}`));
    assert.equal(await sha256(kept.verifier), code_challenge);
  });

  test('coming back, the person is signed in where they were, and nothing is left behind', async () => {
    const { back, tab, params } = await sent();
    const { session, events } = back();
    assert.equal(session.isCallback(), true);
    const { status, tokens, originalUri } = await session.handleCallback();
    assert.equal(status, 'signed-in');
    assert.equal(tokens.idToken.claims.nonce, params.nonce);
    assert.deepEqual(tokens, session.tokens);
    assert.equal(originalUri, PAGE);
    assert.equal(tab.href, PAGE);
    assert.deepEqual(tab.visits, []);
    assert.deepEqual(events, ['signed-in']);
    assert.deepEqual(Object.keys(tab.sessionStorage), ['sign-in.latchkey.redirects']);
    const { code_verifier, ...rest } = browser.server.asked('token')[0].body;
    assert.deepEqual(rest, { grant_type: 'authorization_code', code: 'code-1', redirect_uri: CALLBACK, client_id: 'spa' });
  });

  test('the place to come back to may be another of this origin, and how, the page says', async () => {
    const elsewhere = await sent({}, { originalUri: '/orders?id=7#top' });
    await elsewhere.back().session.handleCallback({ restore: 'none' });
    assert.equal(elsewhere.tab.href, CALLBACK);
    const away = await sent({ storage: 'sessionStorage' }, { originalUri: '/orders' });
    await away.back().session.handleCallback({ restore: 'navigate' });
    assert.deepEqual(away.tab.visits, ['replace https://app.example.com/orders']);
    assert.match(away.tab.sessionStorage.getItem('tokens.latchkey.spa@https://id.example.com/oauth2/default'), /access-/);
  });

  test('a place of another origin is refused before the browser goes anywhere', async () => {
    const { session, tab } = browser.open();
    for (const originalUri of ['https://evil.example/', '//evil.example/', 'http://app.example.com/', 'javascript:alert(1)', 'data:text/html,x']) {
      assert.equal(await codeOf(session.signInWithRedirect({ originalUri })), 'options.value', originalUri);
    }
    assert.deepEqual(tab.visits, []);
  });

  test('parameters of the page’s own stay in its address', async () => {
    const { back, query, tab } = await sent({ redirectUri: '/callback?own=1' });
    await back(`own=1&${query}`).session.handleCallback({ restore: 'none' });
    assert.equal(tab.href, `${CALLBACK}?own=1`);
    assert.equal(browser.server.asked('token')[0].body.redirect_uri, `${CALLBACK}?own=1`);
  });

  test('an absolute redirect URI is sent as it is written', async () => {
    const { params } = await sent({ redirectUri: 'https://app.example.com:443/callback' });
    assert.equal(params.redirect_uri, 'https://app.example.com:443/callback');
  });

  test('handling it twice at once does it once; afterwards there is nothing to do', async () => {
    const { session } = (await sent()).back();
    const [first, second] = await Promise.all([session.handleCallback(), session.handleCallback()]);
    assert.deepEqual(first, second);
    assert.equal(browser.server.asked('token').length, 1);
    assert.deepEqual(await session.handleCallback(), { status: 'none' });
  });

  test('without a redirect URI, or without storage, it cannot begin', async () => {
    assert.equal(await codeOf(browser.open({ redirectUri: undefined }).session.signInWithRedirect()), 'options.missing');
    const tab = browser.tab();
    tab.platform.sessionStorage = undefined;
    assert.equal(await codeOf(browser.open({}, tab).session.signInWithRedirect()), 'redirect.no_storage');
    const full = browser.open();
    Object.defineProperty(full.tab.sessionStorage, 'setItem', { value: () => { throw new DOMException('', 'QuotaExceededError'); } });
    assert.equal(await codeOf(full.session.signInWithRedirect()), 'redirect.no_storage');
  });

  test('a wrong clock does no harm, and is told', async () => {
    browser.day += 86_400_000;
    const { session, events } = (await sent()).back();
    const { tokens } = await session.handleCallback();
    assert.equal(tokens.expiresAt, NOW / 1000 + 3600);
    assert.deepEqual(events, [{ clockSkew: { seconds: 86_400 } }, 'signed-in']);
  });
});

describe('given an answer that is not right', () => {
  const outcome = async (change, options) => {
    const world = await sent(options);
    const query = new URLSearchParams(world.query);
    change(query);
    const { session } = world.back(query);
    const code = await codeOf(session.handleCallback());
    assert.equal(session.isSignedIn, false);
    return { code, ...world, session };
  };

  test('a state that nobody has sent is refused, and its code not used', async () => {
    const { code, tab } = await outcome((query) => query.set('state', 'forged'));
    assert.equal(code, 'callback.unknown_state');
    assert.equal(tab.href, CALLBACK, 'the code is out of the address');
    assert.equal(browser.server.requests.length, 0);
  });

  test('an error of a sign-in that is not ours is left for whom it is for', async () => {
    const { session, tab } = browser.open();
    tab.href = `${CALLBACK}?state=theirs&error=access_denied`;
    assert.equal(await codeOf(session.handleCallback()), 'callback.unknown_state');
    assert.equal(tab.href, `${CALLBACK}?state=theirs&error=access_denied`);
  });

  test('a state can be used once', async () => {
    const { query, back } = await sent();
    await back().session.handleCallback();
    assert.equal(await codeOf(back(query).session.handleCallback()), 'callback.unknown_state');
  });

  test('a state of another client, of another server, or of an hour ago is none', async () => {
    for (const options of [{ clientId: 'another' }, { issuer: 'https://id.example.com/oauth2/other' }]) {
      const { query, tab } = await sent(options);
      tab.href = `${CALLBACK}?${query}`;
      assert.equal(await codeOf(browser.open({}, tab).session.handleCallback()), 'callback.unknown_state');
    }
    const { back } = await sent();
    browser.pass(3601);
    assert.equal(await codeOf(back().session.handleCallback()), 'callback.unknown_state');
  });

  test('a state that names something else that is kept touches nothing', async () => {
    const { session, tab } = browser.open();
    await session.signInWithRedirect();
    await session.widgetOptions();
    const kept = { ...tab.sessionStorage };
    for (const state of ['redirects', '@spa', '']) {
      assert.equal(await codeOf(session.handleCallback({ url: `${CALLBACK}?code=1&state=${state}` })), 'callback.unknown_state');
    }
    assert.equal(await codeOf(session.redeem({ status: 'interaction-code', interactionCode: 'c', state: 'another' })), 'callback.unknown_state');
    assert.deepEqual({ ...tab.sessionStorage }, kept);
  });

  test('sign-ins that nobody came back from are forgotten', async () => {
    const { session, tab } = browser.open();
    await session.signInWithRedirect();
    browser.pass(3601);
    await session.signInWithRedirect();
    assert.equal(Object.keys(tab.sessionStorage).length, 2);
  });

  test('RFC 9207: an answer of another issuer is refused; one that names none only if it was to', async () => {
    assert.equal((await outcome((query) => query.set('iss', 'https://evil.example'))).code, 'callback.issuer_mismatch');
    const { back, query } = await sent();
    query.delete('iss');
    assert.equal(await codeOf(back(query).session.handleCallback()), 'fulfilled');
  });

  test('what the server refuses is told with its own word, and only for a state of ours', async () => {
    const { back, query, tab } = await sent();
    query.delete('code');
    query.set('error', 'login_required');
    query.set('error_description', 'Nobody is signed in.');
    const { session } = back(query);
    await assert.rejects(session.handleCallback(), { code: 'callback.refused', oauthError: 'login_required', message: /Nobody is signed in/ });
    assert.equal(tab.href, CALLBACK);
  });

  test('an error wins over a code', async () => {
    assert.equal((await outcome((query) => query.set('error', 'access_denied'))).code, 'callback.refused');
    assert.equal(browser.server.asked('token').length, 0);
  });

  test('the nonce of another sign-in, and a token endpoint that says no', async () => {
    browser.server.claims = { nonce: 'another' };
    assert.equal((await outcome(() => {})).code, 'id_token.nonce_mismatch');
    browser.server.claims = {};
    assert.equal((await outcome((query) => query.set('code', 'guessed'))).code, 'server.token_refused');
  });

  test('a context that was asked for and not reached', async () => {
    browser.server.claims = { acr: 'urn:okta:loa:1fa:any' };
    const { back } = await sent({}, { acrValues: 'urn:okta:loa:2fa:any' });
    assert.equal(await codeOf(back().session.handleCallback()), 'id_token.acr_mismatch');
  });

  test('no ID token although it was asked for', async () => {
    browser.server.instead.token = () => Response.json({ access_token: 'a', token_type: 'Bearer' });
    assert.equal((await outcome(() => {})).code, 'server.missing_member');
  });

  test('addresses that are no answer are left alone', async () => {
    const { session, tab } = browser.open();
    for (const href of [PAGE, CALLBACK, `${CALLBACK}?code=1`, `${CALLBACK}?state=1`, `${CALLBACK}/x?code=1&state=1`, 'https://app.example.com/?code=1&state=1']) {
      tab.href = href;
      assert.equal(session.isCallback(), false, href);
      assert.deepEqual(await session.handleCallback(), { status: 'none' });
      assert.equal(tab.href, href);
    }
    assert.equal(session.isCallback(`${CALLBACK}?code=1&state=1`), true);
  });

  test('an address from elsewhere does not change that of the page', async () => {
    const { session, tab } = browser.open();
    await codeOf(session.handleCallback({ url: `${CALLBACK}?code=1&state=1` }));
    assert.equal(tab.href, PAGE);
  });
});

describe('given a page that goes to sign in again and again', () => {
  test('after five times within half a minute it stays', async () => {
    const { session, tab } = browser.open();
    for (let time = 0; time < 5; time++) await session.signInWithRedirect();
    assert.equal(await codeOf(session.signInWithRedirect()), 'redirect.loop');
    assert.equal(tab.visits.length, 5);
    browser.pass(31);
    assert.equal(await codeOf(session.signInWithRedirect()), 'fulfilled');
  });

  test('attempts that never left are not counted, and are not remembered', async () => {
    const { session, tab } = browser.open({ endpoints: 'discovered', redirectLimit: { redirects: 1, seconds: 10 } });
    browser.server.instead['openid-configuration'] = () => Promise.reject(new TypeError('Failed to fetch'));
    for (let time = 0; time < 3; time++) assert.equal(await codeOf(session.signInWithRedirect()), 'network.unreachable');
    assert.deepEqual({ ...tab.sessionStorage }, {});
  });

  test('guards that ask at once leave once', async () => {
    const { session, tab } = browser.open({ redirectLimit: { redirects: 1, seconds: 10 } });
    assert.deepEqual(await Promise.all(['/orders', '/orders/7', '/'].map((path) => session.guard(path))), [false, false, false]);
    assert.equal(tab.visits.length, 1);
  });

  test('the count goes on over reloads, and by option another', async () => {
    const options = { redirectLimit: { redirects: 1, seconds: 10 } };
    const { session, tab } = browser.open(options);
    await session.signInWithRedirect();
    assert.equal(await codeOf(browser.open(options, tab).session.signInWithRedirect()), 'redirect.loop');
    assert.equal(await codeOf(browser.open(options).session.signInWithRedirect()), 'fulfilled', 'another tab has its own');
  });

  test('a clock that was set back, or nonsense in storage, locks nobody out', async () => {
    const { session, tab } = browser.open({ redirectLimit: { redirects: 1, seconds: 10 } });
    tab.sessionStorage.setItem('sign-in.latchkey.redirects', JSON.stringify([browser.day + 1e9, 'x', null]));
    assert.equal(await codeOf(session.signInWithRedirect()), 'fulfilled');
    tab.sessionStorage.setItem('sign-in.latchkey.redirects', '{');
    assert.equal(await codeOf(session.signInWithRedirect()), 'fulfilled');
  });
});

describe('given endpoints that are elsewhere', () => {
  const DOCUMENT = {
    issuer: ISSUER,
    authorization_endpoint: 'https://id.example.com/go?tenant=1',
    token_endpoint: 'https://id.example.com/oauth2/default/v1/token',
    jwks_uri: 'https://id.example.com/oauth2/default/v1/keys',
    authorization_response_iss_parameter_supported: true,
  };
  const discovered = (changes = {}) => {
    browser.server.instead['openid-configuration'] = () => Response.json({ ...DOCUMENT, ...changes });
    return { endpoints: 'discovered' };
  };

  test('the server’s own document says where, and is asked for once', async () => {
    const { address, back } = await sent(discovered());
    assert.ok(address.startsWith('https://id.example.com/go?tenant=1&response_type=code'));
    const { session } = back();
    await session.handleCallback();
    await session.renew();
    assert.equal(browser.server.asked('openid-configuration').length, 2, 'once for each page');
  });

  test('a server that announces its name must name itself (RFC 9207 section 2.4)', async () => {
    const { back, query } = await sent(discovered());
    query.delete('iss');
    assert.equal(await codeOf(back(query).session.handleCallback()), 'callback.issuer_mismatch');
  });

  test('what it does not have is left out', async () => {
    const { session, tab, events } = await browser.signedIn(discovered());
    assert.equal(await codeOf(session.userinfo()), 'server.missing_member');
    const fetched = [];
    const { fetch } = tab.platform;
    tab.platform.fetch = (url, init) => (fetched.push(url), fetch(url, init));
    await session.signOut();
    assert.equal(session.isSignedIn, false);
    assert.deepEqual([tab.visits, fetched, events], [[], [], ['signed-in', 'signed-out']]);
  });

  test('another issuer’s document, or one without addresses, is none', async () => {
    for (const [changes, code] of [
      [{ issuer: 'https://evil.example' }, 'server.issuer_mismatch'],
      [{ authorization_endpoint: undefined }, 'server.missing_member'],
      [{ token_endpoint: 'http://id.example.com/token' }, 'server.missing_member'],
      [{ jwks_uri: 'javascript:alert(1)' }, 'server.missing_member'],
    ]) {
      assert.equal(await codeOf(browser.open(discovered(changes)).session.signInWithRedirect()), code);
    }
  });

  test('a document that could not be had is asked for again', async () => {
    const { session } = browser.open(discovered());
    browser.server.instead['openid-configuration'] = () => Promise.reject(new TypeError('Failed to fetch'));
    assert.equal(await codeOf(session.signInWithRedirect()), 'network.unreachable');
    discovered();
    assert.equal(await codeOf(session.signInWithRedirect()), 'fulfilled');
  });

  test('some by hand, the others derived; the org’s own server below /oauth2', async () => {
    const { session, tab } = browser.open({ endpoints: { authorization: 'https://login.example.com/start' } });
    await session.signInWithRedirect();
    assert.ok(tab.visits[0].startsWith('https://login.example.com/start?'));
    const org = browser.open({ issuer: 'https://id.example.com' });
    await org.session.signInWithRedirect();
    assert.ok(org.tab.visits[0].startsWith('https://id.example.com/oauth2/v1/authorize?'));
  });
});

describe('given pages of which some are for people who are signed in', () => {
  const decided = async (requireSignIn, path) => {
    const { session, tab } = browser.open({ requireSignIn });
    const mayShow = await session.guard(path);
    assert.equal(mayShow, tab.visits.length === 0);
    return mayShow;
  };

  test('all of them, but the one to come back to', async () => {
    assert.equal(await decided(undefined, '/'), false);
    assert.equal(await decided('all', '/deep/down?x=1'), false);
    assert.equal(await decided('all', '/callback?code=1&state=1'), true);
  });

  test('none of them', async () => {
    assert.equal(await decided('none', '/account'), true);
  });

  test('some of them, by path or by a function', async () => {
    const some = ['/account', '/orders/*'];
    for (const path of ['/account', '/account/', '/account?x=1', '/orders', '/orders/', '/orders/7/edit']) assert.equal(await decided(some, path), false, path);
    for (const path of ['/', '/accounts', '/account/x', '/orders-old', '/x/account']) assert.equal(await decided(some, path), true, path);
    assert.equal(await decided((url) => url.searchParams.has('private'), '/a?private=1'), false);
    assert.equal(await decided((url) => url.searchParams.has('private'), '/a'), true);
  });

  test('whoever is signed in sees them all, in a new tab too', async () => {
    await browser.signedIn();
    const { session, tab } = browser.open();
    assert.equal(await session.guard(), true);
    assert.deepEqual(tab.visits, []);
  });

  test('a page that signs people in by itself is asked to, and nobody is sent away', async () => {
    const { tokens } = (await browser.signedIn()).session;
    const asked = [];
    const outcomes = [{ status: 'cancelled' }, { status: 'signed-in', tokens }];
    const signIn = async ({ pathname }) => (asked.push(pathname), outcomes.shift());
    const { session, tab, events } = browser.open({ signIn, tabs: 'separate' });
    assert.equal(await session.guard('/account'), false, 'the person did not sign in');
    assert.equal(await session.guard('/account'), true);
    assert.equal(await session.guard('/orders'), true, 'signed in already');
    assert.deepEqual(asked, ['/account', '/account']);
    assert.deepEqual([tab.visits, events], [[], ['signed-in']]);
  });

  test('whoever was sent away comes back to that very page', async () => {
    const { session, tab } = browser.open({ scopes: SCOPES });
    assert.equal(await session.guard('/account?tab=2#here'), false);
    tab.href = `${CALLBACK}?${browser.server.authorize(tab.visits[0])}`;
    const signedIn = next(session, 'change');
    const { originalUri } = await session.handleCallback();
    await signedIn;
    assert.equal(originalUri, 'https://app.example.com/account?tab=2#here');
    assert.equal(await session.guard(), true);
  });
});
