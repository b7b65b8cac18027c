// Requests of `latchkey/tokens`: who gets the token, what happens when it is not taken, proofs of possession, step-up.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { API, codeOf, decode, FakeBrowser, next, NOW, sha256 } from './support/tokens-world.mjs';

let browser;
beforeEach(() => (browser = new FakeBrowser()));
afterEach(() => browser.close());

const OPTIONS = { allowedOrigins: [API] };
const unauthorized = (challenge, headers = {}) => new Response('no', { status: 401, headers: { ...(challenge && { 'www-authenticate': challenge }), ...headers } });
const tokensSent = (name = 'orders') => browser.server.asked(name).map(({ headers }) => headers.get('authorization'));

/** Answers these in turn, the last one for ever. */
const answers = (name, ...list) => (browser.server.instead[name] = (...request) => (list.length > 1 ? list.shift() : list[0])(...request));

describe('given an API that may have the token', () => {
  test('it gets it, with the request as it was', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    let body;
    answers('orders', async (request) => {
      body = await request.text();
      return Response.json({ ok: true });
    });
    const response = await session.fetch(`${API}/v1/orders?x=1`, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json', 'x-own': '1' } });
    assert.deepEqual(await response.json(), { ok: true });
    const [{ headers, method, url }] = browser.server.asked('orders');
    assert.deepEqual([method, url, body], ['POST', `${API}/v1/orders?x=1`, '{"a":1}']);
    assert.deepEqual([headers.get('authorization'), headers.get('x-own'), headers.get('dpop')], ['Bearer access-1', '1', null]);
  });

  test('as text, as a URL, as a Request', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    answers('orders', () => new Response('ok'));
    for (const input of [`${API}/orders`, new URL(`${API}/orders`), new Request(`${API}/orders`)]) assert.equal((await session.fetch(input)).status, 200);
    assert.deepEqual(tokensSent(), ['Bearer access-1', 'Bearer access-1', 'Bearer access-1']);
  });

  test('a redirect is not followed unless the page says so', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    const modes = [];
    answers('orders', (request) => (modes.push(request.redirect), new Response('ok')));
    await session.fetch(`${API}/orders`);
    await session.fetch(`${API}/orders`, { redirect: 'follow' });
    await session.fetch(`${API}/orders`, { redirect: undefined });
    assert.deepEqual(modes, ['error', 'follow', 'error']);
  });
});

describe('given an address that is not named', () => {
  test('nothing is sent there', async () => {
    const { session } = await browser.signedIn({ allowedOrigins: [API, 'https://app.example.com'] });
    for (const input of ['https://evil.example/', 'https://api.example.com.evil.example/', 'https://api.example.com:8443/', 'http://api.example.com/', '//evil.example/x', new Request('https://evil.example/'), 'data:text/plain,x']) {
      assert.equal(await codeOf(session.fetch(input)), 'fetch.origin_not_allowed', String(input.url ?? input));
    }
    assert.equal(browser.server.requests.length, 0);
  });

  test('by default none is, not even the page’s own origin', async () => {
    const { session } = await browser.signedIn();
    assert.equal(await codeOf(session.fetch('/orders')), 'fetch.origin_not_allowed');
  });

  test('a name within an address is not its origin', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    assert.equal(await codeOf(session.fetch(`https://evil.example/?${API}`)), 'fetch.origin_not_allowed');
    assert.equal(await codeOf(session.fetch('https://api.example.com@evil.example/')), 'fetch.origin_not_allowed');
  });
});

describe('given nobody who is signed in', () => {
  test('nothing is sent', async () => {
    const { session } = browser.open(OPTIONS);
    assert.equal(await codeOf(session.fetch(`${API}/orders`)), 'tokens.signed_out');
    assert.equal(browser.server.requests.length, 0);
  });
});

