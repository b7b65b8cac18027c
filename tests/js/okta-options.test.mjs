// The table of what becomes of the options of Okta's widget, against that widget: nothing that it knows is missing, and nothing
// leads to where `createSignIn` has nothing. And what the documentation says of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { OPTIONS } from '../../widget/js/options.schema.mjs';
import { oktaTable } from '../../scripts/build/okta-table.mjs';
import { oktaTexts, readmeSamples, settledOptions, typedClientMethods, typedOptions } from './support/okta.mjs';
import { importTypeScript } from './support/typescript.mjs';

const { ROWS } = await importTypeScript('widget/js/okta/option-table.ts');
const { TEXTS, places } = await importTypeScript('widget/js/okta/texts.ts');
const { translate } = await importTypeScript('widget/js/okta/translate.ts');
const { expanded, withMethod } = await importTypeScript('widget/js/okta/paths.ts');
const { ABSENT } = await importTypeScript('widget/js/okta/absent.ts');
const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Has a row, or lies in or around what has one. */
const isCovered = (option) => ROWS.some((row) => row.option === option || option.startsWith(`${row.option}.`) || row.option.startsWith(`${option}.`));
const unchanged = (_name, value) => value;
const verdictsOf = (options) => Object.fromEntries(translate(options, unchanged).findings.map(({ option, verdict }) => [option, verdict]));

describe('given the options of Okta’s widget', () => {
  test('every one in its types is in the table', () => {
    const options = typedOptions();
    assert.ok(options.length > 120, `${options.length} found`);
    assert.deepEqual(options.filter((option) => !isCovered(option)), []);
  });

  test('every one that its settings know is in the table', () => {
    const options = settledOptions();
    assert.ok(options.includes('features.showKeepMeSignedIn'), options.join());
    assert.deepEqual(options.filter((option) => !isCovered(option)), []);
  });

  test('every one that its README writes out is in the table', () => {
    const fragments = readmeSamples().map(({ code }) => fragmentOf(code)).filter((options) => options !== undefined);
    assert.ok(fragments.length >= 12, `${fragments.length} found`);
    const unknown = fragments.flatMap((options) => translate(options, unchanged).findings).filter(({ verdict }) => verdict === 'unknown');
    assert.deepEqual(unknown, []);
  });

  test('what is honoured or changed leads to an option of ours, and no option stands twice', () => {
    for (const { to } of ROWS) if (to !== undefined) assert.ok(Object.hasOwn(OPTIONS, to.split('.')[0]), to);
    assert.equal(new Set(ROWS.map(({ option }) => option)).size, ROWS.length);
  });

  test('each that is not honoured has a sentence on what to do', () => {
    for (const { option, verdict, advice = '' } of ROWS) if (verdict !== 'honoured') assert.match(advice, /\.$/, option);
  });
});

/** Samples that are members of a configuration, or of its `registration`, or all of one; other samples are no options. */
function fragmentOf(code) {
  try {
    const { config, ...options } = new Function(`return ({${code.replace(/^(var|const) config = /m, 'config: ')}})`)();
    return config ?? (Object.keys(options).every((name) => /^(parseSchema|(pre|post)Submit)$/.test(name)) ? { registration: options } : options);
  } catch {
    return undefined;
  }
}

describe('given the methods of Okta’s `authClient`', () => {
  test('each in its types is there, or says what to do instead', async () => {
    const { SessionAuthClient } = await importTypeScript('widget/js/okta/auth-client.ts');
    const client = new SessionAuthClient({}, { issuer: 'https://id.example.com', clientId: '0oa1' });
    const methods = typedClientMethods();
    assert.ok(methods.length > 120, `${methods.length} found`);
    const there = (method) => typeof method.split('.').reduce((place, name) => place?.[name], client) === 'function';
    assert.deepEqual(methods.filter((method) => !there(method)), []);
    assert.deepEqual(Object.keys(ABSENT).filter((path) => !methods.includes(path)).sort(), ['handleIDPPopupRedirect', 'invokeApiMethod', 'myaccount.getProfile', 'myaccount.updateProfile']);
  });
});

