// A customer's page that sends people to the server's own sign-in page with okta-auth-js, and takes them back.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const LIBRARY = path.join(path.dirname(createRequire(import.meta.url).resolve('@okta/okta-auth-js/package.json')), 'dist/okta-auth-js.min.js');

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Customer</title>
    <link rel="icon" href="data:,">
    <script src="/okta-auth-js.js"></script>
    <script src="/page.js" defer></script>
  </head>
  <body><h1>Customer</h1></body>
</html>
`;

const script = (issuer) => `
window.auth = new OktaAuth({
  issuer: ${JSON.stringify(issuer)},
  clientId: 'demo-spa',
  redirectUri: location.origin + '/callback',
  scopes: ['openid', 'profile', 'email'],
});
document.body.dataset.ready = 'yes';
`;

/** A site whose origin is known before the server that people sign in to. */
export async function redirectSite() {
  let issuer;
  const answers = {
    '/okta-auth-js.js': async () => ['text/javascript', await readFile(LIBRARY)],
    '/page.js': async () => ['text/javascript', script(issuer)],
  };
  const site = createServer(async ({ url }, response) => {
    const page = async () => ['text/html; charset=utf-8', HTML];
    const [type, body] = await (answers[new URL(url, 'http://localhost').pathname] ?? page)();
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  site.listen(0, 'localhost');
  await once(site, 'listening');
  const origin = `http://localhost:${site.address().port}`;
  return { origin, serve: (at) => (issuer = at), stop: () => (site.closeAllConnections(), site.close()) };
}