describe('given a token that the API does not take', () => {
  for (const [what, challenge] of [['says so', 'Bearer error="invalid_token", error_description="expired"'], ['hides why', undefined]]) {
    test(`one that ${what}: it is renewed once, and the request repeated with its body`, async () => {
      const { session } = await browser.signedIn(OPTIONS);
      const bodies = [];
      const read = (answer) => async (request) => (bodies.push(await request.text()), answer());
      answers('orders', read(() => unauthorized(challenge)), read(() => new Response('ok')));
      const response = await session.fetch(`${API}/orders`, { method: 'PUT', body: 'same' });
      assert.equal(response.status, 200);
      assert.deepEqual(tokensSent(), ['Bearer access-1', 'Bearer access-2']);
      assert.deepEqual(bodies, ['same', 'same']);
    });
  }

  test('once only: what the API answers then is the answer', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    answers('orders', () => unauthorized('Bearer error="invalid_token"'));
    assert.equal((await session.fetch(`${API}/orders`)).status, 401);
    assert.equal(browser.server.asked('orders').length, 2);
    assert.equal(browser.server.asked('token').length, 1);
  });

  for (const [what, challenge] of [['says so', 'Bearer error="invalid_token"'], ['hides why', undefined]]) {
    test(`an API that ${what} for a new token too is not what renewing helps against`, async () => {
      const { session } = await browser.signedIn(OPTIONS);
      answers('orders', () => unauthorized(challenge));
      answers('invoices', () => unauthorized(challenge));
      for (let time = 0; time < 3; time++) assert.equal((await session.fetch(`${API}/orders`)).status, 401);
      assert.equal(browser.server.asked('token').length, 1);
      await session.renew();
      assert.equal((await session.fetch(`${API}/orders`)).status, 401);
      assert.equal(browser.server.asked('token').length, 3, 'other tokens are another matter');
    });
  }

  test('many requests at once are one renewal', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    answers('orders', ({ headers }) => (headers.get('authorization').endsWith('-1') ? unauthorized('Bearer error="invalid_token"') : new Response('ok')));
    const responses = await Promise.all(Array.from({ length: 5 }, () => session.fetch(`${API}/orders`)));
    assert.deepEqual(responses.map(({ status }) => status), [200, 200, 200, 200, 200]);
    assert.equal(browser.server.asked('token').length, 1);
  });

  test('tokens that came while the request was on its way are used', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    const late = async () => {
      await session.renew();
      return unauthorized('Bearer error="invalid_token"');
    };
    answers('orders', late, () => new Response('ok'));
    assert.equal((await session.fetch(`${API}/orders`)).status, 200);
    assert.deepEqual(tokensSent(), ['Bearer access-1', 'Bearer access-2']);
    assert.equal(browser.server.asked('token').length, 1);
  });

  test('when it cannot be renewed the API’s answer is given back', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    answers('orders', () => unauthorized('Bearer error="invalid_token"'));
    answers('token', () => Response.json({ error: 'invalid_grant' }, { status: 400 }));
    assert.equal((await session.fetch(`${API}/orders`)).status, 401);
    assert.equal(session.isSignedIn, false);
    const without = await browser.signedIn(OPTIONS, { scope: 'openid' });
    assert.equal((await without.session.fetch(`${API}/orders`)).status, 401);
  });

  test('other refusals are the page’s business', async () => {
    const { session } = await browser.signedIn(OPTIONS);
    for (const answer of [() => unauthorized('Bearer realm="x"'), () => unauthorized('Basic realm="x"'), () => new Response('', { status: 403, headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } })]) {
      answers('orders', answer);
      assert.ok((await session.fetch(`${API}/orders`)).status >= 401);
    }
    assert.equal(browser.server.asked('token').length, 0);
  });

  test('a token that is about to end is renewed before the request', async () => {
    const { session } = await browser.signedIn({ ...OPTIONS, autoRenew: false });
    answers('orders', () => new Response('ok'));
    browser.pass(3550);
    await session.fetch(`${API}/orders`);
    assert.deepEqual(tokensSent(), ['Bearer access-2']);
  });
});

