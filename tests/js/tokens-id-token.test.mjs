// The check of ID tokens: what is good, and each way of being no good, with real keys. The names of the faults are those of
// the widget's own check.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { CLIENT, codeOf, ISSUER, NOW, sha256, signer } from './support/tokens-world.mjs';
import { importTypeScript } from './support/typescript.mjs';

const { checkIdToken } = await importTypeScript('widget/js/tokens/id-token.ts');
const { Keys } = await importTypeScript('widget/js/tokens/keys.ts');
const { ServerClock } = await importTypeScript('widget/js/tokens/server-clock.ts');

const [ec, rsa, other] = await Promise.all([signer('ES256'), signer('RS256'), signer('ES256', 'key-ES256')]);
const SECONDS = NOW / 1000;
const GOOD = { iss: ISSUER, aud: CLIENT, sub: 'pat', nonce: 'n', iat: SECONDS, exp: SECONDS + 3600, auth_time: SECONDS };
const EXPECTED = { issuer: ISSUER, clientId: CLIENT, nonce: 'n', accessToken: 'at' };

const clockAt = (now) => new ServerClock({ now: () => now, elapsed: () => 0 }, () => {});

/** What comes of a token with these claims on top of good ones. */
async function check(claims, { expected = {}, keys = [ec.jwk, rsa.jwk], by = ec, header, raw, isTimeKnown = true, now = NOW } = {}) {
  const token = raw ?? (await by.sign({ ...GOOD, ...claims }, header));
  const checked = checkIdToken(token, { ...EXPECTED, ...expected }, new Keys(async () => ({ keys })), clockAt(now), isTimeKnown);
  return (await codeOf(checked)).replace('id_token.', '');
}

describe('given an ID token that is good', () => {
  test('its claims come back, with either algorithm', async () => {
    for (const by of [ec, rsa]) {
      const token = await by.sign(GOOD);
      const keys = new Keys(async () => ({ keys: [ec.jwk, rsa.jwk] }));
      assert.deepEqual(await checkIdToken(token, EXPECTED, keys, clockAt(NOW), true), GOOD);
    }
  });

  test('more than what is needed does no harm', async () => {
    const at_hash = Buffer.from(await sha256('at'), 'base64url').subarray(0, 16).toString('base64url');
    assert.equal(await check({ aud: [CLIENT], azp: CLIENT, at_hash, acr: 'urn:2fa', exp: SECONDS + 3600.5 }), 'fulfilled');
    assert.equal(await check({ aud: ['api', CLIENT], azp: CLIENT }), 'fulfilled');
  });

  test('a context that was asked for and an age that was allowed are honoured', async () => {
    assert.equal(await check({ acr: 'b' }, { expected: { acrValues: 'a b', maxAge: 0 } }), 'fulfilled');
    assert.equal(await check({}, { expected: { acrValues: 'urn:okta:loa:2fa:any:ifpossible' } }), 'fulfilled');
  });
});

