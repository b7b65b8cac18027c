// A page in Chromium under the strict policy, with the built tasks and without a sign-in: `perform` is a function on it.
//
// The vendors of captchas and Duo are not there; a test says what stands at their addresses. All else is real: policies,
// frames, origins, the virtual authenticator.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../../../scripts/lib/tools.mjs';

const DIST = fileURLToPath(new URL('../../../dist/', import.meta.url));
const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html; charset=utf-8' };

/** The policy that the widget promises to work under. */
const STRICT = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'"];

/** The same with `lines` that a page has added, or has put in the place of another. */
const strictWith = (lines) => Object.values(Object.fromEntries([...STRICT, ...lines].map((line) => [line.split(' ')[0], line]))).join('; ');

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tasks</title><link rel="icon" href="data:,">
<script type="module" src="/page.js"></script>
<div id="host" class="latchkey"><input name="identifier" autocomplete="username webauthn"><div class="latchkey-frame-slot"></div></div></html>`;

const SCRIPT = `
import { perform } from '/latchkey/latchkey-tasks.js';
window.violations = [];
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => violations.push(effectiveDirective + ' ' + blockedURI));
const controllers = {};
window.give = (name) => (controllers[name] ??= new AbortController());
window.perform = async (kind, argument, name = 'it') => JSON.parse(await perform(kind, JSON.stringify(argument), give(name).signal, document.querySelector('#host')));
`;

/** Starts the browser and the site. The site listens under two names, which are two origins. */
export async function startWorld() {
  const server = createServer(serve);
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address();
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await playwright.launch({ executablePath: chromium(), args: ['--headless', '--disable-gpu', '--disable-dev-shm-usage', ...sandbox] });
  const stop = async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
  };
  return { browser, site: `http://localhost:${port}`, elsewhere: `http://other.localhost:${port}`, stop };
}

async function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const send = (type, body, headers = {}) => response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  if (pathname === '/') {
    return send(TYPES.html, PAGE, { 'content-security-policy': strictWith(searchParams.getAll('policy')) });
  }
  if (pathname === '/page.js') return send(TYPES.js, SCRIPT);
  if (pathname === '/challenge') return send('application/json', searchParams.get('json'));
  const [, name, extension] = /^\/latchkey\/([\w-]+\.(js|css|html))$/.exec(pathname) ?? [];
  const body = name && (await readFile(DIST + name).catch(() => undefined));
  return body ? send(TYPES[extension], body) : response.writeHead(404).end();
}

/** A page with an empty profile, whose policy is the strict one with the lines of `policy`. It ends with the test `t`. */
export async function openPage(t, { browser, site }, { policy = ["frame-src 'self'"], ...options } = {}) {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  // Nothing leaves this machine, whatever is forgotten in a test.
  await context.route((url) => url.protocol === 'https:', (route) => route.abort());
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(`${site}/?${new URLSearchParams(policy.map((line) => ['policy', line]))}`);
  await page.waitForFunction('window.perform');
  return page;
}
