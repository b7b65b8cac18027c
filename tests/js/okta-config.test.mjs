// `latchkey check-okta-config`: what it reads off a file without running it, what it says, and whether the code that it prints is
// right.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'acorn';
import { readmeSamples } from './support/okta.mjs';
import { ROOT } from './support/packed.mjs';

const COMMAND = path.join(ROOT, 'dist/bin/latchkey.mjs');
const BASIC = "issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: '/callback'";

let folder;
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'latchkey-okta-'))));
after(() => rm(folder, { recursive: true }));

/** What the command does with these arguments. */
const run = (...args) =>
  new Promise((resolve) =>
    execFile(process.execPath, [COMMAND, 'check-okta-config', ...args], { cwd: folder }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr })),
  );

/** The same for a file with this text. */
async function check(file, text, ...more) {
  await writeFile(path.join(folder, file), text);
  return run(file, ...more);
}

/** Its reports. */
async function reports(file, text) {
  const { stdout, stderr } = await check(file, text, '--json');
  assert.equal(stderr, '');
  return JSON.parse(stdout).configurations;
}

const verdicts = ({ findings }) => Object.fromEntries(findings.map(({ option, verdict }) => [option, verdict]));

/** What the printed code hands to `createSignIn`. */
function optionsIn(code) {
  parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  return new Function(`return (${/createSignIn\(([^]*?)\);\n(?=signIn|const tokens)/.exec(code)[1]})`)();
}

describe('given a configuration that is all right', () => {
  test('each option is honoured, and the exit code is 0', async () => {
    const { code, stdout } = await check('a.js', `new OktaSignIn({ ${BASIC}, useClassicEngine: false }).showSignIn({ el: '#here' });`);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^a\.js:1 {2}new OktaSignIn\(…\)\n\n {2}honoured {2}issuer\n/);
    assert.match(stdout, /signIn\.mount\('#here'\);/);
  });

  test('the code that it prints has the same options', async () => {
    const [{ code }] = await reports('b.js', `new OktaSignIn({ ${BASIC}, scopes: ['openid'], flow: 'register', username: 'O\\'Pat "x"' })`);
    assert.deepEqual(optionsIn(code), {
      issuer: 'https://id.example.com/oauth2/default',
      clientId: '0oa1',
      redirectUri: '/callback',
      scopes: ['openid'],
      flow: 'signup',
      username: 'O\'Pat "x"',
    });
  });
});

describe('given options that are not honoured', () => {
  test('each has its verdict and what to do, worst first, and the exit code is 1', async () => {
    const { code, stdout } = await check('c.js', `new OktaSignIn({ ${BASIC}, useClassicEngine: true, piv: {}, transfromUsername: f })`);
    assert.equal(code, 1);
    assert.deepEqual([...stdout.matchAll(/^ {2}(refused|unknown|ignored) +(\S+) +\S/gm)].map(([, verdict, option]) => [verdict, option]), [
      ['refused', 'useClassicEngine'],
      ['unknown', 'transfromUsername'],
      ['ignored', 'piv'],
    ]);
  });

  test('what `createSignIn` would not take is told in its words, and not printed', async () => {
    const [report] = await reports('d.js', `new OktaSignIn({ ${BASIC}, codeChallenge: 'short' })`);
    assert.match(report.findings.find(({ advice }) => advice.startsWith('createSignIn says')).advice, /`codeChallenge`/);
    assert.equal('codeChallenge' in optionsIn(report.code), false);
  });
});

describe('given calls of what `authClient` does not have', () => {
  const calls = '\nconst { authClient } = w;\nauthClient.session.exists(); w.authClient.token.getWithPopup(); w.authClient.getUser();';

  test('each is told, with what to do', async () => {
    const [{ findings }] = await reports('calls.js', `const w = new OktaSignIn({ ${BASIC} });${calls}`);
    assert.deepEqual(findings.filter(({ verdict }) => verdict === 'ignored').map(({ option }) => option), ['authClient.session.exists', 'authClient.token.getWithPopup']);
  });

  test('a client of the page has them', async () => {
    const [report] = await reports('own.js', `const w = new OktaSignIn({ authClient: new OktaAuth({ issuer }) });${calls}`);
    assert.deepEqual(Object.keys(verdicts(report)), ['authClient']);
  });
});

