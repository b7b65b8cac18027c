// Tokens that the session has by itself for a sign-in of the widget: `widgetOptions` and `redeem`.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { codeOf, decode, FakeBrowser, FakeStorage, ISSUER, sha256 } from './support/tokens-world.mjs';
import { importTypeScript } from './support/typescript.mjs';

const { checkOptions } = await importTypeScript('widget/js/options.ts');

const SCOPES = ['openid', 'offline_access'];
let browser;
beforeEach(() => (browser = new FakeBrowser()));
afterEach(() => browser.close());

const open = (options, tab) => browser.open({ scopes: SCOPES, ...options }, tab);

describe('given a sign-in of the widget', () => {
  test('its options are complete, and the code is exchanged with a verifier that the widget never had', async () => {
    const { session, events } = open();
    const options = await session.widgetOptions();
    assert.ok(checkOptions(options), 'the widget takes them as they are');
    assert.deepEqual([options.issuer, options.clientId, options.redirectUri], [ISSUER, 'spa', 'https://app.example.com/callback']);
    const tokens = await session.redeem(browser.server.finish(options));
    assert.equal(tokens.idToken.claims.nonce, options.nonce);
    assert.deepEqual(session.tokens, tokens);
    assert.deepEqual(events, ['signed-in']);
    const [{ body }] = browser.server.asked('token');
    assert.equal(body.grant_type, 'interaction_code');
    assert.equal(await sha256(body.code_verifier), options.codeChallenge);
    assert.equal(JSON.stringify(options).includes(body.code_verifier), false);
    await session.renew();
  });

  test('bound tokens are bound from the first', async () => {
    const { session } = open({ dpop: true });
    const tokens = await session.redeem(browser.server.finish(await session.widgetOptions()));
    assert.equal(tokens.tokenType, 'DPoP');
  });

  test('bearer tokens of the widget are not taken for bound ones', async () => {
    const { session } = open({ dpop: true });
    const outcome = browser.outcome(await browser.server.issue());
    assert.throws(() => session.accept(outcome), { code: 'dpop.not_bound', message: /redeem/ });
    assert.equal(session.isSignedIn, false);
  });

  test('a guard that shows the widget takes its code', async () => {
    const signIn = async () => browser.server.finish(await session.widgetOptions());
    const { session } = open({ dpop: true, signIn });
    assert.equal(await session.guard(), true);
    assert.equal(session.tokens.tokenType, 'DPoP');
  });

  test('a code is taken once, and for the sign-in that it belongs to', async () => {
    const { session } = open();
    const outcome = browser.server.finish(await session.widgetOptions());
    await session.redeem(outcome);
    assert.equal(await codeOf(session.redeem(outcome)), 'callback.unknown_state');
    const other = browser.server.finish({ ...(await session.widgetOptions()), state: 'another' });
    assert.equal(await codeOf(session.redeem(other)), 'callback.unknown_state');
    assert.equal(browser.server.asked('token').length, 1);
  });

  test('tokens of another person’s sign-in are refused', async () => {
    const { session } = open();
    const outcome = browser.server.finish({ ...(await session.widgetOptions()), nonce: 'another' });
    assert.equal(await codeOf(session.redeem(outcome)), 'id_token.nonce_mismatch');
    assert.equal(session.isSignedIn, false);
  });

  test('an outcome without a code says what to do', async () => {
    const { session } = open();
    await assert.rejects(session.redeem({ status: 'cancelled' }), { code: 'tokens.not_accepted', message: /widgetOptions/ });
  });

  test('a stronger sign-in is asked for, and made sure of', async () => {
    const { session } = open();
    const options = await session.widgetOptions({ acrValues: 'urn:two', maxAge: 60 });
    assert.deepEqual([options.acrValues, options.maxAge], ['urn:two', 60]);
    assert.equal(await codeOf(session.redeem(browser.server.finish(options))), 'id_token.acr_mismatch');
    await assert.rejects(session.widgetOptions({ acr: 'x' }), { code: 'options.unknown' });
  });
});

describe('given a reload in the middle', () => {
  test('the options are the same, and the code is still good', async () => {
    const tab = browser.tab();
    const before = await open({}, tab).session.widgetOptions();
    const { session } = open({}, tab);
    assert.deepEqual(await session.widgetOptions(), before);
    assert.ok(await session.redeem(browser.server.finish(before)));
    assert.notEqual((await session.widgetOptions()).state, before.state, 'the next sign-in is another');
  });

  test('another sign-in than before has options of its own', async () => {
    const { session } = open();
    const first = await session.widgetOptions();
    const stronger = await session.widgetOptions({ acrValues: 'urn:two' });
    assert.notEqual(stronger.state, first.state);
    assert.notEqual(stronger.codeChallenge, first.codeChallenge);
    browser.day += 61 * 60_000;
    assert.notEqual((await session.widgetOptions({ acrValues: 'urn:two' })).state, stronger.state, 'too old');
  });

  test('a tab, and another client, have sign-ins of their own', async () => {
    const sessionStorage = new FakeStorage();
    const tab = browser.tab({ sessionStorage });
    const { session } = open({}, tab);
    const options = await session.widgetOptions();
    const other = open({ clientId: 'other' }, tab).session;
    assert.notEqual((await other.widgetOptions()).state, options.state);
    assert.notEqual((await open().session.widgetOptions()).state, options.state);
    assert.ok(await session.redeem(browser.server.finish(options)));
  });
});

describe('given proofs, and a clock that is wrong', () => {
  test('a server that does not take the proof says the time, and gets another', async () => {
    browser.day += 86_400_000;
    const { session } = open({ dpop: true });
    const claims = ({ headers }) => decode(headers.get('dpop').split('.')[1]);
    browser.server.instead.token = async (request, body) => {
      const late = Math.abs(claims(request).iat - browser.server.now / 1000) > 60;
      return late ? browser.server.json({ error: 'invalid_dpop_proof' }, 400) : browser.server.answer_token(body, request);
    };
    const tokens = await session.redeem(browser.server.finish(await session.widgetOptions()));
    assert.equal(tokens.tokenType, 'DPoP');
    assert.equal(browser.server.asked('token').length, 2);
  });

  test('one that still does not take it is not asked for ever', async () => {
    const { session } = open({ dpop: true });
    browser.server.instead.token = () => browser.server.json({ error: 'invalid_dpop_proof' }, 400);
    const outcome = browser.server.finish(await session.widgetOptions());
    await assert.rejects(session.redeem(outcome), { oauthError: 'invalid_dpop_proof' });
    assert.equal(browser.server.asked('token').length, 2);
  });
});
