// Serves the demo: the customer's pages of demo-site/public, and the built package under /latchkey/, the way a customer's
// own web server would. No framework, no build step, and the policy of a careful site on every answer. Beside them there is
// the gallery of all screens at /gallery, whose identity server is in `gallery/endpoint.mjs`, and the reference of the package
// at /reference.
//
// usage: node demo-site/serve.mjs [--port 4400] [--issuer http://localhost:4401/oauth2/default] [--web-app http://localhost:4403]

import { createReadStream, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { answerGallery, galleryPage } from './gallery/endpoint.mjs';
import { referenceExamples, referencePage } from './reference/page.mjs';

const PAGES = fileURLToPath(new URL('public', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../dist', import.meta.url));

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ts': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Folders of the package whose name says what is in them. */
const IMMUTABLE = /^\/latchkey\/cdn\/[^/]+\//;

/** One page, asked for under several names: how people come in there, and under which policy of the identity server. */
const VISITS = {
  '/everything': { 'client-id': 'demo-everything' },
  '/hosted': { 'client-id': 'demo-hosted', way: 'hosted' },
  '/device': { 'client-id': 'demo-device', way: 'device' },
};

/** What is made of the package when it is asked for. */
const MADE = {
  '/reference': { type: '.html', make: referencePage },
  '/reference/examples.js': { type: '.js', make: referenceExamples },
};

/** The strict policy that the widget promises to work under, for the origins of one or more issuers. `data:` is for QR codes. */
export const contentSecurityPolicy = (issuerOrigins) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${issuerOrigins}`,
    // For the frame in which captchas and Duo run.
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** A server that is ready to listen, for pages whose people sign in at `issuer`; `webApp` is the application next door. */
export function demoSite(issuer, webApp = 'http://localhost:4403') {
  const headers = {
    'cache-control': 'no-cache',
    'content-security-policy': contentSecurityPolicy(new URL(issuer).origin),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  return createServer((request, response) => {
    answer(request, response, headers, { issuer, 'web-app': webApp }).catch(() => response.destroy());
  });
}

async function answer(request, response, headers, addresses) {
  if (await answerGallery(request, response, headers)) return;
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, { ...headers, allow: 'GET, HEAD' });
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (Object.hasOwn(MADE, pathname)) {
    const { type, make } = MADE[pathname];
    return response.writeHead(200, { ...headers, 'content-type': TYPES[type] }).end(await make(addresses.issuer));
  }
  const file = await find(request.url ?? '/');
  if (!file) return refuse(response, 404, headers);
  const extension = path.extname(file);
  const described = { ...headers, 'content-type': TYPES[extension] ?? 'application/octet-stream' };
  // The frame for captchas and Duo says its own policy; two policies add up, and this one would block what it is for.
  if (path.basename(file) === 'latchkey-frame.html') described['content-security-policy'] = "frame-ancestors 'self'";
  if (extension === '.html') {
    return response.writeHead(200, described).end(await page(file, { ...addresses, ...VISITS[pathname] }));
  }
  const { size, mtime } = await stat(file);
  const modified = mtime.toUTCString();
  if (request.headers['if-modified-since'] === modified) return response.writeHead(304, headers).end();
  // As a CDN does: kept for ever, and any page may take them with `crossorigin`, which digests need.
  if (IMMUTABLE.test(pathname)) {
    Object.assign(described, { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=31536000, immutable' });
  }
  response.writeHead(200, { ...described, 'content-length': size, 'last-modified': modified });
  if (request.method === 'HEAD') return response.end();
  await pipeline(createReadStream(file), response);
}

/** The pages name their identity server, and who they are to it, in one place, which is filled in here. */
async function page(file, written) {
  const text = await readFile(file, 'utf8');
  return text.replace(/<meta name="([^"]*)" content="[^"]*/g, (tag, name) => (written[name] ? `<meta name="${name}" content="${written[name]}` : tag));
}

function refuse(response, status, headers) {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`);
}

/** The file behind an address, or undefined. Redirect URIs have no file: the page at `/` answers there too. */
async function find(address) {
  const { pathname } = new URL(address, 'http://localhost');
  const isHome = Object.hasOwn(VISITS, pathname) || /^\/callback\/?$/.test(pathname);
  const wanted = isHome ? '/index.html' : decode(galleryPage(pathname));
  if (wanted === undefined) return undefined;
  const inPackage = wanted.startsWith('/latchkey/');
  const folder = inPackage ? PACKAGE : PAGES;
  const file = path.join(folder, inPackage ? wanted.slice('/latchkey'.length) : wanted);
  for (const candidate of [file, path.join(file, 'index.html'), `${file}.html`]) {
    if (await isServed(candidate, folder)) return candidate;
  }
  return undefined;
}

function decode(pathname) {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

/** Only files, and only such as really lie in the folder: no `..`, no link that leads out. */
async function isServed(file, folder) {
  if (file.includes('\0')) return false;
  const status = await stat(file).catch(() => undefined);
  return status?.isFile() === true && realpathSync(file).startsWith(realpathSync(folder) + path.sep);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4400' },
      issuer: { type: 'string', default: 'http://localhost:4401/oauth2/default' },
      'web-app': { type: 'string' },
    },
  });
  const server = demoSite(new URL(values.issuer).href, values['web-app']);
  server.once('error', (error) => {
    console.error(error.code === 'EADDRINUSE' ? `port ${values.port} is taken: stop what listens there` : error.message);
    process.exit(1);
  });
  server.listen(Number(values.port), 'localhost', () => console.log(`demo site: http://localhost:${values.port}`));
}
