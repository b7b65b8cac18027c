// Signing in through a provider that is not ours: `oidc-provider` is the provider, okta-auth-js the client, and between them
// is the server, which is the one's client and the other's provider.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { CLIENT, otherProvider, signInThere } from './other-provider.mjs';
import { client, PAT, startServer } from './support.mjs';

/** A provider, and a server whose people may sign in through it. */
async function pair(configuration = '', about = '', registration = {}) {
  const provider = await otherProvider();
  const table = `
    [[identity_providers]]
    id = "canal"
    name = "Canal Union ID"
    issuer = "${provider.issuer}"
    client_id = "${CLIENT.client_id}"
    ${registration.token_endpoint_auth_method === 'none' ? '' : `client_secret = "${CLIENT.client_secret}"`}
    ${about}`;
  const server = await startServer(`${configuration}\n${table}`).catch(async (error) => {
    // Whoever listens keeps the tests from ending.
    await provider.stop();
    throw error;
  });
  provider.serve(`${server.origin}/oauth2/v1/authorize/callback`, registration);
  const stop = () => Promise.all([server.stop(), provider.stop()]);
  return { server, provider, stop };
}

/** A client in a page that this browser shows: the server knows by its cookies where a sign-in was begun. */
function clientIn(browser, issuer) {
  const httpRequestClient = async (method, url, { data, headers, withCredentials }) => {
    const isForm = headers['Content-Type'] === 'application/x-www-form-urlencoded';
    const body = data && typeof data !== 'string' ? (isForm ? new URLSearchParams(data).toString() : JSON.stringify(data)) : data;
    const send = withCredentials ? browser.fetch.bind(browser) : fetch;
    const answer = await send(url, { method, headers, body });
    const result = { responseText: await answer.text(), status: answer.status, headers: Object.fromEntries(answer.headers) };
    if (!answer.ok) throw result;
    return result;
  };
  return client(issuer, { httpRequestClient });
}

/** Begins a sign-in and goes to the provider: the client, the browser and the page that it is shown. */
async function depart(server, browser = new Browser(), begunIn = browser) {
  const auth = clientIn(begunIn, server.issuer);
  const { availableSteps, enabledFeatures } = await auth.idx.start();
  assert.ok(enabledFeatures.includes('redirect-idp'));
  const { href, idp, type } = availableSteps.find(({ name }) => name === 'redirect-idp');
  assert.deepEqual({ idp, type }, { idp: { id: 'canal', name: 'Canal Union ID' }, type: 'OIDC' });
  return { auth, browser, page: await browser.open(href) };
}

/** What the client makes of the address that the browser came back to. */
async function arrive(auth, { address }) {
  assert.equal(address.origin + address.pathname, 'http://localhost:4400/callback');
  await auth.idx.handleInteractionCodeRedirect(address.href);
  const { idToken, accessToken } = auth.tokenManager.getTokensSync();
  // It would wait for them to expire.
  auth.tokenManager.clear();
  await auth.token.verify(idToken, { clientId: 'demo-spa', issuer: auth.options.issuer, accessToken: accessToken.accessToken });
  return idToken.claims;
}

describe('given a server and a provider that is not ours', () => {
  let server, stop;
  before(async () => ({ server, stop } = await pair()));
  after(() => stop());

  test('somebody new gets an account, and the client tokens', async () => {
    const { auth, browser, page } = await depart(server);
    const claims = await arrive(auth, await signInThere(browser, page, 'robin'));
    assert.equal(claims.email, 'robin@canal.example');
    assert.equal(claims.name, 'Robin Canal');
    assert.equal(claims.idp, 'canal');
    assert.deepEqual(claims.amr, ['fed']);
  });

  test('the next time nothing is asked there, and it is the same account', async () => {
    const { auth, browser, page } = await depart(server);
    const first = await arrive(auth, await signInThere(browser, page, 'robin'));
    // The session there is enough: the browser is back at once.
    const { auth: again, page: back } = await depart(server, browser);
    assert.equal((await arrive(again, back)).sub, first.sub);
  });

  test('an address that both have made sure of leads to the account that has it', async () => {
    const { auth, browser, page } = await depart(server);
    const claims = await arrive(auth, await signInThere(browser, page, 'pat'));
    assert.equal(claims.email, PAT.email);
    assert.equal(claims.name, PAT.name);
  });

  test('an address that the provider has not made sure of leads nowhere', async () => {
    const { auth, browser, page } = await depart(server);
    const back = await signInThere(browser, page, 'mallory');
    assert.equal(back.address.searchParams.get('error'), 'access_denied');
    await assert.rejects(arrive(auth, back), { name: 'OAuthError', errorSummary: 'Canal Union ID has not verified your email address.' });
  });

  test('who turns back over there is told to the client, and can sign in another way', async () => {
    const { auth, browser, page } = await depart(server);
    const back = await browser.follow(page, 'Cancel');
    await assert.rejects(arrive(auth, back), { name: 'OAuthError', errorCode: 'access_denied' });
    await auth.idx.start();
    await auth.idx.proceed({ step: 'identify', username: PAT.email });
    const { status } = await auth.idx.proceed({ step: 'challenge-authenticator', password: PAT.password });
    assert.equal(status, 'SUCCESS');
  });

  test('in a browser that has not begun it the person is asked first, and goes on by a link', async () => {
    const { auth, browser, page } = await depart(server, new Browser(), new Browser());
    assert.equal(page.address.origin, server.origin);
    assert.match(page.html, /Demo app asks you to sign in with Canal Union ID\./);
    const there = await browser.follow(page, 'Go on to Canal Union ID');
    const claims = await arrive(auth, await signInThere(browser, there, 'robin'));
    assert.equal(claims.idp, 'canal');
  });

  test('coming back a second time, or in another browser, leads nowhere', async () => {
    const { browser, page } = await depart(server);
    await signInThere(browser, page, 'robin');
    const callback = browser.visited.find((address) => address.includes('/authorize/callback?'));
    for (const again of [browser, new Browser()]) {
      const { status, html } = await again.open(callback);
      assert.equal(status, 400);
      assert.match(html, /This sign-in cannot go on here/);
    }
  });
});

