// `require('latchkey/okta')`, as the README of Okta's widget has it: the class itself, from Node, from a bundler, and in types.

import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import webpack from 'webpack';
import { readmeSamples } from './support/okta.mjs';
import { install, output, pack, ROOT, temporaryFolder } from './support/packed.mjs';

const shared = { ended: [], after: (work) => shared.ended.push(work) };
let folder;
before(async () => {
  folder = await temporaryFolder(shared);
  await install((await pack(folder)).file, folder);
});
after(() => Promise.all(shared.ended.map((work) => work())));

/** The sample, with the only change that is asked for. */
const sample = () => readmeSamples().find(({ code }) => code.includes('require(')).code.replace('@okta/okta-signin-widget', 'latchkey/okta').replace('/* configOptions */', "{ issuer: 'https://id.example.com', clientId: '0oa1', redirectUri: '/callback' }");
const told = '\nconsole.log(OktaSignIn.name, typeof signIn.showSignIn, typeof require("latchkey/okta/polyfill"));\n';
const EXPECTED = /^\w+ function object\n$/;

describe('given the sample for npm', () => {
  test('it runs in Node', async () => {
    await writeFile(path.join(folder, 'sample.cjs'), `${sample()}${told}`);
    assert.match(await output(process.execPath, ['--no-warnings', 'sample.cjs'], { cwd: folder }), EXPECTED);
  });

  test('it runs out of webpack, which has found the WebAssembly', async () => {
    await writeFile(path.join(folder, 'entry.js'), `${sample()}${told}`);
    const compiler = webpack({ mode: 'production', target: 'node', context: folder, entry: './entry.js', output: { path: path.join(folder, 'built'), filename: 'main.cjs' } });
    const stats = await new Promise((resolve, reject) => compiler.run((error, result) => (error ? reject(error) : resolve(result))));
    assert.deepEqual(stats.toJson({ errors: true }).errors, []);
    assert.ok(stats.toJson({ assets: true }).assets.some(({ name }) => name.endsWith('.wasm')));
    assert.match(await output(process.execPath, ['built/main.cjs'], { cwd: folder }), EXPECTED);
  });

  for (const compiler of ['typescript-5.4', 'typescript-5.9', 'typescript']) {
    test(`its types are there for ${compiler}`, async () => {
      await copyFile(path.join(ROOT, 'tests/js/support/okta-required.cts'), path.join(folder, 'okta-required.cts'));
      const options = ['--target', 'es2022', '--lib', 'es2022,dom', '--module', 'nodenext', '--moduleResolution', 'nodenext', '--noEmit', '--strict'];
      await output(process.execPath, [path.join(ROOT, 'node_modules', compiler, 'bin/tsc'), ...options, 'okta-required.cts'], { cwd: folder });
    });
  }
});
