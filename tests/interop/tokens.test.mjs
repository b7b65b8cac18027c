// `latchkey/tokens` at a provider that is not ours: npm's `oidc-provider`, certified by the OpenID Foundation. The redirect
// model from end to end over real HTTP; the page around it is a stand-in, the person a browser of few words.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { codeOf, FakeBrowser } from '../js/support/tokens-world.mjs';
import { Browser } from './browser.mjs';
import { otherProvider, signInThere } from './other-provider.mjs';

const PAGE = 'http://localhost:4400/account';
const CALLBACK = 'http://localhost:4400/callback';
const SPA = {
  client_id: 'spa',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  post_logout_redirect_uris: ['http://localhost:4400/'],
};

let provider;
before(async () => {
  provider = await otherProvider();
  provider.serve(CALLBACK, SPA);
});
after(() => provider.stop());

/** A page of ours that knows the provider by its address alone. */
function openPage(options = {}) {
  const world = new FakeBrowser();
  world.server.fetch = fetch;
  world.day = Date.now();
  const own = { issuer: provider.issuer, clientId: 'spa', endpoints: 'discovered', scopes: ['openid', 'email', 'offline_access'] };
  return { world, ...world.open({ ...own, ...options }, world.tab({ href: PAGE })) };
}

/** Sends Robin there and back. */
async function signIn(options, redirect) {
  const page = openPage(options);
  await page.session.signInWithRedirect({ prompt: 'consent', ...redirect });
  const person = new Browser();
  const { address } = await signInThere(person, await person.open(page.tab.visits.pop()), 'robin');
  page.tab.href = address.href;
  return { ...page, person };
}

describe('given a page that signs in by redirect at another provider', () => {
  test('tokens come, are checked, renewed, used and given back', async () => {
    const { session, tab, events } = await signIn();
    const { tokens } = await session.handleCallback();
    assert.equal(tokens.idToken.claims.iss, provider.issuer);
    assert.equal(tokens.idToken.claims.sub, 'robin');
    assert.equal(tab.href, PAGE);
    const renewed = await session.renew();
    assert.notEqual(renewed.accessToken, tokens.accessToken);
    assert.equal((await session.userinfo()).email, 'robin@canal.example');
    await session.signOut({ local: true });
    session.accept(renewed);
    assert.equal(await codeOf(session.renew()), 'tokens.renewal_refused', 'it was given back');
    assert.deepEqual(events, ['signed-in', 'renewed', 'signed-out', 'signed-in', 'expired']);
    session.destroy();
  });

  test('it is signed out there too', async () => {
    const { session, tab, person } = await signIn({ postLogoutRedirectUri: '/' });
    await session.handleCallback();
    await session.signOut({ state: 'st' });
    const { address } = await person.submit(await person.open(tab.visits[0]), { logout: 'yes' });
    assert.equal(address.href, 'http://localhost:4400/?state=st');
    session.destroy();
  });

  test('`prompt=none` says that nobody is there, in the provider’s own word', async () => {
    const { session, tab } = openPage();
    await session.signInWithRedirect({ prompt: 'none' });
    const { address } = await new Browser().open(tab.visits[0]);
    tab.href = address.href;
    await assert.rejects(session.handleCallback(), { code: 'callback.refused', oauthError: 'login_required' });
    assert.equal(tab.href, CALLBACK);
    session.destroy();
  });

  test('it names itself in its answer, and another name is refused (RFC 9207)', async () => {
    const { session, tab } = await signIn();
    const url = new URL(tab.href);
    assert.equal(url.searchParams.get('iss'), provider.issuer);
    url.searchParams.delete('iss');
    tab.href = url.href;
    assert.equal(await codeOf(session.handleCallback()), 'callback.issuer_mismatch');
    session.destroy();
  });
});

describe('given proofs of possession, and a provider that wants a nonce in each', () => {
  test('code, tokens and requests are bound to the key', async () => {
    const { session } = await signIn({ dpop: true });
    const { tokens } = await session.handleCallback();
    assert.equal(tokens.tokenType, 'DPoP');
    await session.renew();
    assert.equal((await session.userinfo()).email, 'robin@canal.example');
    const { accessToken } = session.tokens;
    const stolen = await fetch(`${provider.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    assert.equal(stolen.status, 401, 'without the key it is worth nothing');
    session.destroy();
  });

  test('a code that was asked for with another key is not exchanged', async () => {
    const { tab, world, session } = await signIn({ dpop: true });
    session.destroy();
    // What the page has kept for the way back has come elsewhere; its key cannot.
    tab.platform.indexedDB = undefined;
    const thief = world.open({ issuer: provider.issuer, clientId: 'spa', redirectUri: CALLBACK, endpoints: 'discovered', dpop: true }, tab);
    await assert.rejects(thief.session.handleCallback(), { code: 'server.token_refused', oauthError: 'invalid_grant' });
    thief.session.destroy();
  });
});
