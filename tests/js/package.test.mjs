// What the build leaves in dist/: the files that package.json promises, a module and a glue that fit together, and nothing
// that the strict policy would refuse.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeCdn } from '../../scripts/build/cdn.mjs';
import { rewriteBorder, weighModule } from '../../scripts/build/wasm.mjs';

const at = (file) => new URL(`../../${file}`, import.meta.url);
const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const script = readFileSync(at('dist/latchkey.js'), 'utf8');
const wasm = readFileSync(at('dist/latchkey_bg.wasm'));
const tasks = readFileSync(at('dist/latchkey-tasks.js'), 'utf8');
const speech = readFileSync(at('dist/latchkey-speech.js'), 'utf8');
const tokens = readFileSync(at('dist/latchkey-tokens.js'), 'utf8');
const okta = readFileSync(at('dist/latchkey-okta.js'), 'utf8');
const oktaPlain = readFileSync(at('dist/latchkey-okta.iife.js'), 'utf8');
const command = readFileSync(at('dist/bin/check-okta-config.mjs'), 'utf8');
const redirect = readFileSync(at('dist/latchkey-redirect.js'), 'utf8');
const framePage = readFileSync(at('dist/latchkey-frame.html'), 'utf8');
const frameScript = readFileSync(at('dist/latchkey-frame.js'), 'utf8');
const filesIn = (folder) => readdirSync(at(folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(fileURLToPath(at(folder)), path.join(entry.parentPath ?? entry.path, entry.name))).sort();
const SINKS = /(inner|outer)HTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTMLUnsafe|srcdoc|\beval\(|\bFunction\(/;

describe('given the files of the package', () => {
  test('everything that package.json exports is there', () => {
    const filesOf = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf));
    const targets = filesOf(manifest.exports);
    for (const target of targets) assert.ok(existsSync(at(target.replace('*', 'en'))), target);
  });

  test('nothing is needed at run time that npm would have to fetch', () => {
    assert.equal(manifest.dependencies, undefined);
    assert.equal(/\b(import|export)\s[^;"'`]*\bfrom\b\s*["'][^."']/.exec(script)?.[0], undefined);
  });

  test('the declarations are those of the public names, and complete', () => {
    const files = readdirSync(at('dist/types'), { recursive: true }).filter((file) => file.endsWith('.ts')).sort();
    const names = [
      'customize/theme-variables',
      'diagnose',
      'diagnose/catalogue',
      'diagnose/findings',
      'element-types',
      'error-code',
      'errors',
      'index',
      'okta',
      'okta/types',
      'okta/widget',
      'react',
      'sign-in-options',
      'style',
      'tokens',
      'tokens/error-code',
      'tokens/errors',
      'tokens/types',
      'types',
    ];
    assert.deepEqual(files, names.map((name) => `${name}.d.ts`));
    for (const file of files) {
      const imported = [...readFileSync(at(`dist/types/${file}`), 'utf8').matchAll(/from '(\.[\w./-]+)\.js'/g)];
      for (const [, name] of imported) assert.ok(files.includes(path.posix.join(path.posix.dirname(file), `${name}.d.ts`)), `${file} needs ${name}`);
    }
  });
});

describe('given the oldest browsers that the README names', () => {
  /** What Chrome 97, Firefox 102 or Safari 16.0 does not have yet; the build sees to syntax, but for what it cannot rewrite. */
  const YOUNGER = [
    /AbortSignal\.(timeout|any)\b/,
    /\bURL\.(canParse|parse)\b/,
    /\bPromise\.(withResolvers|try)\b/,
    /\b(Object|Map)\.groupBy\b/,
    /\bArray\.fromAsync\b/,
    /\bIterator\.(from|prototype)\b/,
    /\bResponse\.json\(/,
    /\b(structuredClone|requestIdleCallback|queueTask|showPopover|startViewTransition|attachInternals|checkVisibility|showPicker)\(/,
    /\.(toSorted|toReversed|toSpliced|findLast|findLastIndex|isWellFormed|toWellFormed|throwIfAborted)\(/,
    /\.(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference|toBase64|toHex)\(/,
    /\b(new URLPattern|CompressionStream|adoptedStyleSheets|cookieStore|userAgentData)\b/,
    /\bUint8Array\.from(Base64|Hex)\b/,
    /\bstatic\s*\{/,
    /\(\?<[=!]/,
  ];

  for (const name of readdirSync(at('dist')).filter((file) => file.endsWith('.js'))) {
    test(`${name} asks for nothing younger`, () => {
      const text = readFileSync(at(`dist/${name}`), 'utf8');
      for (const younger of YOUNGER) assert.equal(younger.exec(text)?.[0], undefined);
    });
  }
});

describe('given the script', () => {
  test('it has no sink that Trusted Types would refuse, and evaluates nothing', () => {
    assert.equal(SINKS.exec(script.replaceAll('`Function(${', ''))?.[0], undefined);
  });

  test('bundlers can find the module beside it', () => {
    assert.ok(script.includes('new URL("latchkey_bg.wasm",import.meta.url)'));
  });

  test('no path of the machine that built it is told', () => {
    for (const text of [script, tasks, speech, tokens, redirect, okta, oktaPlain, command, frameScript, framePage, wasm.toString('latin1')]) assert.equal(/\/(home|root|Users)\/|\.cargo\b/.exec(text)?.[0], undefined);
  });
});

describe('given the files for a CDN', () => {
  const { version, folder, files } = JSON.parse(readFileSync(at('dist/integrity.json'), 'utf8'));
  const sha = (kind, bytes) => createHash(kind).update(bytes).digest('base64');

  test('they are all that a browser may fetch, byte for byte, in one folder', () => {
    assert.equal(folder, `cdn/${readdirSync(at('dist/cdn')).join()}`);
    assert.deepEqual(filesIn(`dist/${folder}`), Object.keys(files).sort());
    const served = /^[\w.-]+\.(js|css|wasm|html)$|^locales\//;
    assert.deepEqual(Object.keys(files).sort(), filesIn('dist').filter((name) => served.test(name)));
    for (const name of Object.keys(files)) assert.ok(readFileSync(at(`dist/${folder}/${name}`)).equals(readFileSync(at(`dist/${name}`))), name);
  });

  test('the list of their digests is right', () => {
    assert.equal(version, manifest.version);
    for (const [name, integrity] of Object.entries(files)) assert.equal(integrity, `sha384-${sha('sha384', readFileSync(at(`dist/${name}`)))}`, name);
  });

  test('the folder has another name as soon as one byte is another', async (t) => {
    const copy = mkdtempSync(path.join(tmpdir(), 'latchkey-cdn-'));
    t.after(() => rmSync(copy, { recursive: true }));
    cpSync(at(`dist/${folder}`), copy, { recursive: true });
    const named = async () => {
      await writeCdn(copy, version);
      return JSON.parse(readFileSync(path.join(copy, 'integrity.json'), 'utf8')).folder;
    };
    assert.equal(await named(), folder);
    writeFileSync(path.join(copy, 'latchkey.css'), ' ', { flag: 'a' });
    assert.notEqual(await named(), folder);
    assert.equal(readdirSync(path.join(copy, 'cdn')).length, 1);
  });

  test('both scripts know the digest of the WebAssembly', () => {
    const digest = sha('sha256', wasm);
    for (const name of ['latchkey.js', 'latchkey.iife.js']) assert.ok(readFileSync(at(`dist/${name}`), 'utf8').includes(`"${digest}"`), name);
  });
});

describe('given what only few sign-ins need', () => {
  test('it is all in the package, and nothing else is', () => {
    const files = readdirSync(at('dist')).sort();
    const frame = ['latchkey-frame.css', 'latchkey-frame.html', 'latchkey-frame.js'];
    const names = [
      'bin',
      'cdn',
      'error-codes.json',
      'integrity.json',
      'latchkey-customize.js',
      'latchkey-diagnose.js',
      ...frame,
      'latchkey-okta-polyfill.cjs',
      'latchkey-okta-polyfill.d.cts',
      'latchkey-okta.cjs',
      'latchkey-okta.d.cts',
      'latchkey-okta.iife.js',
      'latchkey-okta.js',
      'latchkey-react.js',
      'latchkey-redirect.js',
      'latchkey-speech.js',
      'latchkey-tasks.js',
      'latchkey-tokens.js',
      'latchkey.css',
      'latchkey.iife.js',
      'latchkey.js',
      'latchkey_bg.wasm',
      'locales',
      'options.schema.json',
      'types',
    ];
    assert.deepEqual(files, names);
    assert.deepEqual(manifest.files, ['dist', 'LICENSE-*']);
  });

  test('what a file fetches by a relative address lies beside it', () => {
    const imported = [script, tasks].flatMap((text) => [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, file]) => file));
    const named = [...framePage.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, file]) => `./${file}`);
    assert.deepEqual([...new Set(imported)].sort(), ['./latchkey-customize.js', './latchkey-redirect.js', './latchkey-speech.js', './latchkey-tasks.js']);
    assert.deepEqual(named, ['./latchkey-frame.css', './latchkey-frame.js']);
    for (const file of [...imported, ...named]) assert.ok(file.startsWith('./') && existsSync(at(`dist/${file}`)), file);
  });

  test('the script has its functions, needs nothing else, and keeps to the strict policy', async () => {
    assert.deepEqual(Object.keys(await import(at('dist/latchkey-tasks.js').href)), ['perform']);
    assert.equal(/\bimport\b/.exec(tasks.replaceAll('import.meta', ''))?.[0], undefined);
    assert.equal(SINKS.exec(tasks)?.[0], undefined);
    assert.doesNotMatch(tasks, /new Worker|serviceWorker|createElement\("script"\)/);
  });

  test('so does the script of the redirect model, which stands where WebAssembly stands otherwise', async () => {
    assert.deepEqual(Object.keys(await import(at('dist/latchkey-redirect.js').href)).sort(), ['detach', 'start']);
    assert.equal(/\bimport\b/.exec(redirect)?.[0], undefined);
    assert.equal(SINKS.exec(redirect)?.[0], undefined);
  });

  test('the frame page has its own policy before anything that it could forbid, and nothing inline', () => {
    assert.ok(framePage.indexOf('http-equiv="Content-Security-Policy"') < framePage.search(/<(link|script)/));
    assert.doesNotMatch(framePage, /<style|<script>|\son\w+=|\sstyle=/);
  });
});

describe('given the scripts for pages that come from Okta’s widget', () => {
  test('the module has one class, and of ours it needs the widget alone', async () => {
    const { OktaSignIn, default: same } = await import(at('dist/latchkey-okta.js').href);
    assert.equal(same, OktaSignIn);
    assert.deepEqual([...new Set([...okta.matchAll(/\bfrom\s*"([^"]+)"/g)].map(([, name]) => name))], ['./latchkey.js']);
  });

  test('both keep to the strict policy', () => {
    for (const text of [okta, oktaPlain]) assert.equal(SINKS.exec(text.replaceAll('`Function(${', ''))?.[0], undefined);
  });

  test('the plain one speaks to the same WebAssembly', () => {
    const digest = createHash('sha256').update(wasm).digest('base64');
    assert.ok(oktaPlain.includes(`"${digest}"`));
  });
});

describe('given the component for React', () => {
  const react = readFileSync(at('dist/latchkey-react.js'), 'utf8');

  test('it brings neither React nor a second widget, and bundlers for servers know what it is', () => {
    assert.deepEqual([...react.matchAll(/\b(?:from|import)\s*"([^"]+)"/g)].map(([, name]) => name).sort(), ['./latchkey.js', 'react']);
    assert.ok(react.startsWith("'use client';"));
    assert.deepEqual(manifest.peerDependenciesMeta, { react: { optional: true } });
  });
});

describe('given the script for what comes after', () => {
  test('it has one function and one class, needs nothing else, and keeps to the strict policy', async () => {
    assert.deepEqual(Object.keys(await import(at('dist/latchkey-tokens.js').href)).sort(), ['TokensError', 'createTokens']);
    assert.equal(/\bimport\b/.exec(tokens)?.[0], undefined);
    assert.equal(SINKS.exec(tokens)?.[0], undefined);
  });

  test('it writes nothing on the console', () => {
    assert.doesNotMatch(tokens, /\bconsole\b/);
  });
});

describe('given the module', () => {
  const module = new WebAssembly.Module(wasm);

  test('every import is in the glue, and every export is used by it', () => {
    for (const { name } of WebAssembly.Module.imports(module)) assert.ok(new RegExp(`[,{]${name.replace('$', '\\$')}:`).test(script), `import ${name}`);
    for (const { name } of WebAssembly.Module.exports(module)) assert.ok(script.includes(`.${name}`), `export ${name}`);
  });

  test('it carries neither names nor producers', () => {
    assert.deepEqual(WebAssembly.Module.customSections(module, 'name'), []);
    assert.deepEqual(WebAssembly.Module.customSections(module, 'producers'), []);
  });

  test('rewriting its border without changing a name gives the same bytes', () => {
    const [{ module: from }] = WebAssembly.Module.imports(module);
    const same = { module: from, renameImport: (name) => name, renameExport: (name) => name };
    assert.ok(rewriteBorder(wasm, same).equals(wasm));
  });

  test('rewriting renames imports and exports, and drops those without a name', () => {
    const names = { module: 'm', renameImport: (name) => `i_${name}`, renameExport: (name) => (name === 'memory' ? 'm' : undefined) };
    const rewritten = new WebAssembly.Module(rewriteBorder(wasm, names));
    assert.ok(WebAssembly.Module.imports(rewritten).every(({ module: from, name }) => from === 'm' && name.startsWith('i_')));
    assert.deepEqual(WebAssembly.Module.exports(rewritten).map(({ name }) => name), ['m']);
  });

  test('weighing it leaves nothing out but headers', () => {
    const { functions, data, other } = weighModule(wasm);
    const weighed = functions.reduce((sum, { size }) => sum + size, data + other);
    assert.ok(weighed > wasm.length * 0.97 && weighed <= wasm.length, `${weighed} of ${wasm.length}`);
  });
});
