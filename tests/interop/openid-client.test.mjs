// openid-client, a certified relying-party library, through every OAuth flow of the server. It checks issuer, state, nonce,
// PKCE, signatures and claims by itself: what it accepts, it has checked.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as client from 'openid-client';
import { AuthorizingPerson } from './authorizing-person.mjs';
import { CLIENTS, OLD_CALLBACK, SECRETS, SPA_CALLBACK, WEB_CALLBACK } from './oauth-clients.mjs';
import { PAT, startServer } from './support.mjs';

describe('given a server, and openid-client', () => {
  let server;
  before(async () => (server = await startServer(CLIENTS)));
  after(() => server.stop());

  /** The client as the server's discovery describes it; signatures are checked also where TLS would do. */
  async function configure(clientId, authentication = client.None(), issuer = server.issuer) {
    const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
    return client.discovery(new URL(issuer), clientId, undefined, authentication, { execute });
  }

  /** Sends a person off, and says what the client has to remember meanwhile. */
  async function leave(config, redirect_uri, parameters = {}) {
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const code_challenge = await client.calculatePKCECodeChallenge(verifier);
    const scope = 'openid profile email offline_access';
    const all = { redirect_uri, scope, state, nonce, code_challenge, code_challenge_method: 'S256', ...parameters };
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    return { address: client.buildAuthorizationUrl(config, all), checks, nonce, state };
  }

  /** A whole sign-in with a code. */
  async function signIn(config, redirectUri, { parameters, person = new AuthorizingPerson(PAT) } = {}) {
    const { address, checks } = await leave(config, redirectUri, parameters);
    return client.authorizationCodeGrant(config, await person.authorize(address), checks);
  }

  const spa = () => configure('demo-spa');
  const basic = () => configure('web-basic', client.ClientSecretBasic(SECRETS['web-basic']));
  const post = () => configure('web-post', client.ClientSecretPost(SECRETS['web-post']));

  for (const [title, configured, callback] of [
    ['a public client', spa, SPA_CALLBACK],
    ['a secret in the header', basic, WEB_CALLBACK],
    ['a secret in the body', post, WEB_CALLBACK],
  ]) {
    test(`a code with PKCE is exchanged by ${title}`, async () => {
      const config = await configured();
      const tokens = await signIn(config, callback);
      assert.equal(tokens.claims().email, PAT.email);
      const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
      assert.equal(userinfo.name, PAT.name);
    });
  }

  test('a wrong secret is refused', async () => {
    const config = await configure('web-basic', client.ClientSecretBasic('the wrong secret altogether'));
    await assert.rejects(signIn(config, WEB_CALLBACK), { status: 401 });
  });

  test('a device without a browser gets tokens once somebody has typed its code', async () => {
    const config = await configure('television');
    const asked = await client.initiateDeviceAuthorization(config, { scope: 'openid email offline_access' });
    const polled = client.pollDeviceAuthorizationGrant(config, { ...asked, interval: 1 });
    assert.equal(await new AuthorizingPerson(PAT).activate(new URL(server.issuer).origin, asked.user_code), 'idx.device.activated');
    const tokens = await polled;
    assert.equal(tokens.claims().email, PAT.email);
    assert.ok(tokens.refresh_token);
  });

  test('the answer comes as a form', async () => {
    const config = await basic();
    const { address, checks } = await leave(config, WEB_CALLBACK, { response_mode: 'form_post' });
    const request = await new AuthorizingPerson(PAT).authorizeByForm(address);
    const tokens = await client.authorizationCodeGrant(config, request, checks);
    assert.equal(tokens.claims().email, PAT.email);
  });

  test('an ID token comes by the implicit flow, where the client may', async () => {
    const config = await configure('old-spa');
    client.useIdTokenResponseType(config);
    const parameters = { response_type: 'id_token', scope: 'openid email', redirect_uri: OLD_CALLBACK };
    const [nonce, state] = [client.randomNonce(), client.randomState()];
    const address = client.buildAuthorizationUrl(config, { ...parameters, nonce, state });
    const back = await new AuthorizingPerson(PAT).authorize(address);
    const claims = await client.implicitAuthentication(config, back, nonce, { expectedState: state });
    assert.equal(claims.email, PAT.email);
  });

  test('a code and an ID token come together by the hybrid flow', async () => {
    const config = await configure('old-spa');
    client.useCodeIdTokenResponseType(config);
    const { address, checks } = await leave(config, OLD_CALLBACK, { response_type: 'code id_token' });
    const tokens = await client.authorizationCodeGrant(config, await new AuthorizingPerson(PAT).authorize(address), checks);
    assert.equal(tokens.claims().email, PAT.email);
  });

  test('a session makes the next client’s sign-in silent; without one it is refused', async () => {
    const person = new AuthorizingPerson(PAT);
    const config = await basic();
    const silent = { prompt: 'none' };
    await assert.rejects(signIn(config, WEB_CALLBACK, { parameters: silent, person }), { error: 'login_required' });
    const first = await signIn(await spa(), SPA_CALLBACK, { person });
    const second = await signIn(config, WEB_CALLBACK, { parameters: silent, person });
    assert.equal(second.claims().sub, first.claims().sub);
    assert.equal(second.claims().auth_time, first.claims().auth_time);
  });

  test('max_age asks again, and the client sees when it was', async () => {
    const person = new AuthorizingPerson(PAT);
    const config = await basic();
    await signIn(config, WEB_CALLBACK, { person });
    const { address, checks } = await leave(config, WEB_CALLBACK, { max_age: '3600' });
    const tokens = await client.authorizationCodeGrant(config, await person.authorize(address), { ...checks, maxAge: 3600 });
    assert.ok(tokens.claims().auth_time);
  });

  test('an answer in the name of another issuer is refused: RFC 9207', async () => {
    const config = await spa();
    const { address, checks } = await leave(config, SPA_CALLBACK);
    const back = await new AuthorizingPerson(PAT).authorize(address);
    assert.equal(back.searchParams.get('iss'), server.issuer);
    back.searchParams.set('iss', 'https://evil.example');
    await assert.rejects(client.authorizationCodeGrant(config, back, checks), ({ cause }) => /unexpected "iss"/.test(cause.message));
  });

  test('a code is good once, and its second use ends what the first has brought', async () => {
    const config = await basic();
    const { address, checks } = await leave(config, WEB_CALLBACK);
    const back = await new AuthorizingPerson(PAT).authorize(address);
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    await assert.rejects(client.authorizationCodeGrant(config, back, checks), { error: 'invalid_grant' });
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
  });

  test('a code is nothing without its verifier', async () => {
    const config = await spa();
    const { address, checks } = await leave(config, SPA_CALLBACK);
    const back = await new AuthorizingPerson(PAT).authorize(address);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    await assert.rejects(client.authorizationCodeGrant(config, back, { ...checks, pkceCodeVerifier }), { error: 'invalid_grant' });
  });

  test('tokens are renewed, and a refresh token that was used already ends them all', async () => {
    const config = await spa();
    const tokens = await signIn(config, SPA_CALLBACK);
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(renewed.refresh_token, tokens.refresh_token);
    assert.equal(renewed.claims().sub, tokens.claims().sub);
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
    await assert.rejects(client.refreshTokenGrant(config, renewed.refresh_token), { error: 'invalid_grant' });
  });

  test('tokens are introspected, and revoked', async () => {
    const config = await basic();
    const tokens = await signIn(config, WEB_CALLBACK);
    const described = await client.tokenIntrospection(config, tokens.access_token);
    assert.equal(described.active, true);
    assert.equal(described.client_id, 'web-basic');
    await client.tokenRevocation(config, tokens.access_token);
    assert.deepEqual(await client.tokenIntrospection(config, tokens.access_token), { active: false });
    assert.equal((await client.tokenIntrospection(config, tokens.refresh_token)).active, true);
    await client.tokenRevocation(config, tokens.refresh_token);
    assert.deepEqual(await client.tokenIntrospection(config, tokens.refresh_token), { active: false });
  });

  test('a machine has tokens of its own', async () => {
    const config = await configure('service', client.ClientSecretBasic(SECRETS.service));
    const tokens = await client.clientCredentialsGrant(config, { scope: 'orders:read' });
    assert.equal(tokens.scope, 'orders:read');
    assert.equal(tokens.refresh_token, undefined);
  });

  test('a name and a password are exchanged, where the client may', async () => {
    const config = await configure('old-spa');
    const parameters = { username: PAT.email, password: PAT.password, scope: 'openid email' };
    const tokens = await client.genericGrantRequest(config, 'password', parameters);
    assert.ok(tokens.access_token);
    await assert.rejects(client.genericGrantRequest(await spa(), 'password', parameters), { error: 'unauthorized_client' });
  });

  test('keys follow one another while clients are about', async () => {
    const config = await spa();
    const first = await signIn(config, SPA_CALLBACK);
    const published = async () => (await (await fetch(config.serverMetadata().jwks_uri)).json()).keys.length;
    const before = await published();
    await server.command('rotate-keys');
    assert.equal(await published(), before + 1);
    // The client keeps the key set that it has: the new key does not sign before everybody can know it.
    const second = await signIn(config, SPA_CALLBACK);
    assert.equal(second.claims().sub, first.claims().sub);
    await client.fetchUserInfo(config, first.access_token, first.claims().sub);
  });

  test('a class of sign-in is asked for, and said', async () => {
    const config = await basic();
    const acr = 'urn:okta:loa:1fa:pwd';
    const tokens = await signIn(config, WEB_CALLBACK, { parameters: { acr_values: acr } });
    assert.equal(tokens.claims().acr, acr);
  });

  test('signing out ends the session and comes back', async () => {
    const person = new AuthorizingPerson(PAT);
    const config = await basic();
    const tokens = await signIn(config, WEB_CALLBACK, { person });
    const state = client.randomState();
    const parameters = { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'http://localhost:4600/bye', state };
    const back = await person.authorize(client.buildEndSessionUrl(config, parameters));
    assert.equal(back.href, `http://localhost:4600/bye?state=${state}`);
    await assert.rejects(signIn(config, WEB_CALLBACK, { parameters: { prompt: 'none' }, person }), { error: 'login_required' });
  });

  test('the tokens of one authorization server are nothing to another', async () => {
    const config = await spa();
    const { access_token } = await signIn(config, SPA_CALLBACK);
    const organisation = await configure('demo-spa', client.None(), server.origin);
    await assert.rejects(client.fetchUserInfo(organisation, access_token, client.skipSubjectCheck));
  });
});
