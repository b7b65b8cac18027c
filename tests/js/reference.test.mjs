// The reference page: made from the package, complete, and nothing but text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readInterface } from '../../demo-site/reference/declarations.mjs';
import { referenceExamples, referencePage } from '../../demo-site/reference/page.mjs';
import * as latchkey from '../../dist/latchkey.js';
import { ERROR_CODES } from '../../widget/js/error-codes.mjs';
import { OPTIONS } from '../../widget/js/options.schema.mjs';

const declarations = (file) => readFileSync(new URL(`../../dist/types/${file}`, import.meta.url), 'utf8');
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Where people of the page sign in. */
const ISSUER = 'https://id.example.com/oauth2/default';

/** What somebody reads who reads this HTML. */
const textOf = (html) =>
  html.replaceAll(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

describe('given the reference page', () => {
  test('it has a section for every option, with its example, and no other', async () => {
    const page = await referencePage(ISSUER);
    const headings = [...page.matchAll(/<h3 id="(\w+)">/g)].map(([, name]) => name);
    assert.deepEqual(headings, [...Object.entries(OPTIONS)].sort(([, a], [, b]) => Number(!a.since) - Number(!b.since)).map(([name]) => name));
    for (const [name, { example }] of Object.entries(OPTIONS)) {
      assert.ok(page.includes(escape(`${name}: ${example},`.replace('http://localhost:4401', 'https://id.example.com'))), name);
    }
  });

  test('it says what is inside of an option', async () => {
    const page = await referencePage(ISSUER);
    for (const path of ['help', 'custom', 'custom[].href', 'factorPage.text', 'title', 'setPageTitle', 'colorAccent']) {
      assert.ok(page.includes(`<dt><code>${path}</code>`), path);
    }
  });

  test('it says the default and the version of what is there, and what is not there', async () => {
    const page = await referencePage(ISSUER);
    assert.match(page, /id="colorScheme".*?Default<\/dt><dd><code>auto<\/code>.*?Since<\/dt><dd>0\.1\.0/s);
    for (const [name, { since }] of Object.entries(OPTIONS)) if (!since) assert.match(page, new RegExp(`id="${name}".*?not there yet`, 's'));
    assert.doesNotMatch(page, /<script(?! type="module" src=)|\sstyle=|\son\w+=|<dd>undefined|: undefined,/);
  });
});

describe('given the examples of the reference page', () => {
  test('they are those of the options that are there, and are taken', async () => {
    const { examples } = await import(`data:text/javascript,${encodeURIComponent(await referenceExamples(ISSUER))}`);
    assert.deepEqual(Object.keys(examples), Object.entries(OPTIONS).flatMap(([name, { since }]) => (since ? [name] : [])));
    for (const example of Object.values(examples)) latchkey.createSignIn({ issuer: ISSUER, clientId: 'x', redirectUri: '/', ...example() }).destroy();
  });
});

describe('given the declarations of the package', () => {
  test('every method and property of the object is on the page', async () => {
    const page = await referencePage(ISSUER);
    const { members } = readInterface(declarations('types.d.ts'), 'SignIn');
    const signIn = latchkey.createSignIn({ issuer: 'https://id.example.com', clientId: 'x', redirectUri: '/' });
    const prototype = Object.getOwnPropertyNames(Object.getPrototypeOf(signIn)).filter((name) => name !== 'constructor');
    assert.deepEqual(members.map(({ name }) => name).sort(), [...prototype, ...Object.keys(signIn)].sort());
    for (const { name } of members) assert.match(page, new RegExp(`<dt><code>${name}</code>`));
  });

  test('every error code is there with its meaning and its way out', async () => {
    const page = await referencePage(ISSUER);
    const codes = Object.entries(ERROR_CODES);
    assert.ok(codes.length > 40);
    for (const [code, { entries, text, way }] of codes) {
      const times = page.split(`<dt id="`).filter((part) => part.includes(`><code>${code}</code></dt>`));
      assert.equal(times.length, entries.length, code);
      for (const part of times) for (const words of [text, way]) assert.ok(textOf(part).includes(words.replaceAll('`', '')), `${code}: ${words}`);
    }
  });

  test('what cannot be read stops it, instead of being left out', () => {
    assert.throws(() => readInterface('/** Why. */\nexport interface A {\n    /** One. */\n    a: string;\n    b: string;\n}', 'A'), /2 members, of which 1/);
    assert.throws(() => readInterface('', 'A'), /no A/);
  });
});