describe('given the texts of Okta’s widget', () => {
  test('each key that is translated is one of theirs, and leads to ours', () => {
    const [theirs, ours] = [oktaTexts(), JSON.parse(read('widget/locales/en.json'))];
    for (const [key, found] of Object.entries(TEXTS)) {
      assert.ok(Object.hasOwn(theirs, key), key);
      for (const place of places(found)) {
        const [group, name] = place.key.split('.');
        assert.equal(typeof ours[group]?.[name], 'string', place.key);
        const parameter = /\{\w+\}/.exec(ours[group][name])?.[0];
        assert.equal(parameter, place.parameter, place.key);
      }
    }
  });

  test('a parameter keeps its place', () => {
    const { signIn } = translate({ i18n: { en: { 'password.complexity.length.description': 'Mindestens {0}' } } }, unchanged);
    assert.deepEqual(signIn.messages, { en: { 'rules.min_length': 'Mindestens {n}' } });
  });

  test('a key without a counterpart is named, unless a button of the page has it', () => {
    const i18n = { en: { 'primaryAuth.title': 'Hi', 'enroll.u2f.title': 'x', 'country.AF': 'y', 'my.button': 'Z' } };
    const { signIn, findings } = translate({ i18n, customButtons: [{ i18nKey: 'my.button', click() {} }] }, unchanged);
    assert.deepEqual(signIn.messages, { en: { 'identify.title': 'Hi' } });
    assert.equal(signIn.customButtons[0].title, 'Z');
    assert.deepEqual(findings.filter(({ verdict }) => verdict === 'ignored').map(({ option }) => option), ['i18n.*.enroll.u2f.title', 'i18n.*.country.AF']);
  });
});

