// What `npm pack` makes of the package, and what others make of that: checkers of package.json, compilers, plain scripts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { copyFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { install, output, pack, ROOT, temporaryFolder } from './support/packed.mjs';

const MEGABYTE = 2 ** 20;
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** Shared by all tests of this file: packing takes a second. */
const shared = { ended: [], after: (work) => shared.ended.push(work) };
let folder;
let packed;
let installed;
before(async () => {
  folder = await temporaryFolder(shared);
  packed = await pack(folder);
  installed = await install(packed.file, folder);
});
after(() => Promise.all(shared.ended.map((work) => work())));

describe('given the packed package', () => {
  test('it weighs less than one megabyte, and with the copies for CDNs less than two and a half unpacked', () => {
    assert.ok(packed.size < MEGABYTE, `${packed.size} bytes`);
    assert.ok(packed.unpackedSize < 2.5 * MEGABYTE, `${packed.unpackedSize} bytes unpacked`);
  });

  test('it holds what is built, the licences and the first page, and nothing else', async () => {
    const built = (await readdir(path.join(ROOT, 'dist'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const inDist = built.map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)));
    assert.deepEqual(packed.files, [...inDist, 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json'].sort());
  });

  test('every path that package.json names is in it', () => {
    const filesOf = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf));
    const named = [manifest.types, manifest.unpkg, manifest.jsdelivr, ...filesOf(manifest.exports)];
    for (const file of named) {
      const [before, after = ''] = path.normalize(file).split('*');
      assert.ok(packed.files.some((known) => (file.includes('*') ? known.startsWith(before) && known.endsWith(after) : known === before)), file);
    }
  });

  test('publint has nothing to say', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, strict: true, pack: false });
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
  });

  test('arethetypeswrong has nothing to say', async () => {
    // Entries without types are files to serve, or to fetch: TypeScript never sees them.
    const served = Object.keys(manifest.exports).filter((name) => typeof manifest.exports[name] === 'string');
    const checker = path.join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const options = ['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'];
    // It fails with all that it has found, and with how each entry was resolved.
    const told = await output(process.execPath, [checker, packed.file, ...options, '--exclude-entrypoints', ...served]);
    assert.match(told, /"latchkey"\n\nnode16 \(from ESM\): OK \(ESM\)\nbundler: OK/);
    for (const entry of ['latchkey\\.css', 'okta', 'tokens']) assert.match(told, new RegExp(`"latchkey/${entry}"`));
  });

  test('a server can import it by its name, and nothing happens', async () => {
    await writeFile(path.join(folder, 'server.mjs'), SERVER);
    assert.equal(await output(process.execPath, ['server.mjs'], { cwd: folder }), 'function destroyed cancelled\n');
  });
});

describe('given the package as npm installs it', () => {
  test('npx finds its commands', async (t) => {
    const own = await temporaryFolder(t);
    await writeFile(path.join(own, 'package.json'), '{"private":true}');
    await writeFile(path.join(own, 'options.json'), '{"issuer":"https://id.example.com","clientId":"x","redirectUri":"/callback"}');
    await output('npm', ['install', '--offline', '--ignore-scripts', packed.file], { cwd: own });
    assert.match(await output('npx', ['--no-install', 'latchkey', 'csp', '--options', 'options.json'], { cwd: own }), /^default-src 'none'; .*https:\/\/id\.example\.com/);
    assert.match(await output('npx', ['--no-install', 'latchkey', 'check-okta-config', 'options.json'], { cwd: own }), /honoured {2}issuer/);
  });
});

const SERVER = `
const before = Object.keys(globalThis).length;
const { createSignIn } = await import('latchkey');
await import('latchkey/okta');
const signIn = createSignIn({ issuer: 'https://id.example.com', clientId: 'x', redirectUri: '/callback' });
signIn.destroy();
console.log(typeof createSignIn, Object.keys(globalThis).length === before ? 'destroyed' : 'left something', (await signIn.finished).status);
`;

describe('given the declarations', { concurrency: 2 }, () => {
  /** Compilers, and the ways in which they look for a package. */
  const COMPILERS = [
    ['typescript-5.4', 'nodenext', 'nodenext'],
    ['typescript-5.4', 'esnext', 'bundler'],
    ['typescript-5.9', 'esnext', 'bundler'],
    ['typescript', 'nodenext', 'nodenext'],
    ['typescript', 'esnext', 'bundler'],
  ];
  for (const [compiler, module, moduleResolution] of COMPILERS) {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'node_modules', compiler, 'package.json'), 'utf8'));
    test(`TypeScript ${version} takes them in strict code, resolved as ${moduleResolution}`, async (t) => {
      const own = await temporaryFolder(t);
      await install(packed.file, own);
      for (const file of CUSTOMERS) await copyFile(path.join(ROOT, 'tests/js/support', file), path.join(own, file));
      await writeFile(path.join(own, 'package.json'), '{"type":"module"}');
      // React's own types are the customer's.
      for (const types of ['@types', 'csstype']) await symlink(path.join(ROOT, 'node_modules', types), path.join(own, 'node_modules', types));
      await writeFile(path.join(own, 'tsconfig.json'), JSON.stringify(strict(module, moduleResolution)));
      await output(process.execPath, [path.join(ROOT, 'node_modules', compiler, 'bin/tsc'), '--project', own]);
    });
  }
});

const CUSTOMERS = ['customer.mts', 'customer.tsx', 'okta-customer.mts'];

/** Everything that could find fault with a declaration. */
const strict = (module, moduleResolution) => ({
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    ...{ module, moduleResolution, noEmit: true, strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
    jsx: 'react-jsx',
    ...{ noUncheckedIndexedAccess: true, isolatedModules: true, verbatimModuleSyntax: true },
  },
  files: CUSTOMERS,
});

describe('given the plain script', () => {
  const code = readFileSync(path.join(ROOT, 'dist/latchkey.iife.js'), 'utf8');

  test('it makes one global, which has what the module has', async () => {
    const context = { document: { currentScript: { src: 'https://cdn.example.com/a/latchkey.iife.js' } }, URL };
    const before = Object.keys(context);
    runInNewContext(code, context);
    assert.deepEqual(Object.keys(context).filter((name) => !before.includes(name)), ['Latchkey']);
    assert.deepEqual(Object.keys(context.Latchkey).sort(), Object.keys(await import('../../dist/latchkey.js')).sort());
  });

  test('it can be evaluated where there is no document', () => {
    const context = {};
    runInNewContext(code, context);
    assert.throws(() => context.Latchkey.createSignIn({}), { code: 'options.missing' });
  });

  test('that for pages of Okta’s widget makes one global, too', () => {
    const context = { document: { currentScript: { src: 'https://cdn.example.com/a/latchkey-okta.iife.js' } }, URL };
    const before = Object.keys(context);
    runInNewContext(readFileSync(path.join(ROOT, 'dist/latchkey-okta.iife.js'), 'utf8'), context);
    assert.deepEqual(Object.keys(context).filter((name) => !before.includes(name)), ['OktaSignIn']);
    assert.equal(typeof context.OktaSignIn.prototype.showSignIn, 'function');
  });

  test('it speaks to the same WebAssembly', () => {
    const module = readFileSync(path.join(ROOT, 'dist/latchkey.js'), 'utf8');
    const imports = (text) => /"\.\/latchkey_bg\.js":\{(.*?)\}\}\}/s.exec(text)?.[1].match(/(?<=[,{])\w+(?=:)/g)?.sort();
    assert.deepEqual(imports(code), imports(module));
  });
});
