// What the build leaves in dist/: the files that package.json promises, a module and a glue that fit together, and nothing
// that the strict policy would refuse.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { rewriteBorder, weighModule } from '../../scripts/build/wasm.mjs';

const at = (file) => new URL(`../../${file}`, import.meta.url);
const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const script = readFileSync(at('dist/latchkey.js'), 'utf8');
const wasm = readFileSync(at('dist/latchkey_bg.wasm'));

describe('given the files of the package', () => {
  test('everything that package.json exports is there', () => {
    const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
    for (const target of targets) assert.ok(existsSync(at(target)), target);
  });

  test('nothing is needed at run time that npm would have to fetch', () => {
    assert.equal(manifest.dependencies, undefined);
    assert.equal(/\b(import|export)\s[^;"'`]*\bfrom\b\s*["'][^."']/.exec(script)?.[0], undefined);
  });

  test('the declarations are those of the public names, and complete', () => {
    const files = readdirSync(at('dist/types')).sort();
    assert.deepEqual(files, ['errors.d.ts', 'index.d.ts', 'types.d.ts']);
    for (const file of files) {
      const imported = [...readFileSync(at(`dist/types/${file}`), 'utf8').matchAll(/from '\.\/(\w+)\.js'/g)].map(([, name]) => `${name}.d.ts`);
      for (const name of imported) assert.ok(files.includes(name), `${file} needs ${name}`);
    }
  });
});

describe('given the script', () => {
  test('it has no sink that Trusted Types would refuse, and evaluates nothing', () => {
    const sinks = /(inner|outer)HTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTMLUnsafe|\beval\(|\bFunction\(/;
    assert.equal(sinks.exec(script.replaceAll('`Function(${', ''))?.[0], undefined);
  });

  test('bundlers can find the module beside it', () => {
    assert.ok(script.includes('new URL("latchkey_bg.wasm",import.meta.url)'));
  });

  test('no path of the machine that built it is told', () => {
    for (const text of [script, wasm.toString('latin1')]) assert.equal(/\/(home|root|Users)\/|\.cargo\b/.exec(text)?.[0], undefined);
  });
});

describe('given the module', () => {
  const module = new WebAssembly.Module(wasm);

  test('every import is in the glue, and every export is used by it', () => {
    for (const { name } of WebAssembly.Module.imports(module)) assert.ok(script.includes(`,${name}:function(`), `import ${name}`);
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