describe('given a configuration', () => {
  test('names with dots are paths', () => {
    assert.deepEqual(expanded({ 'features.autoFocus': true, features: { rememberMe: false } }), { features: { autoFocus: true, rememberMe: false } });
    assert.deepEqual(translate({ 'helpLinks.help': '/help' }, unchanged).signIn.helpLinks, { help: '/help' });
  });

  test('`authParams` goes before the widget’s own, and the issuer may be that of `baseUrl`', () => {
    assert.equal(translate({ clientId: 'a', authParams: { clientId: 'b' } }, unchanged).signIn.clientId, 'b');
    assert.equal(translate({ baseUrl: 'https://id.example.com/' }, unchanged).signIn.issuer, 'https://id.example.com/oauth2/default');
    assert.equal(translate({ baseUrl: 'https://id.example.com', issuer: 'https://id.example.com' }, unchanged).tokens.issuer, 'https://id.example.com');
    assert.equal(translate({ issuer: 'https://id.example.com/oauth2/default/' }, unchanged).tokens.issuer, 'https://id.example.com/oauth2/default');
  });

  test('what a method is given goes before all that the constructor was given, member by member', () => {
    const { signIn } = translate(withMethod({ scopes: ['a'], features: { autoFocus: true }, authParams: { scopes: ['b'], maxAge: 9 } }, { scopes: ['c'], 'features.showIdentifier': false }), unchanged);
    assert.deepEqual([signIn.scopes, signIn.maxAge, signIn.features], [['c'], 9, { autoFocus: true, showIdentifier: false }]);
    assert.equal(translate(withMethod({}, { maxAge: 60 }), unchanged).signIn.maxAge, 60);
    assert.equal({}.polluted, undefined);
    withMethod(JSON.parse('{"features":{"__proto__":{"polluted":true}}}'), JSON.parse('{"features":{"__proto__":{"polluted":true}}}'));
    assert.equal({}.polluted, undefined);
  });

  test('what a library makes stays itself', () => {
    const [client, storage] = [new Map(), { getItem() {}, setItem() {} }];
    const { authClient, authParams } = withMethod({ authClient: client, authParams: { tokenManager: { storage } } }, { el: '#a' });
    assert.equal(authClient, client);
    assert.equal(authParams.tokenManager.storage, storage);
  });

  test('what is empty is as if it were not given', () => {
    const { signIn, findings } = translate({ otp: null, state: '', logo: '/logo.svg', logoText: '', features: null, i18n: null, cspNonce: '' }, unchanged);
    assert.deepEqual(signIn, { scopes: ['openid', 'email'], brand: { logo: '/logo.svg' } });
    assert.deepEqual([...new Set(findings.map(({ verdict }) => verdict))], ['honoured']);
  });

  test('a method of PKCE without a challenge is left out, and told', () => {
    const { signIn, findings } = translate({ codeChallengeMethod: 'S256' }, unchanged);
    assert.equal('codeChallengeMethod' in signIn, false);
    assert.deepEqual(findings.at(-1).verdict, 'ignored');
  });

  test('a language that there are no texts in is told, unless the page has them', () => {
    assert.equal(verdictsOf({ language: 'cs' }).language, 'changed');
    assert.equal(verdictsOf({ language: 'cs', i18n: { cs: {} } }).language, 'honoured');
    for (const language of ['de', 'nl-NL', 'pt', 'en-GB']) assert.equal(verdictsOf({ language }).language, 'honoured');
    let given;
    translate({ language: () => 'de', i18n: { vi: {} } }, (_name, _value, languages) => (given = languages));
    assert.deepEqual(given, ['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt-BR', 'nl-NL', 'vi']);
  });

  test('“Keep me signed in” follows its own switch', () => {
    assert.deepEqual(translate({ features: { showKeepMeSignedIn: false, rememberMe: true } }, unchanged).signIn.features, { rememberMe: false });
  });

  test('the transaction of a page that the server sends needs no client', () => {
    const { signIn } = translate({ baseUrl: 'https://id.example.com', stateToken: 'st' }, unchanged);
    assert.deepEqual(Object.keys(signIn).sort(), ['clientId', 'issuer', 'redirectUri', 'scopes', 'stateToken']);
  });

  test('a link into another frame is told', () => {
    const link = { text: 'a', href: '/a', target: '_top' };
    assert.equal(verdictsOf({ helpLinks: { custom: [link] } })['helpLinks.custom.target'], 'ignored');
    assert.equal(verdictsOf({ helpLinks: { factorPage: link } })['helpLinks.factorPage.target'], 'ignored');
  });

  test('the scopes are theirs where nobody names any', () => {
    assert.deepEqual(translate({}, unchanged).signIn.scopes, ['openid', 'email']);
  });

  for (const [there, here] of [['default', 'login'], ['signin', 'login'], ['register', 'signup'], ['enrollProfile', 'signup'], ['recoverPassword', 'resetPassword'], ['unlockAccount', 'unlockAccount']]) {
    test(`flow \`${there}\` is \`${here}\``, () => assert.equal(translate({ flow: there }, unchanged).signIn.flow, here));
  }

  test('what cannot be done without is refused, and what changes nothing is not mentioned', () => {
    assert.equal(verdictsOf({ useClassicEngine: true }).useClassicEngine, 'refused');
    assert.equal(verdictsOf({ flow: 'elsewhere' }).flow, 'refused');
    assert.equal(verdictsOf({ authParams: { pkce: false } })['authParams.pkce'], 'refused');
    assert.equal(verdictsOf({ useClassicEngine: false }).useClassicEngine, 'honoured');
    assert.equal(verdictsOf({ features: { router: false } })['features.router'], 'honoured');
    assert.equal(verdictsOf({ features: { router: true } })['features.router'], 'ignored');
  });

  test('a slip is told with the nearest name', () => {
    const [finding] = translate({ transfromUsername: (name) => name }, unchanged).findings;
    assert.equal(finding.verdict, 'unknown');
    assert.match(finding.advice, /`transformUsername`/);
  });

  test('no name reaches a prototype', () => {
    translate(JSON.parse('{"__proto__.polluted": true, "features": {"__proto__": {"polluted": true}}}'), unchanged);
    assert.equal({}.polluted, undefined);
  });

  test('hooks are turned by their moment', () => {
    const hook = () => {};
    assert.deepEqual(translate({ hooks: { identify: { after: [hook] } } }, unchanged).signIn.hooks, { before: {}, after: { identify: [hook] } });
  });
});

describe('given the guide for those who move', () => {
  test('its table is what is made from ours', () => {
    assert.ok(read('docs/migrating-from-okta.md').includes(oktaTable(ROWS)), 'run `node scripts/build/okta-table.mjs`');
  });
});