describe('given a server that asks for a second proof', () => {
  let server, stop;
  before(async () => ({ server, stop } = await pair('[policy]\nsecond_factor = "always"')));
  after(() => stop());

  test('the client goes on with the transaction that it has kept', async () => {
    const { auth, browser, page } = await depart(server);
    const { address } = await signInThere(browser, page, 'robin');
    assert.ok(auth.idx.isInteractionRequired(address.search));
    // The page was left and is loaded again: of what it had there is the transaction, and not the last answer.
    auth.transactionManager.clearIdxResponse();
    const verificationCode = await server.codeFor('robin@canal.example');
    const transaction = await auth.idx.proceed({ step: 'challenge-authenticator', verificationCode });
    assert.equal(transaction.status, 'SUCCESS', JSON.stringify(transaction.messages));
    const { claims } = transaction.tokens.idToken;
    assert.deepEqual(claims.amr, ['fed', 'otp', 'mfa']);
    assert.equal(claims.idp, 'canal');
  });
});

describe('given a server that takes the provider as a second proof', () => {
  const policy = '[policy]\nsecond_factor = "if_enrolled"\n[policy.authenticators]\nidentity_provider = "optional"';
  let server, stop;
  before(async () => ({ server, stop } = await pair(policy, 'factor = true')));
  after(() => stop());

  /** Signs Pat in as far as the step after the password. */
  async function afterPassword(auth) {
    await auth.idx.start();
    await auth.idx.proceed({ step: 'identify', username: PAT.email });
    return auth.idx.proceed({ step: 'challenge-authenticator', password: PAT.password });
  }

  /** Where the step of a provider leads. */
  const wayOut = ({ availableSteps }) => availableSteps.find(({ name }) => name === 'redirect-idp').href;

  test('it is set up by a way there and back, and asked for from then on, anew each time', async () => {
    const browser = new Browser();
    const auth = clientIn(browser, server.issuer);
    assert.equal((await afterPassword(auth)).nextStep.name, 'select-authenticator-enroll');
    const setUp = await auth.idx.proceed({ step: 'select-authenticator-enroll', authenticator: 'external_idp' });
    const enrolled = await signInThere(browser, await browser.open(wayOut(setUp)), 'robin');
    assert.deepEqual((await arrive(auth, enrolled)).amr, ['pwd', 'fed', 'mfa']);

    const again = clientIn(browser, server.issuer);
    const page = await browser.open(wayOut(await afterPassword(again)));
    // The browser has a session there, which is not enough.
    assert.equal(page.status, 200);
    const claims = await arrive(again, await signInThere(browser, page, 'robin'));
    assert.deepEqual(claims.amr, ['pwd', 'fed', 'mfa']);
    assert.equal(claims.email, PAT.email);
    assert.equal(claims.idp, undefined);
  });
});

// OIDC Core 9, and the two algorithms that are taken.
for (const [title, registration] of [
  ['a secret in the body', { token_endpoint_auth_method: 'client_secret_post' }],
  ['no secret at all', { token_endpoint_auth_method: 'none', client_secret: undefined }],
  ['ID tokens signed by an elliptic curve', { id_token_signed_response_alg: 'ES256' }],
]) {
  test(`given a provider that wants ${title}, it is the same`, async () => {
    const { server, stop } = await pair('', '', registration);
    try {
      const { auth, browser, page } = await depart(server);
      assert.equal((await arrive(auth, await signInThere(browser, page, 'robin'))).email, 'robin@canal.example');
    } finally {
      await stop();
    }
  });
}

test('given a provider whose secret is another, nobody gets in', async () => {
  const { server, stop } = await pair('', '', { client_secret: 'another' });
  try {
    const { auth, browser, page } = await depart(server);
    const back = await signInThere(browser, page, 'robin');
    await assert.rejects(arrive(auth, back), { name: 'OAuthError', errorCode: 'server_error' });
  } finally {
    await stop();
  }
});