describe('given an ID token that is no good', () => {
  for (const [fault, cases] of Object.entries({
    issuer_mismatch: [{ iss: `${ISSUER}/` }, { iss: undefined }, { iss: [ISSUER] }],
    audience_mismatch: [{ aud: 'another' }, { aud: [] }, { aud: undefined }, { aud: { [CLIENT]: 1 } }],
    authorized_party_mismatch: [{ azp: 'another' }, { aud: [CLIENT, 'api'] }, { aud: [CLIENT, 'api'], azp: 'api' }, { azp: null }],
    nonce_mismatch: [{ nonce: 'm' }, { nonce: undefined }, { nonce: ['n'] }],
    expired: [{ exp: SECONDS - 300 }, { exp: undefined }, { exp: 'soon' }, { exp: null }],
    issued_in_the_future: [{ iat: SECONDS + 301 }, { iat: undefined }, { iat: 'now' }],
    access_token_mismatch: [{ at_hash: 'AAAA' }, { at_hash: null }, { at_hash: 7 }],
    malformed: [{ sub: undefined }, { sub: 7 }],
  })) {
    test(fault, async () => {
      for (const claims of cases) assert.equal(await check(claims), fault, JSON.stringify(claims));
    });
  }

  test('acr_mismatch, authentication_too_old: what was asked for must be there', async () => {
    assert.equal(await check({ acr: 'c' }, { expected: { acrValues: 'a b' } }), 'acr_mismatch');
    assert.equal(await check({}, { expected: { acrValues: 'a b' } }), 'acr_mismatch');
    assert.equal(await check({ auth_time: SECONDS - 361 }, { expected: { maxAge: 60 } }), 'authentication_too_old');
    assert.equal(await check({ auth_time: undefined }, { expected: { maxAge: 60 } }), 'authentication_too_old');
  });

  test('algorithm_not_allowed: neither none nor a key that everybody knows', async () => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part(GOOD)}.`;
    assert.equal(await check({}, { raw: unsigned }), 'algorithm_not_allowed');
    const signed = `${part({ alg: 'HS256', kid: rsa.jwk.kid })}.${part(GOOD)}`;
    const hmac = createHmac('sha256', JSON.stringify(rsa.jwk)).update(signed).digest('base64url');
    assert.equal(await check({}, { raw: `${signed}.${hmac}` }), 'algorithm_not_allowed');
    for (const alg of ['RS512', 'PS256', 'es256', undefined, ['ES256']]) assert.equal(await check({}, { header: { alg } }), 'algorithm_not_allowed');
  });

  test('unknown_key: none of this id, kind or use', async () => {
    assert.equal(await check({}, { header: { kid: 'another' } }), 'unknown_key');
    assert.equal(await check({}, { keys: [] }), 'unknown_key');
    assert.equal(await check({}, { keys: [null, 7, 'key', { ...ec.jwk, use: 'enc' }, { ...ec.jwk, alg: 'ES384' }, { ...ec.jwk, crv: 'P-384' }] }), 'unknown_key');
    assert.equal(await check({}, { keys: [{ ...rsa.jwk, kid: ec.jwk.kid }] }), 'unknown_key');
    assert.equal(await check({}, { keys: [ec.jwk, other.jwk], header: { kid: undefined } }), 'unknown_key');
    assert.equal(await check({}, { keys: [ec.jwk, rsa.jwk], header: { kid: undefined } }), 'fulfilled');
  });

  test('signature_invalid: made by another key, or for other claims, or by a key that is none', async () => {
    assert.equal(await check({}, { by: other }), 'signature_invalid');
    const [header, , signature] = (await ec.sign(GOOD)).split('.');
    const claims = Buffer.from(JSON.stringify({ ...GOOD, sub: 'eve' })).toString('base64url');
    assert.equal(await check({}, { raw: `${header}.${claims}.${signature}` }), 'signature_invalid');
    assert.equal(await check({}, { raw: `${header}.${claims}.` }), 'signature_invalid');
    assert.equal(await check({}, { keys: [{ ...ec.jwk, x: 'AAAA' }] }), 'signature_invalid');
  });

  test('malformed: no compact JWS with JSON inside', async () => {
    const good = await ec.sign(GOOD);
    const [header, claims, signature] = good.split('.');
    const broken = ['', 'x', `${header}.${claims}`, `${good}.${signature}`, `${header}.W10.${signature}`, `bnVsbA.${claims}.${signature}`];
    for (const raw of [...broken, `${header}.__8.${signature}`, `${header}.${claims}.A`, `${header}. ${claims}.${signature}`]) {
      assert.equal(await check({}, { raw }), 'malformed', raw);
    }
  });
});

describe('given a renewal', () => {
  const before = { ...GOOD, iat: SECONDS - 10 };
  const renewed = (claims) => check(claims, { expected: { before } });

  test('the nonce may be missing, and must not be another (OIDC Core 12.2)', async () => {
    assert.equal(await renewed({ nonce: undefined }), 'fulfilled');
    assert.equal(await renewed({}), 'fulfilled');
    assert.equal(await renewed({ nonce: 'm' }), 'nonce_mismatch');
  });

  test('it is about the same person, and no older than two machines of one issuer may differ', async () => {
    assert.equal(await renewed({ sub: 'eve' }), 'subject_mismatch');
    assert.equal(await renewed({ iat: SECONDS - 311 }), 'expired');
    assert.equal(await renewed({ iat: SECONDS - 310 }), 'fulfilled');
  });
});

describe('given a device whose clock is a day wrong', () => {
  const DAY = 86_400_000;

  test('a server that tells the time is believed', async () => {
    assert.equal(await check({}, { now: NOW + DAY, isTimeKnown: true }), 'expired', 'the clock of this test was told');
    assert.equal(await check({}, { now: NOW - DAY, isTimeKnown: true }), 'issued_in_the_future');
  });

  test('where it does not, the token does', async () => {
    for (const now of [NOW + DAY, NOW - DAY]) assert.equal(await check({}, { now, isTimeKnown: false }), 'fulfilled');
    assert.equal(await check({ exp: SECONDS - 300 }, { now: NOW - DAY, isTimeKnown: false }), 'expired');
  });

  test('a token of another sign-in does not tell the time', async () => {
    const clock = clockAt(NOW + DAY);
    const token = await ec.sign({ ...GOOD, nonce: 'm' });
    assert.equal(await codeOf(checkIdToken(token, EXPECTED, new Keys(async () => ({ keys: [ec.jwk] })), clock, false)), 'id_token.nonce_mismatch');
    assert.equal(clock.now(), NOW + DAY);
  });
});

describe('given keys that change', () => {
  test('they are asked for once, and again when a token has another', async () => {
    let sets = [{ keys: [ec.jwk] }, { keys: [ec.jwk, rsa.jwk] }];
    let asked = 0;
    const keys = new Keys(async () => sets[asked++]);
    const claimsOf = async (by) => codeOf(checkIdToken(await by.sign(GOOD), EXPECTED, keys, clockAt(NOW), true));
    assert.deepEqual([await claimsOf(ec), await claimsOf(ec), asked], ['fulfilled', 'fulfilled', 1]);
    assert.deepEqual([await claimsOf(rsa), await claimsOf(rsa), await claimsOf(ec), asked], ['fulfilled', 'fulfilled', 'fulfilled', 2]);
  });

  test('a key without an id that was changed is found too', async () => {
    const [before, after] = [await signer(), await signer()];
    let set = { keys: [before.jwk] };
    const keys = new Keys(async () => set);
    const codeFor = async (by) => codeOf(checkIdToken(await by.sign(GOOD, { kid: undefined }), EXPECTED, keys, clockAt(NOW), true));
    assert.equal(await codeFor(before), 'fulfilled');
    set = { keys: [after.jwk] };
    assert.deepEqual([await codeFor(after), await codeFor(before)], ['fulfilled', 'id_token.signature_invalid']);
  });

  test('a failure to get them is no answer, and the next token asks again', async () => {
    let isUp = false;
    const keys = new Keys(async () => {
      if (!isUp) throw Object.assign(new Error(), { code: 'network.unreachable' });
      return { keys: [ec.jwk] };
    });
    const token = await ec.sign(GOOD);
    const checked = () => codeOf(checkIdToken(token, EXPECTED, keys, clockAt(NOW), true));
    assert.equal(await checked(), 'network.unreachable');
    isUp = true;
    assert.equal(await checked(), 'fulfilled');
  });
});