describe('given the ways in which a configuration is written', () => {
  const PLACES = {
    'a script of a page': ['p.html', `<p>x</p>\n<!-- <script>new OktaSignIn({ nope: 1 })</script> -->\n<script>\n new OktaSignIn({ ${BASIC} })\n</script>`, 4],
    'a name': ['n.js', `const config = { ${BASIC} };\nnew OktaSignIn(config);`, 2],
    'a member of a module': ['m.mjs', `import * as okta from 'okta';\nnew okta.OktaSignIn({ ${BASIC} });`, 2],
    CommonJS: ['k.cjs', `module.exports = { ${BASIC} };`, 1],
    'a default export': ['e.mjs', `export default { ${BASIC} };`, 1],
    'a named export': ['o.mjs', `export const config = { ${BASIC} };`, 1],
    TypeScript: ['t.ts', `const config = <Config>{ ${BASIC} };\nexport class A { widget = new OktaSignIn(config as any); }`, 2],
    'TypeScript with JSX': ['x.tsx', `const config: Config = { ${BASIC} } satisfies Config;\nexport const A = () => { use(() => { new OktaSignIn(config!); }); return <div ref={r}/>; };`, 2],
    'JSX in a script': ['r.js', `export default function A() {\n const w = new OktaSignIn({ ${BASIC} });\n return <div id="osw" />;\n}`, 2],
    'a component with types': ['c.vue', `<template><div/></template>\n<script setup lang="ts">\nlet w: any = new OktaSignIn({ ${BASIC} });\n</script>`, 3],
    JSON: ['j.json', '{"issuer":"https://id.example.com/oauth2/default","clientId":"0oa1","redirectUri":"/callback"}', 1],
  };
  for (const [name, [file, text, line]] of Object.entries(PLACES)) {
    test(`${name} is found`, async () => {
      const [report, ...others] = await reports(file, text);
      assert.deepEqual(others, []);
      assert.equal(report.line, line);
      assert.deepEqual(verdicts(report), { issuer: 'honoured', clientId: 'honoured', redirectUri: 'honoured' });
    });
  }

  test('what is assigned later counts, as do options of the methods', async () => {
    const text = `const config = { ${BASIC}, features: {} };
config.features.showIdentifier = false;
config['features.router'] = true;
const signIn = new OktaSignIn(config);
signIn.showSignInToGetTokens({ el: '#a', scopes: ['openid', 'offline_access'] });`;
    const [report] = await reports('l.js', text);
    assert.equal(verdicts(report)['features.showIdentifier'], 'honoured');
    assert.equal(verdicts(report)['features.router'], 'ignored');
    assert.deepEqual(optionsIn(report.code).scopes, ['openid', 'offline_access']);
    assert.match(report.code, /mount\('#a'\)/);
  });

  test('several in one file are told apart', async () => {
    const found = await reports('s.js', "const a = new OktaSignIn({ flow: 'login' });\nconst b = new OktaSignIn({ flow: 'signup' });\nb.showSignIn({ el: '#b' });");
    assert.deepEqual(found.map(({ line }) => line), [1, 2]);
    assert.deepEqual(found.map((report) => 'el' in verdicts(report)), [false, true]);
  });
});

describe('given what is computed', () => {
  test('nothing of it is run', async () => {
    const { stderr } = await check('run.js', `throw new Error('was run'); new OktaSignIn({ ${BASIC}, username: process.exit(7) })`);
    assert.equal(stderr, '');
  });

  test('it is reported as seen, with its text, and stays in the code', async () => {
    const [report] = await reports('dyn.js', `new OktaSignIn({ issuer: process.env.ISSUER, clientId: CLIENT, redirectUri: \`\${location.origin}/cb\`, ...more, [name]: 1 })`);
    assert.deepEqual(verdicts(report), { issuer: 'dynamic', clientId: 'dynamic', redirectUri: 'dynamic', '…more': 'dynamic', '…[name]: 1': 'dynamic' });
    assert.match(report.code, /issuer: process\.env\.ISSUER,\n {2}clientId: CLIENT,\n {2}redirectUri: `\$\{location\.origin\}\/cb`,/);
  });

  test('names are followed to what they stand for', async () => {
    const [report] = await reports('names.js', `const DOMAIN = 'https://id.example.com'; const ISSUER = DOMAIN + '/oauth2/default';\nnew OktaSignIn({ issuer: ISSUER, clientId: '0oa1', redirectUri: '/callback' })`);
    assert.equal(optionsIn(report.code).issuer, 'https://id.example.com/oauth2/default');
  });

  test('functions stay as they are written', async () => {
    const [report] = await reports('fn.js', `new OktaSignIn({ ${BASIC}, async transformUsername(name) { return name + '@x.com'; } })`);
    assert.equal(report.findings.find(({ option }) => option === 'transformUsername').verdict, 'honoured');
  });
});

describe('given the samples of the README', () => {
  const whole = readmeSamples().filter(({ code }) => /new OktaSignIn\(/.test(code) && isJavaScript(code));

  test('each that can be read is reported, and the code for it can be read, too', async () => {
    assert.ok(whole.length >= 9, `${whole.length} found`);
    for (const [index, { heading, code }] of whole.entries()) {
      for (const report of await reports(`readme-${index}.js`, code)) {
        parse(report.code, { ecmaVersion: 'latest', sourceType: 'module' });
        assert.deepEqual(report.findings.filter(({ verdict }) => verdict === 'unknown'), [], heading);
      }
    }
  });
});

function isJavaScript(code) {
  try {
    parse(code, { ecmaVersion: 'latest', allowAwaitOutsideFunction: true });
    return true;
  } catch {
    return false;
  }
}

describe('given a wrong call', () => {
  const WRONG = [
    ['nothing', [], 2, /FILE is missing/],
    ['too much', ['a.js', 'b.js'], 2, /`b\.js` is too much/],
    ['no such file', ['nowhere.js'], 1, /nowhere\.js cannot be read: there is no such file/],
  ];
  for (const [name, args, expected, pattern] of WRONG) {
    test(`${name}: says so on stderr, exit code ${expected}`, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [expected, '']);
      assert.match(stderr, pattern);
    });
  }

  for (const [name, file, text, pattern] of [
    ['a file without a configuration', 'none.js', 'const a = 1;', /none\.js has no configuration/],
    ['a broken script', 'broken.js', '\n\nnew OktaSignIn({', /broken\.js:3 cannot be read as a script/],
    ['broken JSON', 'broken.json', '{', /broken\.json is not JSON/],
    ['another kind of file', 'a.css', 'a {}', /a\.css is neither of \.json, \.js/],
  ]) {
    test(`${name}: says so on stderr`, async () => {
      const { code, stderr } = await check(file, text);
      assert.equal(code, 1);
      assert.match(stderr, pattern);
    });
  }
});