describe('given an API that wants a stronger sign-in', () => {
  for (const error of ['insufficient_user_authentication', 'insufficient_authentication_context']) {
    test(`${error}: the page is told what for`, async () => {
      const { session, events } = await browser.signedIn(OPTIONS);
      answers('orders', () => unauthorized(`Bearer error="${error}", acr_values="urn:okta:loa:2fa:any phr", max_age="300"`));
      await assert.rejects(session.fetch(`${API}/orders`), { code: 'fetch.step_up_required', acrValues: 'urn:okta:loa:2fa:any phr', maxAge: 300 });
      assert.deepEqual(events.at(-1), { stepUp: { acrValues: 'urn:okta:loa:2fa:any phr', maxAge: 300 } });
      assert.equal(browser.server.asked('token').length, 0, 'a renewed token would be no stronger');
    });
  }

  test('also with 403, and with only one of both', async () => {
    const { session, events } = await browser.signedIn(OPTIONS);
    answers('orders', () => new Response('', { status: 403, headers: { 'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age=-1, acr_values=a' } }));
    assert.equal(await codeOf(session.fetch(`${API}/orders`)), 'fetch.step_up_required');
    assert.deepEqual(events.at(-1), { stepUp: { acrValues: 'a' } });
  });

  test('what the event says is what the redirect takes', async () => {
    const { session, tab } = await browser.signedIn(OPTIONS);
    const going = new Promise((resolve) => session.on('stepUp', (stepUp) => resolve(session.signInWithRedirect(stepUp))));
    answers('orders', () => unauthorized('Bearer error="insufficient_user_authentication", acr_values="a", max_age="0"'));
    await codeOf(session.fetch(`${API}/orders`));
    await going;
    const { searchParams } = new URL(tab.visits[0]);
    assert.deepEqual([searchParams.get('acr_values'), searchParams.get('max_age')], ['a', '0']);
  });
});

