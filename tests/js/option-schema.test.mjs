// One source for the options: what is made from it is up to date, and says the same everywhere.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { createSignIn } from '../../dist/latchkey.js';
import { optionsSchema, SOURCES } from '../../scripts/build/options.mjs';
import { OPTIONS } from '../../widget/js/options.schema.mjs';

const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const schema = JSON.parse(read('dist/options.schema.json'));
const VALID = { issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: '/callback' };
const CHALLENGE = { codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', codeChallengeMethod: 'S256' };

/** The code of the error that these options meet, or undefined. */
function refusal(options) {
  try {
    createSignIn(options);
  } catch (error) {
    return error.code;
  }
  return undefined;
}

/** The value of an example, as a page would write it. */
const valueOf = (example) => new Function(`return (${example})`)();

/** What its example needs beside an option. */
const besideOf = ({ beside = '' }) => valueOf(`{ ${beside} }`);

/** Everything that is inside of an option, too. */
const inside = (option) => [...Object.values(option.members ?? {}), option.items, option.each].filter((member) => member !== undefined);
const isThere = (option) => [option.kind, option.values, option.members, option.items, option.each].some((what) => what !== undefined);
function expectDescribed(option) {
  assert.match(option.text, /^[A-Z`].*\.$/s);
  for (const member of inside(option)) expectDescribed(member);
}

describe('given the schema of the options', () => {
  for (const [file, text] of Object.entries(SOURCES)) {
    test(`${file} is what is made from it`, () => {
      assert.equal(read(file), text(), 'run `node scripts/build/options.mjs`');
    });
  }

  test('the JSON Schema in the package is what is made from it', () => {
    assert.deepEqual(schema, optionsSchema(JSON.parse(read('package.json')).version));
  });

  for (const [name, option] of Object.entries(OPTIONS)) {
    const isPlanned = option.since === undefined;
    test(`the example of \`${name}\` ${!isPlanned ? 'is accepted' : 'is refused until it is there'}`, () => {
      const given = { ...VALID, ...besideOf(option), [name]: valueOf(option.example) };
      assert.equal(refusal(given), isPlanned ? 'options.unavailable' : undefined);
    });

    for (const value of (Array.isArray(option.later) && option.later) || []) {
      test(`\`${name}: '${value}'\` is refused until it is there`, () => assert.equal(refusal({ ...VALID, [name]: value }), 'options.unavailable'));
    }

    test(`\`${name}\` says what it does, and its default unless it is required`, () => {
      expectDescribed(option);
      assert.equal(isPlanned, !isThere(option));
      assert.equal(!isPlanned && !option.required, option.default !== undefined || option.otherwise !== undefined);
    });
  }
});

describe('given the JSON Schema', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(schema);

  const OPTIONS_IN_JSON = [
    {},
    VALID,
    { ...VALID, ...CHALLENGE },
    ...Object.keys(CHALLENGE).map((name) => ({ ...VALID, [name]: CHALLENGE[name] })),
    ...['issuer', 'clientId', 'redirectUri'].map((name) => ({ ...VALID, [name]: undefined })),
    ...['http://localhost:4401/oauth2/default', 'http://127.0.0.1:1/x', 'http://[::1]:1/x', 'http://localhost', 'http://id.example.com'].flatMap(
      (address) => [{ ...VALID, issuer: address }, { ...VALID, redirectUri: address }],
    ),
    ...['http://localhost.example.com', 'javascript:alert(1)', 'ftp://a.example', '/oauth2', '', 'https://a.example/?b', 'https://a.example/#b', 1].map(
      (issuer) => ({ ...VALID, issuer }),
    ),
    ...['callback', '/a?b=c', 'https://a.example/?b', '/a#b', '', 'com.example.app:/callback', 'javascript:alert(1)', '?a=b'].map((redirectUri) => ({
      ...VALID,
      redirectUri,
    })),
    ...[[], ['openid'], ['openid profile'], [''], [1], 'openid'].map((scopes) => ({ ...VALID, scopes })),
    ...[0, 60, -1, 1.5, '60', null].map((maxAge) => ({ ...VALID, maxAge })),
    ...['', 'x', 1].flatMap((text) => [{ ...VALID, state: text }, { ...VALID, username: text }, { ...VALID, assetsUrl: text }]),
    ...['login', 'unlockAccount', 'logout', ''].map((flow) => ({ ...VALID, flow })),
    ...['en', 'de', 'pt-BR', 'auto', 'a b', ''].map((language) => ({ ...VALID, language })),
    ...[{}, { a: 'b', de: { a: 'c' } }, { a: 1 }, { de: { a: 1 } }, { de: ['a'] }, 'x'].map((messages) => ({ ...VALID, messages })),
    { ...VALID, onSuccess: 'console.log' },
    { ...VALID, signal: {} },
    ...[{}, { colorAccent: '#7a1f3d' }, { colorAccent: 7 }, { colorAccent: '' }, []].map((theme) => ({ ...VALID, theme })),
    ...[{}, { name: 'Towpath' }, { name: '' }, { logo: '/logo.svg' }, { logo: 7 }, { nam: 'x' }].map((brand) => ({ ...VALID, brand })),
    ...[{ text: 'a', href: '/b' }, { text: 'a', href: 'mailto:a@b.example', target: '_blank' }, { text: 'a' }, { href: '/b' }, { text: 'a', href: 'javascript:b' }, { text: 'a', href: '/b', target: '_top' }, 7].flatMap(
      (link) => [{ ...VALID, helpLinks: { custom: [link] } }, { ...VALID, helpLinks: { factorPage: link } }],
    ),
    ...[[], [{ id: 'a' }], [{ id: 'a', text: 'b', type: 'c' }], [{ text: 'b' }], [{ id: 'a', name: 'b' }], {}].map((idps) => ({ ...VALID, idps })),
    ...[{}, { rememberMe: false }, { rememberMe: 'no' }, { setPageTitle: 'x' }, { setPageTitle: 7 }, { remember: true }].map((features) => ({ ...VALID, features })),
    ...[{ before: {} }, { before: { identify: 'x' } }, { during: {} }].map((hooks) => ({ ...VALID, hooks })),
    { ...VALID, customButtons: [{ title: 'x' }] },
    { ...VALID, registration: { click: 'x' } },
    { ...VALID, wallpaper: 'x' },
  ];

  test('it takes what createSignIn takes, and refuses what createSignIn refuses', () => {
    for (const options of OPTIONS_IN_JSON) {
      const written = JSON.parse(JSON.stringify(options));
      assert.equal(validate(written), refusal(written) === undefined, JSON.stringify(written));
    }
  });

  test('both verdicts are among those', () => {
    const taken = OPTIONS_IN_JSON.filter((options) => refusal(options) === undefined).length;
    assert.ok(taken > 15 && OPTIONS_IN_JSON.length - taken > 25, `${taken} of ${OPTIONS_IN_JSON.length}`);
  });
});
