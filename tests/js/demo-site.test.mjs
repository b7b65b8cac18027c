// The demo's web server: what it serves, what it never serves, and the policy it sends.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { demoSite } from '../../demo-site/serve.mjs';

const ISSUER = 'http://localhost:4999/oauth2/default';

let server;
before(() => new Promise((resolve) => (server = demoSite(ISSUER).listen(0, 'localhost', resolve))));
after(() => server.close());

/** A request whose path is sent as written; `fetch` would tidy it. */
function ask(path, { method = 'GET', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({ port: server.address().port, host: 'localhost', path, method, headers, agent: false }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject).end();
  });
}

describe('given a page of the site', () => {
  test('it comes with the policy that the widget promises to work under', async () => {
    const { status, headers } = await ask('/');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    const policy = headers['content-security-policy'].split('; ');
    for (const directive of [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self' http://localhost:4999",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]) {
      assert.ok(policy.includes(directive), directive);
    }
  });

  test('it names the identity server that the site was started for', async () => {
    assert.match((await ask('/')).body, new RegExp(`<meta name="issuer" content="${ISSUER}">`));
  });

  test('the redirect URI is the same page', async () => {
    assert.equal((await ask('/callback?state=x')).body, (await ask('/')).body);
  });
});

describe('given a file of the package', () => {
  test('WebAssembly has the type that streaming insists on', async () => {
    const { status, headers } = await ask('/latchkey/latchkey_bg.wasm', { method: 'HEAD' });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/wasm');
  });

  test('a copy that is still good is not sent again', async () => {
    const first = await ask('/latchkey/latchkey.js');
    const again = await ask('/latchkey/latchkey.js', { headers: { 'if-modified-since': first.headers['last-modified'] } });
    assert.equal(again.status, 304);
    assert.equal(again.body, '');
  });
});

describe('given a path that leads out', () => {
  const PATHS = [
    '/../serve.mjs',
    '/%2e%2e/serve.mjs',
    '/..%2fserve.mjs',
    '/latchkey/../../package.json',
    '/latchkey/%2e%2e/package.json',
    '/latchkey/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/server/demo.toml',
    '/%00',
    '/%ff',
    '/latchkey',
    '/nothing-here',
  ];

  test('it is answered with 404, under the same policy', async () => {
    for (const path of PATHS) {
      const { status, headers } = await ask(path);
      assert.equal(status, 404, path);
      assert.match(headers['content-security-policy'], /^default-src 'none'/);
    }
  });

  test('only reading is allowed', async () => {
    const { status, headers } = await ask('/', { method: 'POST' });
    assert.equal(status, 405);
    assert.equal(headers.allow, 'GET, HEAD');
  });
});
