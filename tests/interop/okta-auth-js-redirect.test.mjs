// The redirect model with @okta/okta-auth-js in a real browser: to the server's own sign-in page, where the package's widget is,
// and back with a code; a silent renewal in a hidden frame; signing out.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HOSTED } from './oauth-clients.mjs';
import { redirectSite } from './redirect-site.mjs';
import { PAT, startServer } from './support.mjs';
import { browser } from './widget-page.mjs';

describe('given a page with okta-auth-js, and a server with a sign-in page of its own', () => {
  let site;
  let server;
  let chromium;

  before(async () => {
    site = await redirectSite();
    server = await startServer(HOSTED, { origins: [site.origin] });
    site.serve(server.issuer);
    chromium = await browser();
  });
  after(async () => {
    await chromium.close();
    await server.stop();
    site.stop();
  });

  /** The customer's page, in a browser profile of its own. */
  async function open() {
    const page = await (await chromium.newContext()).newPage();
    page.setDefaultTimeout(20_000);
    await arrive(page);
    return page;
  }

  async function arrive(page) {
    await page.goto(site.origin);
    await page.locator('[data-ready]').waitFor();
  }

  /** Goes to the server's page, signs in there, and comes back; says what the client made of the answer. */
  async function signIn(page) {
    await page.evaluate(() => void window.auth.token.getWithRedirect({ state: 'a state of the page' }));
    await page.waitForURL(`${server.origin}/**`);
    await page.locator('input[autocomplete~="username"]').fill(PAT.email);
    await page.locator('button[type=submit]').click();
    await page.locator('input[type=password]').fill(PAT.password);
    await page.locator('button[type=submit]').click();
    await page.waitForURL(`${site.origin}/callback**`);
    await page.locator('[data-ready]').waitFor();
    return page.evaluate(async () => {
      const { tokens, state } = await window.auth.token.parseFromUrl();
      window.auth.tokenManager.setTokens(tokens);
      const userinfo = await window.auth.token.getUserInfo(tokens.accessToken, tokens.idToken);
      return { state, claims: tokens.idToken.claims, userinfo };
    });
  }

  test('a code with PKCE comes back, and the page is signed in', async () => {
    const page = await open();
    const { state, claims, userinfo } = await signIn(page);
    assert.equal(state, 'a state of the page');
    assert.equal(claims.email, PAT.email);
    assert.equal(userinfo.name, PAT.name);
    await page.context().close();
  });

  test('new tokens come without a page, as long as there is a session', async () => {
    const page = await open();
    const { claims } = await signIn(page);
    const silent = await page.evaluate(async () => (await window.auth.token.getWithoutPrompt()).tokens.idToken.claims);
    assert.equal(silent.sub, claims.sub);
    assert.equal(silent.auth_time, claims.auth_time);
    await page.context().clearCookies();
    const refused = await page.evaluate(() => window.auth.token.getWithoutPrompt().catch(({ errorCode }) => errorCode));
    assert.equal(refused, 'login_required');
    await page.context().close();
  });

  test('signing out ends the session and revokes the token', async () => {
    const page = await open();
    await signIn(page);
    const { accessToken } = await page.evaluate(() => window.auth.tokenManager.getTokens());
    await page.evaluate(() => void window.auth.signOut({ postLogoutRedirectUri: `${location.origin}/`, clearTokensBeforeRedirect: true }));
    await page.waitForURL(`${site.origin}/`);
    await page.locator('[data-ready]').waitFor();
    assert.deepEqual(await page.evaluate(() => window.auth.tokenManager.getTokens()), {});
    const refused = await page.evaluate(() => window.auth.token.getWithoutPrompt().catch(({ errorCode }) => errorCode));
    assert.equal(refused, 'login_required');
    const userinfo = await fetch(`${server.issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${accessToken.accessToken}` } });
    assert.equal(userinfo.status, 401);
    await page.context().close();
  });
});
