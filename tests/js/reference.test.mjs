// The reference page: made from the package, complete, and nothing but text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readCodes, readInterface } from '../../demo-site/reference/declarations.mjs';
import { referencePage } from '../../demo-site/reference/page.mjs';
import * as latchkey from '../../dist/latchkey.js';
import { OPTIONS } from '../../widget/js/options.schema.mjs';

const declarations = (file) => readFileSync(new URL(`../../dist/types/${file}`, import.meta.url), 'utf8');
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

describe('given the reference page', () => {
  test('it has a section for every option, with its example, and no other', async () => {
    const page = await referencePage();
    const headings = [...page.matchAll(/<h3 id="(\w+)">/g)].map(([, name]) => name);
    assert.deepEqual(headings, [...Object.entries(OPTIONS)].sort(([, a], [, b]) => Number(!a.since) - Number(!b.since)).map(([name]) => name));
    for (const [name, { example }] of Object.entries(OPTIONS)) {
      assert.ok(page.includes(escape(`${name}: ${example},`)), name);
    }
  });

  test('it says the default and the version of what is there, and what is not there', async () => {
    const page = await referencePage();
    assert.match(page, /id="colorScheme".*?Default<\/dt><dd><code>auto<\/code>.*?Since<\/dt><dd>0\.1\.0/s);
    assert.match(page, /id="theme".*?not there yet/s);
    assert.doesNotMatch(page, /<script|\sstyle=|<dd>undefined|: undefined,/);
  });
});

describe('given the declarations of the package', () => {
  test('every method and property of the object is on the page', async () => {
    const page = await referencePage();
    const { members } = readInterface(declarations('types.d.ts'), 'SignIn');
    const signIn = latchkey.createSignIn({ issuer: 'https://id.example.com', clientId: 'x', redirectUri: '/' });
    const prototype = Object.getOwnPropertyNames(Object.getPrototypeOf(signIn)).filter((name) => name !== 'constructor');
    assert.deepEqual(members.map(({ name }) => name).sort(), [...prototype, ...Object.keys(signIn)].sort());
    for (const { name } of members) assert.match(page, new RegExp(`<dt><code>${name}</code>`));
  });

  for (const [file, name] of [['errors.d.ts', 'SignInErrorCode'], ['tokens/errors.d.ts', 'TokensErrorCode']]) {
    test(`every code of ${name} is explained, and no other`, () => {
      const [, union] = new RegExp(`export type ${name} = (.*?);`, 's').exec(declarations(file));
      const codes = [...union.matchAll(/'([\w.]+)'/g)].map(([, code]) => code);
      const explained = readCodes(declarations(file), name).flatMap((entry) => entry.codes);
      assert.ok(codes.length > 10);
      assert.deepEqual(explained.filter((code) => !/^id_token\./.test(code)).sort(), codes.sort());
    });
  }

  test('what cannot be read stops it, instead of being left out', () => {
    assert.throws(() => readInterface('/** Why. */\nexport interface A {\n    /** One. */\n    a: string;\n    b: string;\n}', 'A'), /2 members, of which 1/);
    assert.throws(() => readInterface('', 'A'), /no A/);
    assert.throws(() => readCodes('/** - code without quotes: x */\nexport type A = 1;', 'A'), /no - code/);
  });
});
