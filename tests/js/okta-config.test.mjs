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
    const [report] = await reports('own.js', `const w = new OktaSignIn({ authClient: new OktaAuth({ ${BASIC} }) });${calls}`);
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
    'the default import by another name': ['i.mjs', `import Widget from '@okta/okta-signin-widget';\nnew Widget({ ${BASIC} });`, 2],
    'what is required': ['q.js', `var S = require('@okta/okta-signin-widget');\nnew S({ ${BASIC} });`, 2],
    'what is imported later': ['w.mjs', `const { default: S } = await import('@okta/okta-signin-widget');\nnew S({ ${BASIC} });`, 2],
    'an export that is made later': ['z.mjs', `const config = { ${BASIC} };\nexport { config };`, 2],
    'a default export by name': ['d.mjs', `const config = { ${BASIC} };\nexport default config;`, 2],
    'a constant type': ['ac.ts', `export const config = { ${BASIC} } as const;`, 1],
    'a member of exports': ['ex.cjs', `exports.config = { ${BASIC} };`, 1],
    'an export of CommonJS in TypeScript': ['et.ts', `const c = { ${BASIC} };\nexport = c;`, 2],
    'a configuration beside others': ['oidc.mjs', `export default { oidc: { ${BASIC} }, resourceServer: { url: '/api' } };`, 1],
    'a member of another object': ['mem.js', `const env = { okta: { ${BASIC} } };\nnew OktaSignIn(env.okta);`, 2],
    'a field of a class': ['fi.ts', `class A { config = { ${BASIC} };\n start() { new OktaSignIn(this.config); } }`, 2],
    'what is given later': ['la.js', `let config;\nconfig = { ${BASIC} };\nnew OktaSignIn(config);`, 3],
    'Object.assign': ['oa.js', `const config = Object.assign({}, { ${BASIC} });\nnew OktaSignIn(config);`, 2],
    'what is copied into it later': ['ob.js', `const config = {};\nObject.assign(config, { ${BASIC} });\nnew OktaSignIn(config);`, 3],
    'a page with another script that cannot be read': ['x.html', `<script>foo(</script>\n<script>new OktaSignIn({ ${BASIC} })</script>`, 2],
    'JSON with a mark at its beginning': ['bom.json', '\uFEFF{"issuer":"https://id.example.com/oauth2/default","clientId":"0oa1","redirectUri":"/callback"}', 1],
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

  for (const [name, call] of [['with a type', '(w as any)'], ['not null', 'w!'], ['perhaps', 'w?']]) {
    test(`calls on the widget ${name} are found`, async () => {
      const [report] = await reports('call.ts', `const w = new OktaSignIn({ ${BASIC} });\n${call}.showSignIn({ el: '#here' });`);
      assert.match(report.code, /mount\('#here'\)/);
    });
  }

  test('of two values of one name none is taken for the other', async () => {
    const [first, second] = await reports('two.js', `function a() { const config = { ${BASIC} }; new OktaSignIn(config); }\nfunction b() { const config = { flow: 'login' }; new OktaSignIn(config); }`);
    for (const report of [first, second]) assert.deepEqual(verdicts(report), { '…config': 'dynamic' });
  });

  test('what is exported and is no configuration is none', async () => {
    for (const text of ['export default { name: "A", data() { return {}; } };', 'export default function A() {}', 'export default defineConfig({ plugins: [] });']) {
      const { code, stderr } = await check('not.mjs', text);
      assert.deepEqual([code, /has no configuration/.test(stderr)], [1, true], text);
    }
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

  test('a configuration that was not read is not clean, and its place in the code is kept', async () => {
    const { code, stdout } = await check('unread.js', 'new OktaSignIn(window.config).showSignIn({ el: "#a" });');
    assert.equal(code, 0, 'what was given to the method was read');
    assert.match(stdout, /\.\.\.window\.config, \/\/ not read/);
    assert.equal((await check('unread.js', 'new OktaSignIn(window.config);')).code, 1);
    assert.equal((await check('base.js', `new OktaSignIn({ ...base, username: 'pat' });`)).stdout.includes('...base,'), true);
  });

  test('what is required and not there is told', async () => {
    const { code, stdout } = await check('missing.js', "new OktaSignIn({ flow: 'login' });");
    assert.equal(code, 1);
    assert.deepEqual([...stdout.matchAll(/^ {2}missing +(\S+)/gm)].map(([, option]) => option), ['issuer', 'clientId', 'redirectUri']);
    const [report] = await reports('client.js', `const authClient = new OktaAuth({ issuer: 'https://id.example.com', clientId: '0oa1' });\nnew OktaSignIn({ authClient });`);
    assert.deepEqual(verdicts(report), { authClient: 'dynamic', redirectUri: 'missing' });
    const [other] = await reports('client.mjs', `import { authClient } from './client.js';\nnew OktaSignIn({ authClient });`);
    assert.deepEqual(verdicts(other), { authClient: 'dynamic' });
    assert.match(other.code, /issuer: authClient\.options\.issuer,/);
  });

  for (const [name, challenge] of [['a variable', 'CHALLENGE'], ['a template of the server', "'<%= challenge %>'"]]) {
    test(`a challenge from ${name} stays, with its method`, async () => {
      const [report] = await reports('challenge.js', `new OktaSignIn({ ${BASIC}, codeChallenge: ${challenge}, codeChallengeMethod: 'S256' });`);
      assert.deepEqual(Object.values(verdicts(report)), ['honoured', 'honoured', 'honoured', 'dynamic', 'honoured']);
      assert.ok(report.code.includes(`codeChallenge: ${challenge},\n  codeChallengeMethod: 'S256',`), report.code);
    });
  }

  test('a method of PKCE without a challenge is told, and not printed', async () => {
    const [report] = await reports('method.js', `new OktaSignIn({ ${BASIC}, codeChallengeMethod: 'S256' });`);
    assert.deepEqual(report.findings.map(({ verdict }) => verdict).includes('ignored'), true);
    assert.equal('codeChallengeMethod' in optionsIn(report.code), false);
  });

  test('computed values go the same way as others', async () => {
    const text = `const buttons = [{ title: 'a', click }];
      new OktaSignIn({ baseUrl: \`https://\${DOMAIN}\`, customButtons: [...buttons, { title: 'b', click }], hooks: { identify: MINE }, registration: { preSubmit, postSubmit: (email, onSuccess) => onSuccess(email) } });`;
    const [{ code }] = await reports('computed.js', text);
    const body = /createSignIn\(([^]*?)\);\n(?=signIn)/.exec(code)[1];
    const preSubmit = (data, onSuccess) => onSuccess({ ...data, userProfile: { email: 'pat@example.com' } });
    const click = () => {};
    const options = new Function('DOMAIN', 'buttons', 'click', 'MINE', 'preSubmit', `return (${body})`)('id.example.com', [{ i18nKey: 'a', click }], click, { after: [click] }, preSubmit);
    assert.equal(options.issuer, 'https://id.example.com/oauth2/default');
    assert.deepEqual(options.customButtons, [{ title: 'a', click }, { title: 'b', click }]);
    assert.deepEqual(options.hooks, { before: { identify: [] }, after: { identify: [click] } });
    await options.registration.preSubmit({});
    assert.equal(await options.registration.postSubmit({}), 'pat@example.com');
  });

  test('what is called at the end, and who redeems the code, is printed', async () => {
    const [called] = await reports('called.js', `new OktaSignIn({ ${BASIC}, globalSuccessFn: done, globalErrorFn: (e) => failed(e) });`);
    assert.match(called.code, /signIn\.on\('success', .*\(done\)\({ status: 'SUCCESS'/);
    assert.match(called.code, /signIn\.on\('error', \(e\) => failed\(e\)\);/);
    for (const text of [`new OktaSignIn({ ${BASIC}, redirect: 'always' });`, `new OktaSignIn({ ${BASIC} }).showSignInAndRedirect({ el: '#a' });`, `new OktaSignIn({ ${BASIC}, authParams: { dpop: true } });`]) {
      const [{ code }] = await reports('redeemed.js', text);
      assert.match(code, /\.\.\.\(await tokens\.widgetOptions\(\)\),[^]*tokens\.redeem\(/);
      parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
    }
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