describe('given tokens that are bound to a key', () => {
  /** Signs in by redirect, so that the tokens are bound from the start. */
  async function bound(options = {}) {
    const opened = browser.open({ ...OPTIONS, dpop: true, scopes: ['openid', 'offline_access'], ...options });
    await opened.session.signInWithRedirect();
    const address = opened.tab.visits[0];
    await opened.session.handleCallback({ url: `https://app.example.com/callback?${browser.server.authorize(address)}` });
    return { ...opened, jkt: new URL(address).searchParams.get('dpop_jkt') };
  }
  const proofOf = ({ headers }) => headers.get('dpop').split('.').slice(0, 2).map(decode);

  test('the code, the tokens and each request carry the same key', async () => {
    const { session, jkt } = await bound();
    answers('orders', () => new Response('ok'));
    assert.equal(session.tokens.tokenType, 'DPoP');
    await session.renew();
    await session.fetch(`${API}/orders?x=1`);
    const [exchanged, renewed] = browser.server.asked('token');
    const [asked] = browser.server.asked('orders');
    assert.equal(asked.headers.get('authorization'), 'DPoP access-3');
    for (const request of [exchanged, renewed, asked]) {
      const [{ jwk }] = proofOf(request);
      assert.equal(await sha256(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })), jkt);
    }
    const [, claims] = proofOf(asked);
    assert.deepEqual([claims.htm, claims.htu, claims.ath], ['GET', `${API}/orders`, await sha256('access-3')]);
    assert.deepEqual([proofOf(exchanged)[1].htu, proofOf(exchanged)[1].ath], ['https://id.example.com/oauth2/default/v1/token', undefined]);
  });

  test('a server that wants a nonce gets it, in the same request and in those after it', async () => {
    const wantsNonce = () => Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': 'n-1' } });
    const real = (request, body) => browser.server.answer_token(body, request);
    answers('token', wantsNonce, real);
    const { session } = await bound();
    await session.renew();
    assert.deepEqual(browser.server.asked('token').map((request) => proofOf(request)[1].nonce), [undefined, 'n-1', 'n-1']);
  });

  test('one that wants another each time is not asked for ever', async () => {
    const { session } = await bound();
    let count = 0;
    answers('token', () => Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': `n-${++count}` } }));
    await assert.rejects(session.renew(), { code: 'server.token_refused', oauthError: 'use_dpop_nonce' });
    assert.equal(count, 2);
  });

  test('an API has a nonce of its own', async () => {
    const { session } = await bound();
    answers('orders', () => unauthorized('DPoP error="use_dpop_nonce"', { 'dpop-nonce': 'api-1' }), () => new Response('ok'));
    assert.equal((await session.fetch(`${API}/orders`)).status, 200);
    await session.renew();
    assert.deepEqual(browser.server.asked('orders').map((request) => proofOf(request)[1].nonce), [undefined, 'api-1']);
    assert.equal(proofOf(browser.server.asked('token').at(-1))[1].nonce, undefined);
  });

  test('a nonce that comes with the second answer is in the next proof', async () => {
    const { session } = await bound();
    answers('orders', () => unauthorized('DPoP error="use_dpop_nonce"', { 'dpop-nonce': 'a' }), () => new Response('ok', { headers: { 'dpop-nonce': 'b' } }), () => new Response('ok'));
    answers('token', () => Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': 'c' } }), async (request, body) => {
      const answer = await browser.server.answer_token(body, request);
      answer.headers.set('dpop-nonce', 'd');
      return answer;
    }, (request, body) => browser.server.answer_token(body, request));
    for (let time = 0; time < 2; time++) {
      await session.fetch(`${API}/orders`);
      await session.renew();
    }
    const nonces = (name) => browser.server.asked(name).slice(-3).map((request) => proofOf(request)[1].nonce);
    assert.deepEqual([nonces('orders'), nonces('token')], [[undefined, 'a', 'b'], [undefined, 'c', 'd']]);
  });

  test('an API that finds a proof too old or too new tells the time, and gets another', async () => {
    browser.day += 86_400_000;
    const before = await bound({ storage: 'sessionStorage' });
    before.session.destroy();
    browser.day -= 86_400_000;
    const { session } = browser.open({ ...OPTIONS, dpop: true, storage: 'sessionStorage' }, before.tab);
    await session.ready;
    assert.equal(session.isSignedIn, true);
    answers('orders', (request) => {
      const [, { iat }] = proofOf(request);
      const isGood = Math.abs(iat - browser.server.now / 1000) < 60;
      return isGood ? new Response('ok') : unauthorized('DPoP error="invalid_dpop_proof"', { date: new Date(browser.server.now).toUTCString() });
    });
    assert.equal((await session.fetch(`${API}/orders`)).status, 200);
    assert.equal(browser.server.asked('orders').length, 2);
    answers('orders', () => unauthorized('DPoP error="invalid_dpop_proof"'));
    assert.equal((await session.fetch(`${API}/orders`)).status, 401, 'one that does not tell the time is not asked again');
    assert.equal(browser.server.asked('orders').length, 3);
  });

  test('bearer tokens are refused, and bound ones where nobody asked for them', async () => {
    answers('token', async () => Response.json({ ...(await browser.server.issue()), token_type: 'Bearer' }));
    assert.equal(await codeOf(bound()), 'dpop.not_bound');
  });

  test('a proof tells the server’s time, not that of a wrong clock', async () => {
    browser.day += 86_400_000;
    const { session } = await bound();
    answers('orders', () => new Response('ok'));
    await session.fetch(`${API}/orders`);
    assert.equal(proofOf(browser.server.asked('orders')[0])[1].iat, NOW / 1000);
  });

  test('tokens whose key is gone are of no use, and are not restored', async () => {
    browser.indexedDB = undefined;
    const { session, tab } = await bound({ storage: 'sessionStorage' });
    session.destroy();
    const second = browser.open({ ...OPTIONS, dpop: true, storage: 'sessionStorage' }, tab);
    await second.session.ready;
    assert.equal(second.session.isSignedIn, false, 'this browser has no IndexedDB');
    const plain = browser.open({ ...OPTIONS, storage: 'sessionStorage' }, tab);
    await plain.session.ready;
    assert.equal(plain.session.isSignedIn, false);
  });

  test('signing out throws the key away', async () => {
    const { session, tab, jkt } = await bound();
    await session.signOut({ local: true });
    await session.signInWithRedirect();
    assert.match(new URL(tab.visits.at(-1)).searchParams.get('dpop_jkt'), /^[\w-]{43}$/);
    assert.notEqual(new URL(tab.visits.at(-1)).searchParams.get('dpop_jkt'), jkt);
  });

  const thumbprintIn = async ({ headers }) => {
    const { crv, kty, x, y } = decode(headers.get('dpop').split('.')[0]).jwk;
    return sha256(JSON.stringify({ crv, kty, x, y }));
  };

  for (const [where, has] of [['with IndexedDB', true], ['without', false]]) {
    test(`tokens are given back with the key that they are bound to, ${where}`, async () => {
      if (!has) browser.indexedDB = undefined;
      const { session } = await bound();
      const [exchange] = browser.server.asked('token');
      await session.signOut({ local: true });
      const used = await Promise.all([exchange, ...browser.server.asked('revoke')].map(thumbprintIn));
      assert.equal(used.length, 3);
      assert.equal(new Set(used).size, 1);
    });
  }

  test('a tab that signs in while another still signs out keeps its key', async () => {
    const first = await bound();
    const second = browser.open({ ...OPTIONS, dpop: true });
    await next(second.session, 'change');
    const leaving = new Promise((resolve) => second.session.on('change', () => resolve(second.session.signInWithRedirect())));
    let answer;
    const held = new Promise((resolve) => (answer = resolve));
    const asked = new Promise((resolve) => answers('revoke', () => (resolve(), held.then(() => new Response(null)))));
    const signingOut = first.session.signOut({ local: true });
    await Promise.all([asked, leaving]);
    answer();
    await signingOut;
    const jkt = new URL(second.tab.visits[0]).searchParams.get('dpop_jkt');
    assert.notEqual(jkt, first.jkt);
    second.tab.href = `https://app.example.com/callback?${browser.server.authorize(second.tab.visits[0])}`;
    const back = browser.open({ ...OPTIONS, dpop: true }, second.tab);
    await back.session.handleCallback();
    assert.equal(await thumbprintIn(browser.server.asked('token').at(-1)), jkt);
  });

  test('separate tabs have one key, which none of them takes from the others', async () => {
    const options = { tabs: 'separate', storage: 'sessionStorage' };
    const [first, second] = [await bound(options), await bound(options)];
    await first.session.signOut({ local: true });
    second.session.destroy();
    const reloaded = browser.open({ ...OPTIONS, dpop: true, ...options }, second.tab);
    await reloaded.session.ready;
    assert.equal(reloaded.session.isSignedIn, true);
  });

  test('a key that is gone when the browser comes back is not promised to the server', async () => {
    browser.indexedDB = undefined;
    const { jkt, session } = await bound();
    assert.equal(jkt, null);
    assert.equal(session.tokens.tokenType, 'DPoP');
  });
});

