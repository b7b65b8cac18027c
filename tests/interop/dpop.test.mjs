// Tokens that are bound to a key (RFC 9449): two certified libraries and `latchkey/tokens` against the server, with nonces of the
// server and without. oauth4webapi is also the API that is shown the tokens: it checks them by the server's key set alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { FakeBrowser } from '../js/support/tokens-world.mjs';
import { AuthorizingPerson } from './authorizing-person.mjs';
import { CLIENTS, SECRETS, SPA_CALLBACK } from './oauth-clients.mjs';
import { PAT, startServer } from './support.mjs';

const INSECURE = { [oauth.allowInsecureRequests]: true };
const API = 'http://localhost:4600/api';
const AUDIENCE = 'api://default';
const SCOPE = 'openid profile email offline_access';

const NONCES = {
  'without nonces': '',
  'with a nonce in each proof': '\n[server.dpop]\nnonce = "required"\n',
};

for (const [title, tables] of Object.entries(NONCES)) {
  describe(`given a server ${title}`, () => {
    let server;
    before(async () => (server = await startServer(CLIENTS + tables)));
    after(() => server.stop());

    for (const algorithm of ['ES256', 'RS256', 'PS256']) {
      test(`openid-client signs in, renews and asks userinfo with ${algorithm}`, async () => {
        const [config, DPoP] = await relyingParty(server, algorithm);
        const tokens = await signIn(config, DPoP);
        assert.equal(tokens.token_type, 'dpop');
        const { sub } = tokens.claims();
        assert.equal((await openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP })).email, PAT.email);
        const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
        assert.equal((await openid.fetchUserInfo(config, renewed.access_token, sub, { DPoP })).email, PAT.email);
      });
    }

    test('what openid-client holds is of no use to anybody else', async () => {
      const [config, DPoP] = await relyingParty(server, 'ES256');
      const tokens = await signIn(config, DPoP);
      await assert.rejects(openid.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
      await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
      const [, another] = await relyingParty(server, 'ES256');
      await assert.rejects(openid.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP: another }));
      await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: another }), { error: 'invalid_grant' });
      await openid.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    });

    test('a code that was asked for with one key is not exchanged with another', async () => {
      const [config, DPoP] = await relyingParty(server, 'ES256');
      const [, thief] = await relyingParty(server, 'ES256');
      const parameters = { dpop_jkt: await DPoP.calculateThumbprint() };
      await assert.rejects(signIn(config, thief, parameters), { error: 'invalid_grant' });
      assert.ok(await signIn(config, DPoP, parameters));
    });

    test('a machine has bound tokens, and introspection says to which key', async () => {
      const config = await configure(server, 'service', openid.ClientSecretBasic(SECRETS.service));
      const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
      const tokens = await openid.clientCredentialsGrant(config, { scope: 'orders:read' }, { DPoP });
      const described = await openid.tokenIntrospection(config, tokens.access_token);
      assert.equal(described.token_type, 'DPoP');
      assert.deepEqual(described.cnf, { jkt: await DPoP.calculateThumbprint() });
    });

    test('an API checks token and proof by the server’s keys alone', async () => {
      const as = await discover(server);
      const client = { client_id: 'service' };
      const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
      const authentication = oauth.ClientSecretBasic(SECRETS.service);
      const ask = () => oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: 'orders:read' }, { ...INSECURE, DPoP });
      const process = async () => oauth.processClientCredentialsResponse(as, client, await ask());
      // The first answer may be that a nonce is wanted; by hand that is a second call.
      const { access_token } = await process().catch((error) => (oauth.isDPoPNonceError(error) ? process() : Promise.reject(error)));
      let seen;
      const api = (url, init) => Promise.resolve(new Response('', { status: (seen = new Request(url, init)) && 200 }));
      await oauth.protectedResourceRequest(access_token, 'GET', new URL(API), undefined, undefined, { ...INSECURE, DPoP, [oauth.customFetch]: api });
      const claims = await oauth.validateJwtAccessToken(as, seen.clone(), AUDIENCE, { ...INSECURE, requireDPoP: true });
      assert.equal(claims.client_id, 'service');
      assert.deepEqual([claims.scp, claims.scope], [['orders:read'], 'orders:read']);
      seen.headers.set('authorization', `Bearer ${access_token}`);
      await assert.rejects(oauth.validateJwtAccessToken(as, seen, AUDIENCE, INSECURE));
    });

    test('latchkey/tokens signs in, renews, asks userinfo, and a thief gets nowhere', async () => {
      const { session, tab } = openPage(server);
      await session.signInWithRedirect();
      tab.href = (await new AuthorizingPerson(PAT).authorize(new URL(tab.visits.pop()))).href;
      const { tokens } = await session.handleCallback();
      assert.equal(tokens.tokenType, 'DPoP');
      assert.equal((await session.userinfo()).email, PAT.email);
      const renewed = await session.renew();
      assert.notEqual(renewed.accessToken, tokens.accessToken);
      assert.equal((await session.userinfo()).email, PAT.email);
      const stolen = await fetch(`${server.issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${renewed.accessToken}` } });
      assert.equal(stolen.status, 401);
      assert.match(stolen.headers.get('www-authenticate'), /^DPoP error="invalid_token"/);
      session.destroy();
    });
  });
}

async function configure(server, clientId, authentication) {
  const execute = [openid.allowInsecureRequests, openid.enableNonRepudiationChecks];
  return openid.discovery(new URL(server.issuer), clientId, undefined, authentication, { execute });
}

/** A public client with a key of its own. */
async function relyingParty(server, algorithm) {
  const config = await configure(server, 'demo-spa', openid.None());
  assert.ok(config.serverMetadata().dpop_signing_alg_values_supported.includes(algorithm));
  return [config, openid.getDPoPHandle(config, await openid.randomDPoPKeyPair(algorithm))];
}

async function signIn(config, DPoP, parameters = {}) {
  const [pkceCodeVerifier, expectedState, expectedNonce] = [openid.randomPKCECodeVerifier(), openid.randomState(), openid.randomNonce()];
  const code_challenge = await openid.calculatePKCECodeChallenge(pkceCodeVerifier);
  const asked = { redirect_uri: SPA_CALLBACK, scope: SCOPE, state: expectedState, nonce: expectedNonce, code_challenge, code_challenge_method: 'S256' };
  const address = openid.buildAuthorizationUrl(config, { ...asked, ...parameters });
  const back = await new AuthorizingPerson(PAT).authorize(address);
  return openid.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState, expectedNonce }, undefined, { DPoP });
}

async function discover(server) {
  const issuer = new URL(server.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, INSECURE));
}

/** A page of ours that binds its tokens. */
function openPage(server) {
  const world = new FakeBrowser();
  world.server.fetch = fetch;
  world.day = Date.now();
  const options = { issuer: server.issuer, clientId: 'demo-spa', scopes: SCOPE.split(' '), redirectUri: SPA_CALLBACK, dpop: true };
  return world.open(options, world.tab({ href: 'http://localhost:4400/account' }));
}
