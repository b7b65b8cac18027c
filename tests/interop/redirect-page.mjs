// A customer's page in the redirect model, with the built package: the widget with `mode: 'redirect'` before, `latchkey/tokens`
// after. Under the strict policy that the package promises to work under.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentSecurityPolicy } from '../../demo-site/serve.mjs';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Customer</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/latchkey/latchkey.css">
    <script type="module" src="/page.js"></script>
  </head>
  <body><main><h1>Customer</h1><div id="sign-in"></div><p role="status"></p></main></body>
</html>
`;

const SCRIPT = `
import { createSignIn } from '/latchkey/latchkey.js';
import { createTokens } from '/latchkey/latchkey-tokens.js';

const { issuer, clientId } = await (await fetch('/configuration.json')).json();
const settings = { issuer, clientId, redirectUri: '/callback', scopes: ['openid', 'email'] };
const tokens = createTokens({ ...settings, endpoints: 'discovered', postLogoutRedirectUri: '/' });
window.tokens = tokens;
const say = (text) => (document.querySelector('[role="status"]').textContent = text);
try {
  await tokens.handleCallback();
  if (tokens.isSignedIn) say('Signed in as ' + (await tokens.userinfo()).email);
  else createSignIn({ ...settings, mode: 'redirect', onError: ({ code }) => say(code) }).mount('#sign-in');
} catch ({ code, oauthError }) {
  say(code + ' ' + oauthError);
}
`;

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

/** A site whose origin is known before the provider that people sign in to. */
export async function redirectPage() {
  let configuration;
  const site = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const [type, body] = await answer(pathname, configuration);
    const policy = contentSecurityPolicy(new URL(configuration.issuer).origin);
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
  });
  site.listen(0, 'localhost');
  await once(site, 'listening');
  const origin = `http://localhost:${site.address().port}`;
  return { origin, serve: (issuer, clientId) => (configuration = { issuer, clientId }), stop: () => (site.closeAllConnections(), site.close()) };
}

async function answer(pathname, configuration) {
  if (pathname === '/page.js') return ['text/javascript', SCRIPT];
  if (pathname === '/configuration.json') return ['application/json', JSON.stringify(configuration)];
  if (!pathname.startsWith('/latchkey/')) return ['text/html; charset=utf-8', HTML];
  const file = path.join(DIST, path.basename(pathname));
  return [TYPES[path.extname(file)] ?? 'application/octet-stream', await readFile(file)];
}
