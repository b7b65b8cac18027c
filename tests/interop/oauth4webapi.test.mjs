// oauth4webapi, the certified library below openid-client, used by hand: each request and each check of an answer is a call of
// its own, so that nothing passes because a convenience left it out.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { AuthorizingPerson } from './authorizing-person.mjs';
import { CLIENTS, OLD_CALLBACK, SECRETS, SPA_CALLBACK, WEB_CALLBACK } from './oauth-clients.mjs';
import { PAT, startServer } from './support.mjs';

const INSECURE = { [oauth.allowInsecureRequests]: true };

const SPA = { client: { client_id: 'demo-spa' }, authentication: oauth.None(), callback: SPA_CALLBACK };
const WEB = { client: { client_id: 'web-basic' }, authentication: oauth.ClientSecretBasic(SECRETS['web-basic']), callback: WEB_CALLBACK };
const POST = { client: { client_id: 'web-post' }, authentication: oauth.ClientSecretPost(SECRETS['web-post']), callback: WEB_CALLBACK };
const SERVICE = { client: { client_id: 'service' }, authentication: oauth.ClientSecretBasic(SECRETS.service) };

describe('given a server, and oauth4webapi', () => {
  let server;
  let as;
  before(async () => {
    server = await startServer(CLIENTS);
    as = await discover(server.issuer);
  });
  after(() => server.stop());

  async function discover(issuer, options = {}) {
    const answer = await oauth.discoveryRequest(new URL(issuer), { ...INSECURE, ...options });
    return oauth.processDiscoveryResponse(new URL(issuer), answer);
  }

  /** Sends a person off, and says what comes back and what was remembered meanwhile. */
  async function authorize({ client, callback }, { person = new AuthorizingPerson(PAT), at = as, ...parameters } = {}) {
    const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
    const address = new URL(at.authorization_endpoint);
    const asked = {
      client_id: client.client_id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid email offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...parameters,
    };
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
    return { back: await person.authorize(address), verifier, state, nonce };
  }

  /** Exchanges the code of an answer; the signature of the ID token is checked, too. */
  async function redeem({ client, authentication, callback }, { back, verifier, state, nonce }, at = as) {
    const params = oauth.validateAuthResponse(at, client, back, state);
    const answer = await oauth.authorizationCodeGrantRequest(at, client, authentication, params, callback, verifier, INSECURE);
    const tokens = await oauth.processAuthorizationCodeResponse(at, client, answer, { expectedNonce: nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(at, answer, INSECURE);
    return tokens;
  }

  const signIn = async (who, parameters) => redeem(who, await authorize(who, parameters), parameters?.at);

  async function refresh({ client, authentication }, token) {
    const answer = await oauth.refreshTokenGrantRequest(as, client, authentication, token, INSECURE);
    return oauth.processRefreshTokenResponse(as, client, answer);
  }

  async function introspect({ client, authentication }, token) {
    const answer = await oauth.introspectionRequest(as, client, authentication, token, INSECURE);
    return oauth.processIntrospectionResponse(as, client, answer);
  }

  async function revoke({ client, authentication }, token) {
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, token, INSECURE));
  }

  test('a device gets tokens once somebody has typed its code', async () => {
    const [client, authentication] = [{ client_id: 'television' }, oauth.None()];
    const request = await oauth.deviceAuthorizationRequest(as, client, authentication, { scope: 'openid email' }, INSECURE);
    const asked = await oauth.processDeviceAuthorizationResponse(as, client, request);
    assert.equal(await new AuthorizingPerson(PAT).activate(server.origin, asked.user_code.toLowerCase()), 'idx.device.activated');
    const answer = await oauth.deviceCodeGrantRequest(as, client, authentication, asked.device_code, INSECURE);
    const tokens = await oauth.processDeviceCodeResponse(as, client, answer);
    assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.aud, 'television');
  });

  test('both discovery documents describe the same server, at each authorization server', async () => {
    for (const issuer of [server.issuer, server.origin]) {
      const [openid, oauth2] = [await discover(issuer), await discoverOauth2(issuer)];
      assert.equal(openid.issuer, issuer);
      assert.equal(openid.token_endpoint, oauth2.token_endpoint);
      assert.ok(openid.code_challenge_methods_supported.includes('S256'));
      assert.equal(openid.authorization_response_iss_parameter_supported, true);
    }
  });

  /** Okta's clients look below the issuer; RFC 8414 section 3.1 puts the well-known part before its path. */
  async function discoverOauth2(issuer) {
    const answer = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
    return oauth.processDiscoveryResponse(new URL(issuer), answer);
  }

  for (const [title, who] of Object.entries({ 'a public client': SPA, 'a secret in the header': WEB, 'a secret in the body': POST })) {
    test(`a code with PKCE is exchanged by ${title}`, async () => {
      const tokens = await signIn(who);
      const claims = oauth.getValidatedIdTokenClaims(tokens);
      assert.equal(claims.email, PAT.email);
      const answer = await oauth.userInfoRequest(as, who.client, tokens.access_token, INSECURE);
      const userinfo = await oauth.processUserInfoResponse(as, who.client, claims.sub, answer);
      assert.equal(userinfo.email, PAT.email);
    });
  }

  test('the organisation’s own authorization server does the same', async () => {
    const at = await discover(server.origin);
    const tokens = await signIn(SPA, { at });
    assert.equal(oauth.getValidatedIdTokenClaims(tokens).iss, server.origin);
  });

  test('the answer of another issuer, and another state, are refused', async () => {
    const authorized = await authorize(SPA);
    assert.throws(() => oauth.validateAuthResponse(as, SPA.client, authorized.back, oauth.generateRandomState()), /state/);
    const mixed = new URL(authorized.back);
    mixed.searchParams.set('iss', server.origin);
    assert.throws(() => oauth.validateAuthResponse(as, SPA.client, mixed, authorized.state), /iss/);
    // RFC 9207: and one without, since the server says that it always names itself.
    mixed.searchParams.delete('iss');
    assert.throws(() => oauth.validateAuthResponse(as, SPA.client, mixed, authorized.state), /iss/);
  });

  test('an error comes back with state and issuer', async () => {
    const { back, state } = await authorize(SPA, { prompt: 'none' });
    assert.throws(() => oauth.validateAuthResponse(as, SPA.client, back, state), { error: 'login_required' });
  });

  test('a code is nothing to another client, nor with another redirect URI', async () => {
    const authorized = await authorize(WEB);
    await assert.rejects(redeem(POST, authorized), { error: 'invalid_grant' });
    const again = await authorize(WEB);
    await assert.rejects(redeem({ ...WEB, callback: SPA_CALLBACK }, again), { error: 'invalid_grant' });
  });

  test('a code and an ID token come together, and the one is bound to the other', async () => {
    const who = { client: { client_id: 'old-spa' }, authentication: oauth.None(), callback: OLD_CALLBACK };
    const { back, state, nonce, verifier } = await authorize(who, { response_type: 'code id_token' });
    const params = await oauth.validateCodeIdTokenResponse(as, who.client, back, nonce, state, undefined, INSECURE);
    const answer = await oauth.authorizationCodeGrantRequest(as, who.client, who.authentication, params, OLD_CALLBACK, verifier, INSECURE);
    await oauth.processAuthorizationCodeResponse(as, who.client, answer, { expectedNonce: nonce, requireIdToken: true });
  });

  test('max_age and the time of the sign-in', async () => {
    const authorized = await authorize(WEB, { max_age: '600' });
    const params = oauth.validateAuthResponse(as, WEB.client, authorized.back, authorized.state);
    const { client, authentication, callback } = WEB;
    const answer = await oauth.authorizationCodeGrantRequest(as, client, authentication, params, callback, authorized.verifier, INSECURE);
    const checks = { expectedNonce: authorized.nonce, maxAge: 600, requireIdToken: true };
    await oauth.processAuthorizationCodeResponse(as, client, answer, checks);
  });

  test('tokens are renewed, once each', async () => {
    const tokens = await signIn(WEB);
    const renewed = await refresh(WEB, tokens.refresh_token);
    await assert.rejects(refresh(WEB, tokens.refresh_token), { error: 'invalid_grant' });
    await assert.rejects(refresh(WEB, renewed.refresh_token), { error: 'invalid_grant' });
  });

  test('tokens are introspected and revoked', async () => {
    const tokens = await signIn(WEB);
    assert.equal((await introspect(WEB, tokens.access_token)).active, true);
    await revoke(WEB, tokens.access_token);
    assert.deepEqual(await introspect(WEB, tokens.access_token), { active: false });
    await revoke(WEB, tokens.refresh_token);
    await assert.rejects(refresh(WEB, tokens.refresh_token), { error: 'invalid_grant' });
  });

  test('a machine has tokens of its own', async () => {
    const { client, authentication } = SERVICE;
    const answer = await oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: 'orders:read' }, INSECURE);
    const tokens = await oauth.processClientCredentialsResponse(as, client, answer);
    assert.equal(tokens.scope, 'orders:read');
  });

  test('an API checks an access token by the server’s keys alone: RFC 9068', async () => {
    const { access_token } = await signIn(SPA);
    const request = (token) => new Request('http://localhost:4600/api', { headers: { authorization: `Bearer ${token}` } });
    const claims = await oauth.validateJwtAccessToken(as, request(access_token), 'api://default', INSECURE);
    assert.equal(claims.client_id, 'demo-spa');
    await assert.rejects(oauth.validateJwtAccessToken(as, request(access_token), 'api://other', INSECURE), /aud/);
  });

  test('an ID token is no access token', async () => {
    const { id_token } = await signIn(SPA);
    const request = new Request('http://localhost:4600/api', { headers: { authorization: `Bearer ${id_token}` } });
    await assert.rejects(oauth.validateJwtAccessToken(as, request, 'demo-spa', INSECURE), /typ/);
  });
});
