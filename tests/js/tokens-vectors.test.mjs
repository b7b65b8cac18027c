// The arithmetic of `latchkey/tokens` against the examples that the standards print.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importTypeScript } from './support/typescript.mjs';

const { hashOf, parseJws, random, thumbprintOf } = await importTypeScript('widget/js/tokens/jwt.ts');
const { Keys } = await importTypeScript('widget/js/tokens/keys.ts');
const { Proofs } = await importTypeScript('widget/js/tokens/dpop.ts');
const { readChallenges } = await importTypeScript('widget/js/tokens/challenge.ts');

const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());

test('RFC 7636 appendix B: the challenge of a verifier', async () => {
  assert.equal(await hashOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test('RFC 7636 section 4.1: what is random is long enough, and of the right letters', () => {
  const made = new Set(Array.from({ length: 100 }, random));
  assert.equal(made.size, 100);
  for (const text of made) assert.match(text, /^[\w-]{43}$/);
});

test('RFC 7638 section 3.1: the hash of a canonical key', async () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
  assert.equal(await hashOf(JSON.stringify({ e: 'AQAB', kty: 'RSA', n })), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
});

describe('given the examples of RFC 9449', () => {
  const jwk = { kty: 'EC', x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs', y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA', crv: 'P-256' };

  test('section 6.1: the thumbprint of the key, whatever the order of its members', async () => {
    assert.equal(await thumbprintOf(jwk), '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
    assert.equal(await thumbprintOf({ ...jwk, use: 'sig', kid: 'x', d: 'never' }), '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
  });

  test('section 7.1: `ath` of the access token', async () => {
    assert.equal(await hashOf('Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'), 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo');
  });

  test('section 5, figure 2: its proof is read, and its signature is good', async () => {
    const proof =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg';
    const jws = parseJws(proof);
    assert.deepEqual(jws.header.jwk, jwk);
    assert.equal(jws.claims.htm, 'POST');
    assert.equal(await new Keys(async () => ({ keys: [jwk] })).verdict(jws), 'valid');
  });
});

describe('given a key of our own', () => {
  const clock = { now: () => 1_562_262_616_900 };
  const proofs = new Proofs({ indexedDB: undefined }, clock, 'test');

  /** A proof with its parts, after its signature was checked with the key in its own head (RFC 9449 section 4.3). */
  async function proved(request) {
    const proof = await proofs.prove(request);
    const [header, claims] = proof.split('.').slice(0, 2).map(decode);
    assert.equal(await new Keys(async () => ({ keys: [header.jwk] })).verdict(parseJws(proof)), 'valid');
    return { header, claims };
  }

  test('RFC 9449 section 4.2: a proof has what it must, and nothing of the key that is secret', async () => {
    const { header, claims } = await proved({ method: 'POST', url: 'https://server.example.com/token?a=1#b' });
    assert.deepEqual(Object.keys(header), ['typ', 'alg', 'jwk']);
    assert.equal(header.typ, 'dpop+jwt');
    assert.equal(header.alg, 'ES256');
    assert.deepEqual(Object.keys(header.jwk).sort(), ['crv', 'kty', 'x', 'y']);
    assert.deepEqual({ ...claims, jti: '' }, { htm: 'POST', htu: 'https://server.example.com/token', iat: 1_562_262_616, jti: '' });
    assert.equal(await proofs.thumbprint(), await thumbprintOf(header.jwk));
  });

  test('each proof is another one, by the same key', async () => {
    const [first, second] = [await proved({ method: 'GET', url: 'https://a.test/' }), await proved({ method: 'GET', url: 'https://a.test/' })];
    assert.notEqual(first.claims.jti, second.claims.jti);
    assert.deepEqual(first.header, second.header);
  });

  test('section 7: a proof that comes with a token names it', async () => {
    const { claims } = await proved({ method: 'GET', url: 'https://a.test/', accessToken: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU' });
    assert.equal(claims.ath, 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo');
  });

  test('section 8.2: a nonce is for the origin that gave it', async () => {
    proofs.learnFrom('https://a.test/x', new Headers({ 'dpop-nonce': 'n-1' }));
    proofs.learnFrom('https://a.test/x', new Headers());
    assert.deepEqual([{ 'dpop-nonce': 'n-1' }, {}].map((headers) => proofs.canCure('use_dpop_nonce', new Headers(headers))), [true, false]);
    assert.equal((await proved({ method: 'GET', url: 'https://a.test/y' })).claims.nonce, 'n-1');
    assert.equal((await proved({ method: 'GET', url: 'https://b.test/y' })).claims.nonce, undefined);
  });

  test('a forgotten key is not used again', async () => {
    const before = await proofs.thumbprint();
    proofs.forget();
    assert.notEqual(await proofs.thumbprint(), before);
  });
});

describe('given WWW-Authenticate', () => {
  const read = (header) => readChallenges(header).map(({ scheme, params }) => ({ scheme, ...params }));

  test('RFC 6750 section 3 and RFC 9470 section 3: the examples are read', () => {
    assert.deepEqual(read('Bearer realm="example", error="invalid_token", error_description="The access token expired"'), [
      { scheme: 'bearer', realm: 'example', error: 'invalid_token', error_description: 'The access token expired' },
    ]);
    assert.deepEqual(read('Bearer error="insufficient_user_authentication", acr_values="myACR", max_age="5"'), [
      { scheme: 'bearer', error: 'insufficient_user_authentication', acr_values: 'myACR', max_age: '5' },
    ]);
  });

  test('RFC 9110 section 11.6.1: several schemes, spaces, quotes within quotes, no quotes', () => {
    assert.deepEqual(read('Basic realm="simple", DPoP algs="ES256 RS256", error="use_dpop_nonce", newauth title="Login to \\"apps\\", please"'), [
      { scheme: 'basic', realm: 'simple' },
      { scheme: 'dpop', algs: 'ES256 RS256', error: 'use_dpop_nonce' },
      { scheme: 'newauth', title: 'Login to "apps", please' },
    ]);
    assert.deepEqual(read('Bearer error = invalid_token , max_age=300'), [{ scheme: 'bearer', error: 'invalid_token', max_age: '300' }]);
  });

  test('nonsense is passed over', () => {
    assert.deepEqual(read(null), []);
    assert.deepEqual(read('error="invalid_token"'), []);
    assert.equal(readChallenges(`Bearer ${'"'.repeat(50_000)}`)[0].scheme, 'bearer');
    assert.equal(readChallenges('Bearer __proto__="x"')[0].params.toString, Object.prototype.toString);
  });
});
