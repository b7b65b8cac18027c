// The redirect model at Debian's glewlwyd, in a real browser: `latchkey/tokens` and the server-rendered application. It announces
// no name in its answers (RFC 9207), and wants to be looked up.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startService, webAppCommand } from '../../scripts/lib/services.mjs';
import { freePort } from './free-port.mjs';
import { glewlwyd, isMissing, ROBIN } from './glewlwyd.mjs';
import { redirectPage } from './redirect-page.mjs';
import { browser, pageFor } from './widget-page.mjs';

const SECRET = 'a-secret-of-both';

describe('given Debian’s glewlwyd', { skip: isMissing }, () => {
  let chromium;
  let provider;
  let site;
  let app;
  let address;

  before(async () => {
    [chromium, site] = await Promise.all([browser(), redirectPage()]);
    const port = await freePort();
    address = `http://localhost:${await freePort()}`;
    provider = await glewlwyd(port, [
      { client_id: 'spa', confidential: false, redirect_uri: [`${site.origin}/callback`] },
      { client_id: 'app', confidential: true, client_secret: SECRET, redirect_uri: [`${address}/callback`], token_endpoint_auth_method: ['client_secret_basic'] },
    ]);
    site.serve(provider.issuer, 'spa');
    const env = { WEB_APP_ADDRESS: address, WEB_APP_ISSUER: provider.issuer, WEB_APP_CLIENT_ID: 'app', WEB_APP_CLIENT_SECRET: SECRET };
    app = await startService(webAppCommand(), Number(new URL(address).port), { stdio: 'ignore', env });
  });
  after(async () => {
    await Promise.all([chromium.close(), provider.stop(), app.stop()]);
    site.stop();
  });

  /** Robin, as its login page does it: that page itself needs scripts that Debian has in other packages. */
  async function signInThere(page) {
    await page.waitForURL('**/login.html?*', { waitUntil: 'commit' });
    const { origin, searchParams } = new URL(page.url());
    const { username, password } = ROBIN;
    const { request } = page.context();
    const answers = [
      await request.post(`${origin}/api/auth/`, { data: { username, password } }),
      await request.put(`${origin}/api/auth/grant/${searchParams.get('client_id')}`, { data: { scope: 'openid' } }),
    ];
    assert.deepEqual(answers.map((answer) => answer.status()), [200, 200]);
    await page.goto(`${searchParams.get('callback_url')}&g_continue`);
  }

  test('`signInWithRedirect` leads there and back, and userinfo answers', async (t) => {
    const page = await pageFor(t, chromium);
    await page.goto(`${site.origin}/account#here`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.evaluate(() => void window.tokens.signInWithRedirect());
    await signInThere(page);
    await page.getByText(`Signed in as ${ROBIN.email}`).waitFor();
    assert.equal(page.url(), `${site.origin}/account#here`);
  });

  test('the server-rendered application shows what it says', async (t) => {
    const page = await pageFor(t, chromium);
    await page.goto(`${address}/claims`);
    await signInThere(page);
    await page.getByRole('region', { name: 'From the ID token' }).getByText(provider.issuer).waitFor();
    await page.getByRole('region', { name: 'From userinfo' }).getByText(ROBIN.email).waitFor();
  });
});
