// `latchkey csp`: the policy that it prints, and what it says to wrong input. Sign-ins under the printed policy are in
// tests/e2e/csp.spec.ts.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { contentSecurityPolicy } from '../../demo-site/serve.mjs';
import { ROOT } from './support/packed.mjs';

const COMMAND = path.join(ROOT, 'dist/bin/latchkey.mjs');
const VALID = { issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: '/callback' };

let folder;
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'latchkey-csp-'))));
after(() => rm(folder, { recursive: true }));

/** What the command does with these arguments. */
const run = (args, command = COMMAND) =>
  new Promise((resolve) =>
    execFile(process.execPath, [command, ...args], { cwd: folder }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr })),
  );

/** The same for options in a file. */
async function csp(options, ...more) {
  await writeFile(path.join(folder, 'options.json'), typeof options === 'string' ? options : JSON.stringify(options));
  return run(['csp', '--options', 'options.json', ...more]);
}

/** The printed policy by its directives. */
async function directives(options, ...more) {
  const { code, stdout, stderr } = await csp(options, ...more);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^[^\n]+\n$/);
  return Object.fromEntries(stdout.trim().split('; ').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

describe('given options', () => {
  test('what the server uses and what the page wants of the widget are told apart', async () => {
    const both = await directives({ ...VALID, serverFeatures: ['probe'], features: { rememberMe: false } });
    assert.match(both['connect-src'], /http:\/\/localhost:\*/);
  });

  test('a logo from elsewhere is let in, and nothing else from there', async () => {
    const image = async (logo) => (await directives({ ...VALID, brand: { logo } }))['img-src'];
    assert.equal(await image('https://cdn.example.com/a/logo.svg'), "'self' data: https://cdn.example.com/a/logo.svg");
    for (const logo of ['/logo.svg', 'data:image/svg+xml,x']) assert.equal(await image(logo), "'self' data:", logo);
  });

  test('the policy is that of the demo site, but for the frame that nobody has named', async () => {
    const { stdout, stderr } = await csp(VALID);
    const demo = contentSecurityPolicy('https://id.example.com').replace("frame-src 'self'; ", '');
    assert.equal(stdout, `${demo}\n`);
    assert.equal(stderr, '');
  });

  test('features add what they need, and nothing else', async () => {
    const without = await directives(VALID);
    for (const feature of ['passkeys', 'altcha']) assert.deepEqual(await directives({ ...VALID, features: [feature] }), without, feature);
    for (const feature of ['captcha', 'duo']) assert.deepEqual(await directives({ ...VALID, features: [feature] }), { ...without, 'frame-src': "'self'" }, feature);
    const probing = await directives({ ...VALID, features: ['probe'] });
    assert.deepEqual(probing, { ...without, 'connect-src': `${without['connect-src']} http://localhost:* http://127.0.0.1:*` });
  });

  test('the frame has a policy of its own, and that is said beside the output', async () => {
    const { stderr } = await csp({ ...VALID, features: ['duo'] });
    assert.match(stderr, /^note: .*frame-ancestors.*latchkey-frame\.html/);
  });

  test('a package from elsewhere is allowed as a folder', async () => {
    const printed = await directives({ ...VALID, features: ['captcha'] }, '--package', 'https://cdn.example.com/latchkey/0.1.0');
    assert.equal(printed['script-src'], "'self' https://cdn.example.com/latchkey/0.1.0/ 'wasm-unsafe-eval'");
    assert.equal(printed['style-src'], "'self' https://cdn.example.com/latchkey/0.1.0/");
    assert.equal(printed['connect-src'], "'self' https://cdn.example.com/latchkey/0.1.0/ https://id.example.com");
    assert.equal(printed['frame-src'], 'https://cdn.example.com/latchkey/0.1.0/');
  });

  test('assetsUrl moves what is fetched, and the scripts that are fetched later', async () => {
    const printed = await directives({ ...VALID, assetsUrl: 'https://static.example.com', features: ['captcha'] });
    assert.equal(printed['script-src'], "'self' https://static.example.com 'wasm-unsafe-eval'");
    assert.equal(printed['connect-src'], "'self' https://static.example.com https://id.example.com");
    assert.equal(printed['frame-src'], 'https://static.example.com');
    assert.deepEqual(await directives({ ...VALID, assetsUrl: '/assets/' }), await directives(VALID));
  });

  test('a shadow root has its style sheet from there too', async () => {
    const moved = { ...VALID, assetsUrl: 'https://static.example.com' };
    assert.equal((await directives(moved))['style-src'], "'self'");
    assert.equal((await directives({ ...moved, isolation: 'shadow' }))['style-src'], "'self' https://static.example.com");
  });

  test('the redirect model needs no WebAssembly', async () => {
    assert.equal((await directives({ ...VALID, mode: 'redirect' }))['script-src'], "'self'");
  });

  test('the port of an issuer is kept, and its path left out', async () => {
    const printed = await directives({ ...VALID, issuer: 'http://localhost:4401/oauth2/default' });
    assert.equal(printed['connect-src'], "'self' http://localhost:4401");
  });

  test('it runs through a link, as npx does it', async () => {
    await csp(VALID);
    await symlink(COMMAND, path.join(folder, 'latchkey'));
    const { code, stdout } = await run(['csp', '--options', 'options.json'], path.join(folder, 'latchkey'));
    assert.equal(code, 0);
    assert.match(stdout, /^default-src 'none'; /);
  });
});

describe('given wrong input', () => {
  const FEATURES = 'passkeys, altcha, probe, captcha, duo';
  const WRONG = [
    ['no JSON', '{"issuer": ', /^latchkey: options\.json is not JSON: /],
    ['no object', '[1]', /^latchkey: options\.json must hold an object with the options\n$/],
    ['an option that is missing', { clientId: 'x', redirectUri: '/' }, /^latchkey: options\.json: option `issuer` is required\n$/],
    ['an option that is misspelt', { ...VALID, colourScheme: 'x' }, /^latchkey: options\.json: there is no option `colourScheme`; did you mean `colorScheme`\?\n$/],
    ['an insecure issuer', { ...VALID, issuer: 'http://id.example.com' }, /^latchkey: options\.json: option `issuer` must be an https address/],
    ['an option that JSON cannot say', { ...VALID, onSuccess: 'f' }, /^latchkey: options\.json: option `onSuccess` must be a function/],
    ['an option that is not there yet', { ...VALID, engine: 'authn' }, /this value of option `engine` is not available/],
    ['an unknown feature', { ...VALID, features: ['captha'] }, new RegExp(`^latchkey: options\\.json: there is no feature "captha", but ${FEATURES}\n$`)],
    ['features of another type', { ...VALID, serverFeatures: { duo: true } }, new RegExp(`^latchkey: options\\.json: \`serverFeatures\` must be a list, of ${FEATURES}\n$`)],
    ['a feature of the widget that there is not', { ...VALID, features: { duo: true } }, /there is no option `features\.duo`/],
    ['an insecure assetsUrl', { ...VALID, assetsUrl: 'http://cdn.example.com' }, /^latchkey: options\.json: option `assetsUrl` must be a relative or an https address/],
    ['an assetsUrl that would end the directive', { ...VALID, assetsUrl: "https://cdn.example.com/;script-src *" }, /option `assetsUrl` must be/],
  ];
  for (const [what, options, message] of WRONG) {
    test(`${what} is named, and nothing is printed`, async () => {
      const { code, stdout, stderr } = await csp(options);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.equal(code, 1);
    });
  }

  test('a file that is not there is named', async () => {
    const { code, stdout, stderr } = await run(['csp', '--options', 'nowhere.json']);
    assert.deepEqual([code, stdout, stderr], [1, '', 'latchkey: nowhere.json cannot be read: there is no such file\n']);
  });

  test('an insecure package is refused', async () => {
    const { code, stderr } = await csp(VALID, '--package', 'ftp://cdn.example.com');
    assert.equal(code, 1);
    assert.match(stderr, /`--package` must be a relative or an https address/);
  });

  test('a wrong call says so, and how it is called', async () => {
    const CALLS = [
      [[], /say what to do/],
      [['scp'], /there is no command `scp`/],
      [['csp'], /`--options FILE` is missing/],
      [['csp', 'a.json', '--options', 'b.json'], /`a\.json` is too much/],
      [['csp', '--option', 'a.json'], /--option/],
    ];
    for (const [args, message] of CALLS) {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, message);
      assert.match(stderr, /\nusage: latchkey csp --options FILE/);
    }
  });

  test('help is no mistake', async () => {
    const { code, stdout } = await run(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /^usage: /);
  });
});