describe('given userinfo', () => {
  test('it is asked with the token, though no origin is named', async () => {
    const { session } = await browser.signedIn();
    assert.deepEqual(await session.userinfo(), { sub: 'pat', email: 'pat@example.com' });
    assert.equal(browser.server.asked('userinfo')[0].headers.get('authorization'), 'Bearer access-1');
  });

  test('claims about somebody else are not given (OIDC Core 5.3.2)', async () => {
    const { session } = await browser.signedIn();
    for (const claims of [{ sub: 'eve' }, {}, { sub: ['pat'] }]) {
      answers('userinfo', () => Response.json(claims));
      assert.equal(await codeOf(session.userinfo()), 'userinfo.subject_mismatch');
    }
  });

  test('what is no claims says so', async () => {
    const { session } = await browser.signedIn();
    for (const answer of [() => new Response('eyJ'), () => Response.json([]), () => Response.json({ sub: 'pat' }, { status: 500 }), () => Response.json(null)]) {
      answers('userinfo', answer);
      assert.equal(await codeOf(session.userinfo()), 'server.unreadable');
    }
  });
});

describe('given canaries in every place that is personal or secret', () => {
  test('no event and no error repeats one', async () => {
    const seen = [];
    const { session } = await browser.signedIn(OPTIONS, { sub: 'CANARY-sub' });
    for (const name of ['change', 'clockSkew', 'stepUp', 'error']) session.on(name, (event) => seen.push(event));
    browser.server.claims = { email: 'CANARY-email', name: 'CANARY-name' };
    const note = (promise) => promise.catch((error) => seen.push(error));
    await note(session.renew());
    answers('token', () => Response.json({ error: 'invalid_request' }, { status: 400 }));
    await note(session.renew());
    await note(session.fetch('https://evil.example/CANARY-path?q=CANARY'));
    await note(session.userinfo());
    await note(session.handleCallback({ url: 'https://app.example.com/callback?code=CANARY&state=CANARY' }));
    await note(session.signOut({ local: true }));
    const told = seen.map((event) => (event instanceof Error ? `${event.message} ${JSON.stringify(event)}` : JSON.stringify(event))).join('\n');
    assert.ok(seen.length >= 5, told);
    assert.doesNotMatch(told, /CANARY|access-|refresh-/);
  });
});
