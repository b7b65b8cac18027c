// The redirect model at a provider that is not ours, in a real browser: the widget with `mode: 'redirect'` and the
// server-rendered application, at npm's `oidc-provider`. Both know it by its address alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startService, webAppCommand } from '../../scripts/lib/services.mjs';
import { freePort } from './free-port.mjs';
import { CLIENT, otherProvider } from './other-provider.mjs';
import { redirectPage } from './redirect-page.mjs';
import { browser, pageFor } from './widget-page.mjs';

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** Robin, on the provider's own pages. */
async function signInThere(page) {
  await page.locator('input[name=login]').fill('robin');
  await page.locator('input[name=password]').fill('anything');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Robin thinks better of it. */
const cancelThere = (page) => page.getByRole('link', { name: /cancel/i }).click();

describe('given a page with the widget in `mode: redirect`', () => {
  let provider;
  let site;
  before(async () => {
    [provider, site] = await Promise.all([otherProvider(), redirectPage()]);
    provider.serve(`${site.origin}/callback`, { client_id: 'spa', client_secret: undefined, token_endpoint_auth_method: 'none', post_logout_redirect_uris: [`${site.origin}/`] });
    site.serve(provider.issuer, 'spa');
  });
  after(() => Promise.all([provider.stop(), site.stop()]));

  test('one press leads there and back, and the person is signed in where they were', async (t) => {
    const page = await pageFor(t, chromium);
    await page.goto(`${site.origin}/account?tab=2#here`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signInThere(page);
    await page.getByText('Signed in as robin@canal.example').waitFor();
    assert.equal(page.url(), `${site.origin}/account?tab=2#here`);
    assert.equal(await page.evaluate(() => window.tokens.tokens.idToken.claims.iss), provider.issuer);
    await page.evaluate(() => window.tokens.signOut());
    await page.getByRole('button', { name: /yes/i }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    assert.equal(page.url(), `${site.origin}/`);
  });

  test('a person who says no is told apart from a failure', async (t) => {
    const page = await pageFor(t, chromium);
    await page.goto(site.origin);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await cancelThere(page);
    await page.getByText('callback.refused access_denied').waitFor();
    assert.equal(page.url(), `${site.origin}/callback`);
  });
});

describe('given the server-rendered application', () => {
  let provider;
  let app;
  let address;
  before(async () => {
    provider = await otherProvider();
    address = `http://localhost:${await freePort()}`;
    provider.serve(`${address}/callback`, { post_logout_redirect_uris: [`${address}/signed-out`] });
    const env = { WEB_APP_ADDRESS: address, WEB_APP_ISSUER: provider.issuer, WEB_APP_CLIENT_ID: CLIENT.client_id, WEB_APP_CLIENT_SECRET: CLIENT.client_secret };
    app = await startService(webAppCommand(), Number(new URL(address).port), { stdio: 'ignore', env });
  });
  after(() => Promise.all([provider.stop(), app.stop()]));

  test('a person signs in, is shown what the provider says, and signs out', async (t) => {
    const page = await pageFor(t, chromium);
    await page.goto(`${address}/claims`);
    await signInThere(page);
    await page.getByRole('region', { name: 'From the ID token' }).getByText(provider.issuer).waitFor();
    await page.getByRole('region', { name: 'From userinfo' }).getByText('robin@canal.example').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /yes/i }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  });

  test('a person who says no sees the code, and can try again', async (t) => {
    const page = await pageFor(t, chromium);
    await page.goto(`${address}/shop/orders`);
    await cancelThere(page);
    await page.getByText('Code: callback.refused (access_denied)').waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await signInThere(page);
    await page.getByRole('heading', { name: 'Your orders' }).waitFor();
    assert.equal(page.url(), `${address}/shop/orders`);
  });
});
