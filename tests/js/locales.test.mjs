// The texts of all languages: each has every text, with the same things filled in, in forms that its plurals have; and the
// script, the WebAssembly and the files agree on what there is.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { catalogueMark, languages, placeholders, textsOf } from '../../scripts/build/locales.mjs';
import { takePowers } from '../../scripts/build/powers.mjs';

const at = (file) => new URL(`../../${file}`, import.meta.url);
const english = await textsOf('en');
const tags = await languages();
const speech = readFileSync(at('dist/latchkey-speech.js'), 'utf8');

/** Names of authenticators and the like that are the same in some languages, and words that are. */
const MAY_BE_ENGLISH = /^(Code|Passkeys?|SMS|Browser|App|Password|E-?mail|QR code|\(optional\)|.{1,3})$/i;

for (const tag of tags) {
  describe(`given the texts in ${tag}`, () => {
    test('there are all, and no others', async () => {
      assert.deepEqual(Object.keys(await textsOf(tag)).sort(), Object.keys(english).sort());
    });

    test('none is empty, or untidy', async () => {
      for (const [name, text] of Object.entries(await textsOf(tag))) assert.match(text, /^\S(.*\S)?$/, name);
    });

    test('what is filled in is the same, in the same order, in every form', async () => {
      for (const [name, text] of Object.entries(await textsOf(tag))) {
        for (const form of text.split('|')) assert.deepEqual(placeholders(form), placeholders(english[name]), `${name}: ${form}`);
      }
    });

    test('forms of plurals are forms that the language has', async () => {
      const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
      for (const [name, text] of Object.entries(await textsOf(tag))) {
        const [, ...forms] = text.split('|');
        for (const form of forms) assert.ok(pluralCategories.includes(/^(\w+)=./.exec(form)?.[1]), `${name}: ${form}`);
      }
    });

    test('nothing was left in English', async () => {
      const left = tag === 'en' ? [] : Object.entries(await textsOf(tag)).filter(([name, text]) => text === english[name] && !MAY_BE_ENGLISH.test(text));
      assert.deepEqual(left, []);
    });

    test('the file of the package is flat, in the order of the names, and says what it was made for', async () => {
      const { catalogue, texts } = JSON.parse(readFileSync(at(`dist/locales/${tag}.json`), 'utf8'));
      assert.equal(catalogue, await catalogueMark());
      assert.deepEqual(Object.keys(texts), Object.keys(english).sort());
      assert.deepEqual({ ...texts }, await textsOf(tag));
    });
  });
}

describe('given the scripts', () => {
  test('bundlers can find every file, and every language is offered', () => {
    for (const tag of tags) assert.ok(speech.includes(`new URL("locales/${tag}.json",import.meta.url)`), tag);
    const offered = /LANGUAGES: readonly string\[\] = \[([^\]]*)\]/.exec(readFileSync(at('widget/js/language.ts'), 'utf8'))?.[1];
    assert.deepEqual(offered?.split(', ').map((tag) => tag.slice(1, -1)), tags);
  });

  test('they take files for this catalogue only', async () => {
    assert.ok(speech.includes(`"${await catalogueMark()}"`));
  });

  test('the English that needs no network is that of the file', () => {
    for (const [group, file] of [['page.', 'texts.ts'], ['redirect.', 'redirect/texts.ts']]) {
      const source = readFileSync(at(`widget/js/${file}`), 'utf8');
      for (const [name, text] of Object.entries(english)) if (name.startsWith(group)) assert.ok(source.includes(`'${text}'`), name);
    }
  });
});

describe('given a module with the powers of ten in it', () => {
  const powers = Buffer.alloc(309 * 8);
  for (let power = 0; power < 309; power++) powers.writeDoubleLE(Number(`1e${power}`), power * 8);
  /** One data segment at address 1024: eight bytes, and then the table. */
  const bytes = Buffer.from([0x41, 0x80, 0x08, 0x0b, 0xb0, 0x13]);
  const body = Buffer.concat([Buffer.from([0x01, 0x00]), bytes, Buffer.alloc(8, 7), powers]);
  const module = Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    Buffer.from([0x05, 0x03, 0x01, 0x00, 0x01]),
    Buffer.from([0x0b, (body.length & 127) | 128, body.length >> 7]),
    body,
  ]);

  test('zeros take their place, and it is known where that is', () => {
    assert.ok(WebAssembly.validate(module));
    const { bytes: taken, address } = takePowers(module);
    assert.equal(address, 1024 + 8);
    assert.ok(WebAssembly.validate(taken));
    assert.equal(taken.length, module.length);
    assert.ok(taken.subarray(-powers.length).every((byte) => byte === 0));
    assert.deepEqual(taken.subarray(0, -powers.length), module.subarray(0, -powers.length));
  });

  test('a module without them is refused', () => {
    assert.throws(() => takePowers(module.subarray(0, 20)), /powers of ten/);
  });
});
