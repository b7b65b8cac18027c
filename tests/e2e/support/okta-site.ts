/**
 * The site of a customer of Okta's widget: one page, whose script a test writes, under the strict policy; and the page that a
 * sign-in comes back to, with the script of that widget's README.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { contentSecurityPolicy, demoSite } from '../../../demo-site/serve.mjs';
import { ROOT } from '../../js/support/packed.mjs';
import { configured, sample, scriptTags } from './okta-samples.js';

const page = (tags: string, script: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Somebody else’s page</title>
    <link rel="icon" href="data:,">
    ${tags}
  </head>
  <body>
    <main><div id="osw-container"></div></main>
    ${script}
  </body>
</html>
`;

const MODULE_TAGS = '<link rel="stylesheet" href="/latchkey/latchkey.css">';

/** A server that is ready to listen. */
export function oktaSite(origin: string, issuer: string): Server {
  const packaged = demoSite(issuer);
  const policy = contentSecurityPolicy(new URL(issuer).origin);
  const { files } = JSON.parse(readFileSync(`${ROOT}/dist/integrity.json`, 'utf8')) as { readonly files: Readonly<Record<string, string>> };
  const filling = { issuer, redirectUri: `${origin}/callback` };
  const callback = `${configured(filling)}\nvar handled = (async () => { ${sample('OAuth callback', filling)} })();`;
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const send = (type: string, body: string): unknown =>
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy }).end(body);
    const code = encodeURIComponent(searchParams.get('script') ?? '');
    if (pathname === '/') send('text/html', page(scriptTags(files), `<script src="/page.js?script=${code}"></script>`));
    else if (pathname === '/with-auth-js') send('text/html', page(`<script src="/okta-auth-js.js"></script>${scriptTags(files)}`, `<script src="/page.js?script=${code}"></script>`));
    else if (pathname === '/module') send('text/html', page(MODULE_TAGS, `<script type="module" src="/page.js?script=${code}"></script>`));
    else if (pathname === '/callback') send('text/html', page(scriptTags(files), '<script src="/callback.js"></script>'));
    else if (pathname === '/page.js') send('text/javascript', searchParams.get('script') ?? '');
    else if (pathname === '/callback.js') send('text/javascript', callback);
    else if (pathname === '/okta-auth-js.js') send('text/javascript', readFileSync(`${ROOT}/node_modules/@okta/okta-auth-js/dist/okta-auth-js.min.js`, 'utf8'));
    else packaged.emit('request', request, response);
  });
}
