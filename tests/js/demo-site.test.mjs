// The demo's web server: what it serves, what it never serves, and the policy it sends.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { PAIRS, missingFrom, readEntry, strangersIn } from '../../demo-site/gallery/list.mjs';
import { demoSite } from '../../demo-site/serve.mjs';

const ISSUER = 'http://localhost:4999/oauth2/default';

let server;
before(() => new Promise((resolve) => (server = demoSite(ISSUER).listen(0, 'localhost', resolve))));
after(() => server.close());

/** A request whose path is sent as written; `fetch` would tidy it. */
function ask(path, { method = 'GET', headers = {}, body = '' } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({ port: server.address().port, host: 'localhost', path, method, headers, agent: false }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject).end(body);
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

  test('each way in is the same page, and says who it is to the identity server', async () => {
    const written = async (path) => Object.fromEntries([...(await ask(path)).body.matchAll(/<meta name="(client-id|way)" content="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    assert.deepEqual(await written('/'), { 'client-id': 'demo-spa', way: 'embedded' });
    assert.deepEqual(await written('/everything'), { 'client-id': 'demo-everything', way: 'embedded' });
    assert.deepEqual(await written('/hosted?code=x'), { 'client-id': 'demo-hosted', way: 'hosted' });
    assert.deepEqual(await written('/device'), { 'client-id': 'demo-device', way: 'device' });
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

  test('files whose folder names their contents may be kept for ever, the others are asked for again', async () => {
    const { folder } = JSON.parse((await ask('/latchkey/integrity.json')).body);
    const { status, headers } = await ask(`/latchkey/${folder}/latchkey.js`);
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(headers['access-control-allow-origin'], '*');
    const named = (await ask('/latchkey/latchkey.js')).headers;
    assert.equal(named['cache-control'], 'no-cache');
    assert.equal(named['access-control-allow-origin'], undefined);
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

describe('given the gallery', () => {
  const ENTRY = 'challenge-authenticator/okta_email';
  const post = async (path, body) => {
    const answer = await ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
    return { ...answer, json: answer.headers['content-type'].includes('json') && JSON.parse(answer.body) };
  };
  const interact = (id) => post(`/gallery-issuer/${id}/oauth2/v1/interact`, 'client_id=demo-spa');
  const introspect = async (id) => post('/idp/idx/introspect', { interactionHandle: (await interact(id)).json.interaction_handle });

  /** All addresses in an answer. */
  const addresses = (value) =>
    Object.entries(value ?? {}).flatMap(([name, member]) =>
      typeof member === 'object' ? addresses(member) : name === 'href' ? [member] : [],
    );

  /** Everything that something in an answer says it belongs to. */
  const related = (value) =>
    Object.entries(value ?? {}).flatMap(([name, member]) => (name === 'relatesTo' ? member : typeof member === 'object' ? related(member) : []));
  const at = (answer, path) => path.match(/[\w]+/g).reduce((inner, name) => inner?.[name], answer);

  test('every pair of the list has an entry, and every entry is a whole answer', async () => {
    const entries = JSON.parse((await ask('/gallery/entries.json')).body);
    assert.deepEqual([missingFrom(entries), strangersIn(entries)], [[], []]);
    for (const { id, title } of entries) {
      assert.match(title, /^[A-Z].{4,70}$/, id);
      const { status, json } = await post('/idp/idx/introspect', { interactionHandle: `gallery:${id}` });
      const entry = await readEntry(id);
      assert.equal(status, entry.status ?? 200, id);
      if (entry.body !== undefined) continue;
      assert.equal(json.version, '1.0.0', id);
      for (const path of related(json)) assert.ok(at(json, path), `${id}: ${path}`);
    }
  });

  test('a pair without an entry is noticed, and an entry without a pair', () => {
    assert.deepEqual(strangersIn([{ id: 'identify/rsa_token' }, { id: 'identify/none-late' }, { id: 'terminal/end' }]), ['identify/rsa_token']);
    assert.equal(missingFrom([]).length, PAIRS.flatMap(([, authenticators]) => authenticators).length);
  });

  test('the answer carries its handle, and addresses of its own origin', async () => {
    const { json, status, headers } = await introspect(ENTRY);
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^application\/ion\+json/);
    const [form, others] = json.remediation.value;
    assert.deepEqual([form.name, others.name], ['challenge-authenticator', 'select-authenticator-authenticate']);
    for (const { value } of [form, others, json.cancel, json.currentAuthenticatorEnrollment.value.poll]) {
      assert.deepEqual(value.at(-1), { name: 'stateHandle', required: true, value: json.stateHandle, visible: false, mutable: false });
    }
    const hrefs = addresses(json);
    assert.ok(hrefs.length > 4);
    for (const href of hrefs) assert.equal(new URL(href).origin, `http://localhost:${server.address().port}`);
  });

  test('whatever is sent, the screen stays what it is', async () => {
    const { json } = await introspect(ENTRY);
    const again = await post('/idp/idx/challenge/answer', { credentials: { passcode: '123456' }, stateHandle: json.stateHandle });
    assert.deepEqual(again.json, json);
  });

  test('an entry may be an error, and may fail at the very start', async () => {
    assert.equal((await introspect('challenge-authenticator/okta_email-wrong')).status, 401);
    const refused = await interact('trouble/feature-off');
    assert.deepEqual([refused.status, refused.json.error], [403, 'access_denied']);
  });

  test('what is no entry is answered with 404', async () => {
    for (const id of ['identify/nothing', 'nothing/none', '..%2f..%2fpackage/json', 'identify/..']) {
      assert.equal((await interact(id)).status, 404, id);
      assert.equal((await post('/idp/idx/introspect', { interactionHandle: `gallery:${id}` })).status, 404, id);
    }
    assert.equal((await post('/idp/idx/identify', { stateHandle: '02.somebody-else' })).status, 404);
  });

  test('only posting is allowed, of JSON that is not too long', async () => {
    for (const path of ['/idp/idx/introspect', `/gallery-issuer/${ENTRY}/oauth2/v1/interact`]) {
      const { status, headers } = await ask(path);
      assert.deepEqual([status, headers.allow], [405, 'POST'], path);
      assert.match(headers['content-security-policy'], /^default-src 'none'/);
    }
    assert.equal((await post('/idp/idx/identify', 'stateHandle=x')).status, 400);
    assert.equal((await post('/idp/idx/identify', 'null')).status, 400);
    assert.equal((await post('/idp/idx/identify', { stateHandle: 'x'.repeat(70_000) })).status, 413);
  });

  test('where an entry sends the browser there is a page', async () => {
    const page = await ask('/gallery-left.html');
    for (const path of ['/sso/idps/idp-canal?stateToken=gallery', '/login/token/redirect', '/idp/identity-verification']) {
      assert.equal((await ask(path)).body, page.body, path);
    }
    assert.equal(page.status, 200);
  });
});
