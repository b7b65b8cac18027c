/**
 * A customer's site that is not the demo: one empty page whose script imports the package, under the same strict policy, or
 * under one that is too strict. For what the demo page does not do: other options, odd moments, two widgets at once.
 *
 * `?change=from&change=to` changes its policy. A real server, since a browser does not let a page that no server has sent talk to this machine.
 */
import { createServer, type Server } from 'node:http';
import { contentSecurityPolicy, demoSite } from '../../../demo-site/serve.mjs';
import { reactPage, reactScript, type ReactVersion } from './react/site.js';

/** What the policy of the page may forbid on top; or that it is one of those that the package's command has printed. */
export type Strictness = 'usual' | 'no-compiling' | 'no-fetching' | keyof PrintedPolicies;

/** Printed by `latchkey csp`. */
export interface PrintedPolicies {
  /** For the options of this page. */
  readonly printed: string;
  /** For a server's policy that uses every feature. */
  readonly printedForAll: string;
  /** For the package from the CDN. */
  readonly printedForCdn: string;
}

/** Where else the package is served, with its list of digests. */
export interface Cdn {
  readonly origin: string;
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
}

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Bare page</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/latchkey/latchkey.css">
    <script type="module" src="/bare.js"></script>
  </head>
  <body>
    <main><div id="sign-in"></div><div id="elsewhere"></div></main>
  </body>
</html>
`;

/** A page that is nothing but HTML; a script that runs before the widget's sets a property. */
const elementPage = (issuer: string): string =>
  HTML.replace('/bare.js', '/latchkey/latchkey.js').replace(
    '<div id="sign-in"></div>',
    `<latchkey-sign-in issuer="${issuer}" client-id="demo-spa" redirect-uri="/callback" scopes="openid email" nonce="chosen-by-the-page"></latchkey-sign-in>
    <script src="/early.js"></script>`,
  );

const EARLY = `document.querySelector('latchkey-sign-in').username = 'early@example.com';`;

/** A page as a customer writes it who takes the package from a CDN: the plain script, and digests for what the page names. */
function digestPage({ origin, folder, files }: Cdn, searchParams: URLSearchParams): string {
  const address = (name: string): string =>
    `"${origin}/latchkey/${folder}/${name}" crossorigin integrity="${files[searchParams.get('swap') === name ? 'latchkey.js' : name]}"`;
  return HTML.replace('href="/latchkey/latchkey.css"', () => `href=${address('latchkey.css')}`).replace(
    '<script type="module" src="/bare.js">',
    () => `<script src=${address('latchkey.iife.js')}></script><script src="/plain.js" defer>`,
  );
}

const script = (issuer: string): string => `
import * as latchkey from '/latchkey/latchkey.js';
${setUp('latchkey', issuer)}`;

/** The same for the plain script. */
const plainScript = (issuer: string): string => setUp('Latchkey', issuer);

const options = (issuer: string): object => ({ issuer, clientId: 'demo-spa', redirectUri: '/callback' });

const setUp = (latchkey: string, issuer: string): string => `
Object.assign(window, { latchkey: ${latchkey}, seen: [], options: ${JSON.stringify(options(issuer))} });
`;

/** A server that is ready to listen, for people who sign in at the first issuer unless a test says at which. */
export function bareSite(issuers: readonly [string, ...string[]], printed: PrintedPolicies, cdn: Cdn): Server {
  const [issuer] = issuers;
  const packaged = demoSite(issuer);
  const usual = contentSecurityPolicy(issuers.map((address) => new URL(address).origin).join(' '));
  const policies: Record<Strictness, string> = {
    ...printed,
    usual,
    'no-compiling': usual.replace(" 'wasm-unsafe-eval'", ''),
    'no-fetching': usual.replace("connect-src 'self'", 'connect-src'),
  };
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [from = '', to = ''] = searchParams.getAll('change');
    const policy = policies[(searchParams.get('policy') ?? 'usual') as Strictness].replace(from, to);
    const react = /^\/react-(18|19)\.js$/.exec(pathname)?.[1];
    const send = (type: string, body: string): unknown =>
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
    if (pathname === '/') send('text/html; charset=utf-8', HTML);
    else if (pathname === '/digests') send('text/html; charset=utf-8', digestPage(cdn, searchParams));
    else if (pathname === '/element') send('text/html; charset=utf-8', elementPage(issuer));
    else if (pathname === '/early.js') send('text/javascript; charset=utf-8', EARLY);
    else if (pathname === '/react') send('text/html; charset=utf-8', reactPage(searchParams.get('version') ?? '', options(issuer)));
    else if (react) void reactScript(Number(react) as ReactVersion).then((text) => send('text/javascript; charset=utf-8', text));
    else if (pathname === '/plain.js') send('text/javascript; charset=utf-8', plainScript(issuer));
    else if (pathname === '/bare.js') send('text/javascript; charset=utf-8', script(issuer));
    else packaged.emit('request', request, response);
  });
}
