// One list of error codes: what is made from it is up to date, it has what the sources can say and nothing else, and tests reach
// each of them.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { codesList, CODE_SOURCES } from '../../scripts/build/error-codes.mjs';
import { ACTORS, ERROR_CODES } from '../../widget/js/error-codes.mjs';

const ROOT = new URL('../../', import.meta.url);
const read = (file) => readFileSync(new URL(file, ROOT), 'utf8');
const codes = Object.keys(ERROR_CODES);
const areas = [...new Set(codes.map((code) => code.split('.')[0]))].join('|');

/** The texts of all files below these folders with such a name. */
const below = (folders, name) =>
  folders.flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true })
      .map((file) => `${folder}/${file}`)
      // What `diagnose` finds has codes of its own.
      .filter((file) => name.test(file) && !Object.hasOwn(CODE_SOURCES, file) && !file.startsWith('widget/js/diagnose'))
      .map(read),
  );

const found = (texts, pattern) => texts.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code));

/** What Rust can report; comments and tests speak of codes too. */
const inRust = new Set(
  found(
    below(['widget/core/src', 'widget/src'], /(?<!tests)\.rs$/).map((text) => text.replaceAll(/^\s*\/\/.*$/gm, '')),
    new RegExp(`"((?:${areas})\\.[a-z_]+)"`, 'g'),
  ),
);

/** What TypeScript can throw: whole codes, and the halves that two functions put together. */
const inTypeScript = (() => {
  const texts = below(['widget/js'], /\.ts$/);
  const options = found(texts, /\b(?:refusal|fault)\('(?:options\.)?([a-z_]+)'/g).filter((name) => codes.includes(`options.${name}`));
  const faults = found([read('widget/js/tokens/id-token.ts')], /^ {2}([a-z_]+): ['"]/gm);
  const whole = found(texts, new RegExp(`'((?:${areas})\\.[a-z_]+)'`, 'g'));
  return new Set([...whole, ...options.map((name) => `options.${name}`), ...faults.map((name) => `id_token.${name}`)]);
})();

describe('given the list of error codes', () => {
  for (const [file, text] of Object.entries(CODE_SOURCES)) {
    test(`${file} is what is made from it`, () => {
      assert.equal(read(file), text(), 'run `node scripts/build/error-codes.mjs`');
    });
  }

  test('the list in the package is what is made from it', () => {
    assert.deepEqual(JSON.parse(read('dist/error-codes.json')), codesList(JSON.parse(read('package.json')).version));
  });

  test('every code says what it means, who must act, and the way out', () => {
    for (const [code, { text, who, way, entries }] of Object.entries(ERROR_CODES)) {
      assert.match(code, /^[a-z_]+\.[a-z_]+$/);
      for (const words of [text, way]) assert.match(words, /^[A-Z`].*[.)`]$/s, code);
      assert.ok(Object.hasOwn(ACTORS, who) && entries.length > 0, code);
    }
  });

  test('Rust can say nothing that is not in it', () => {
    assert.ok(inRust.size > 20, `${inRust.size} found`);
    assert.deepEqual([...inRust].filter((code) => !ERROR_CODES[code]?.entries.includes('widget')), []);
  });

  test('neither can TypeScript', () => {
    assert.ok(inTypeScript.size > 40, `${inTypeScript.size} found`);
    assert.deepEqual([...inTypeScript].filter((code) => !codes.includes(code)), []);
  });

  test('and nothing is in it that nobody says', () => {
    assert.deepEqual(codes.filter((code) => !inRust.has(code) && !inTypeScript.has(code)), []);
  });

  test('each is reached by a test', () => {
    const tests = below(['tests', 'widget/core/tests'], /\.(ts|mjs|rs)$/).filter((text) => text !== read('tests/js/error-codes.test.mjs'));
    assert.deepEqual(codes.filter((code) => !tests.some((text) => text.includes(code))), []);
  });
});
