// A customer's page with @okta/okta-signin-widget in it, of the second generation, and the browser that looks at it.
//
// The page is served from an origin of its own, which the server has to know. Its policy is as strict as that widget allows:
// it styles elements inline.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../../scripts/lib/tools.mjs';

const DIST = path.join(path.dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json')), 'dist');

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Customer</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/css/okta-sign-in.min.css">
    <script src="/js/okta-sign-in.min.js"></script>
  </head>
  <body><div id="widget"></div><script src="/page.js"></script></body>
</html>
`;

const SCRIPT = `
fetch('/configuration.json').then((answer) => answer.json()).then(async (configuration) => {
  const widget = new OktaSignIn(configuration);
  window.widget = widget;
  window.tokens = await widget.showSignInToGetTokens({ el: '#widget' });
  const { authClient } = widget;
  window.userinfo = await authClient.token.getUserInfo(window.tokens.accessToken, window.tokens.idToken);
  widget.remove();
  document.body.innerHTML = '<h1>Welcome</h1>';
});
`;

/** A site that is there before the server that people sign in to: `origin` is known at once, `issuer` later. */
export async function customerSite() {
  let issuer;
  const answers = {
    '/': async () => ['text/html; charset=utf-8', HTML],
    '/page.js': async () => ['text/javascript', SCRIPT],
    '/configuration.json': async () => ['application/json', JSON.stringify(configuration(issuer, origin))],
  };
  const site = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const answer = answers[pathname] ?? (() => packaged(pathname));
    try {
      const [type, body] = await answer();
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy(issuer) }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  site.listen(0, 'localhost');
  await once(site, 'listening');
  const origin = `http://localhost:${site.address().port}`;
  return { origin, serve: (at) => (issuer = at), stop: () => (site.closeAllConnections(), site.close()) };
}

const configuration = (issuer, origin) => ({
  issuer,
  clientId: 'demo-spa',
  redirectUri: `${origin}/callback`,
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  assets: { baseUrl: origin },
  language: 'en',
});

const policy = (issuer) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${new URL(issuer).origin}`,
  ].join('; ');

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.png': 'image/png', '.svg': 'image/svg+xml' };

async function packaged(pathname) {
  const file = path.join(DIST, path.normalize(pathname));
  return [TYPES[path.extname(file)] ?? 'application/octet-stream', await readFile(file)];
}

/** A browser without a window. Its sandbox does not start as root, which is what one is in most containers. */
export const browser = () =>
  playwright.launch({ executablePath: chromium(), args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] });

/** A page in a browser profile of its own, which ends with the test. */
export async function pageFor(test, chromium) {
  const context = await chromium.newContext();
  test.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** The widget, as a person sees it: links, buttons and fields by their names. */
export class WidgetPage {
  #page;
  #device;
  /** When something was pressed, in the page's own time. */
  #pressed = -Infinity;

  /** Opens the site in a browser profile of its own. */
  static async open(chromium, origin) {
    const widget = new WidgetPage();
    widget.#page = await (await chromium.newContext()).newPage();
    widget.#page.setDefaultTimeout(20_000);
    widget.#device = await authenticator(widget.#page);
    await widget.#page.goto(origin);
    return widget;
  }

  async reload() {
    await this.#page.reload();
    this.#pressed = -Infinity;
  }

  close = () => this.#page.context().close();

  /** Waits for the page with this heading. */
  heading = (name) => this.#do((page) => page.getByRole('heading', { name, exact: true }).waitFor());

  /** Waits until the page says this. */
  alert = (text) => this.#do((page) => page.getByRole('alert').getByText(text).waitFor());

  /** Presses a link or a button: the widget draws some of either as the other. */
  async press(name) {
    // It takes what follows within 200 ms for a double click, and a server on the same machine has answered by then.
    await this.#page.waitForFunction((pressed) => performance.now() - pressed > 200, this.#pressed);
    await this.#do((page) => page.getByRole('link', { name, exact: true }).or(page.getByRole('button', { name, exact: true })).click());
    this.#pressed = await this.#page.evaluate(() => performance.now());
  }

  async fill(values) {
    for (const [label, value] of Object.entries(values)) await this.#do((page) => page.getByLabel(label, { exact: true }).fill(value));
  }

  /** Does something to the page; if that does not work out, the error says what is there instead. */
  async #do(action) {
    try {
      return await action(this.#page);
    } catch (error) {
      throw new Error(`${error.message}\nThe page shows:\n${await this.#page.locator('body').ariaSnapshot()}`, { cause: error });
    }
  }

  /** The first page. */
  async identify(username) {
    await this.heading('Sign In');
    await this.fill({ Username: username });
    await this.press('Next');
    await this.heading('Verify with your password');
  }

  /** What the page shows that matches, once it does. */
  async read(pattern) {
    return this.eventually(async () => pattern.exec(await this.#page.locator('body').innerText())?.[0]);
  }

  /** What `ask` answers as soon as it answers with something. */
  async eventually(ask) {
    for (;;) {
      const answer = await ask();
      if (answer) return answer;
      await this.#page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /** Whether the person touches the device when the browser asks for a passkey. */
  touches = (enabled) => this.#device(enabled);

  /** Fails unless the page was given tokens, which its client has checked, and userinfo for them. */
  async assertSignedIn(email) {
    await this.heading('Welcome');
    assert.equal((await this.claims()).email, email);
    assert.equal(await this.#page.evaluate(() => window.userinfo.email), email);
    assert.ok(await this.#page.evaluate(() => window.tokens.refreshToken.refreshToken));
  }

  /** The claims of the ID token. */
  claims = () => this.#page.evaluate(() => window.tokens.idToken.claims);
}

/** A device that Chromium makes up for the page and that keeps passkeys. Nobody touches it yet: the first page asks at once. */
async function authenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: false } });
  return (enabled) => session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
}
