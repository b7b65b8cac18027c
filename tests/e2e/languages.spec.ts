/**
 * Other languages than English: which one is spoken and from where its words come, what happens when they do not come, the
 * page's own words, the change while somebody types, and writing from right to left.
 *
 * Whether the texts of a language are complete is a matter for tests/js/locales.test.mjs.
 */
import { readFile } from 'node:fs/promises';
import type { SignInError } from '../../widget/js/errors.js';
import type { SignInOptions } from '../../widget/js/types.js';
import { accounts } from './support/accounts.js';
import type { BareWindow } from './support/bare-page.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import { PHONE, expectToFit } from './support/look.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { textIn } from './support/texts.js';

const WORDS = '**/locales/*.json';

/** What the page is told, and what it was told before that. */
async function mountAndListen(page: Page, options: Partial<SignInOptions>): Promise<void> {
  await page.evaluate((own) => {
    const bare = window as unknown as BareWindow;
    const onError = ({ code, message }: SignInError): number => (bare.seen as string[]).push(`${code}: ${message}`);
    bare.signIn = bare.latchkey.createSignIn({ ...bare.options, ...own, onError });
    bare.signIn.mount('#sign-in');
  }, options);
}

const update = (page: Page, options: Partial<SignInOptions>): Promise<void> =>
  page.evaluate((changes) => (window as unknown as BareWindow).signIn.update(changes), options);

test.describe('given no language', () => {
  test('the page around the widget says which, and the identity server is asked for the same', async ({ page, bare }) => {
    await bare.open();
    await page.evaluate(() => (document.documentElement.lang = 'de-AT'));
    const words = page.waitForResponse(WORDS);
    const introspect = page.waitForRequest('**/idp/idx/introspect');
    await bare.mountHere();
    await expect(page.getByRole('heading', { name: textIn('de', 'identify.title') })).toBeVisible();
    await expect(page.getByRole('textbox', { name: textIn('de', 'field.username') })).toBeEditable();
    await expect(page.locator('.latchkey')).toHaveAttribute('lang', 'de-AT');
    expect(new URL((await words).url()).pathname).toBe('/latchkey/locales/de.json');
    expect((await (await introspect).allHeaders())['accept-language']).toBe('de-AT');
    await expectAccessible(page);
  });

  test('a page that does not say leaves it to the browser, and a language that nobody speaks here is passed over', async ({ browser, places, guard }) => {
    const context = await browser.newContext({ locale: 'pt-PT' });
    const page = await context.newPage();
    await guard.watch(page);
    await page.goto(`${places.bare}/?policy=usual`);
    await page.waitForFunction(() => 'latchkey' in window);
    await page.evaluate(() => (document.documentElement.lang = 'sv'));
    await mountAndListen(page, {});
    await expect(page.getByRole('heading', { name: textIn('pt-BR', 'identify.title') })).toBeVisible();
    await context.close();
  });
});

test.describe('given a page that says its language in an odd way', () => {
  for (const [lang, direction, heading] of [
    ['de-', 'ltr', textIn('en', 'identify.title')],
    ['AR', 'rtl', textIn('ar', 'identify.title')],
    ['ckb', 'rtl', 'Ours'],
  ] as const) {
    test(`${lang} is ${direction}`, async ({ page, bare }) => {
      await bare.open();
      await page.evaluate((tag) => (document.documentElement.lang = tag), lang);
      await mountAndListen(page, { messages: { ckb: { 'identify.title': 'Ours' } } });
      await expect(page.getByRole('heading', { name: heading })).toBeVisible();
      await expect(page.locator('.latchkey')).toHaveCSS('direction', direction);
      expect(await bare.seen()).toEqual([]);
    });
  }
});

test.describe('given a language that is written from right to left', () => {
  test('somebody can sign in with it on a phone', async ({ page, bare }) => {
    await page.setViewportSize(PHONE);
    await bare.mount({ language: 'ar' });
    const said = (key: string): string => textIn('ar', key);
    await expect(page.getByRole('heading', { name: said('identify.title') })).toBeVisible();
    await expect(page.locator('.latchkey')).toHaveCSS('direction', 'rtl');
    await expectAccessible(page);
    await expectToFit(page);
    await page.getByRole('textbox', { name: said('field.username') }).fill(accounts.pat.email);
    await page.getByRole('button', { name: said('identify.submit') }).click();
    const password = page.locator('input[type=password]');
    await password.fill('Wrong-Horse-43');
    await page.getByRole('button', { name: said('password.submit'), exact: true }).click();
    await expect(page.getByRole('alert')).toContainText(said('answer.incorrectPassword'));
    await expectAccessible(page);
    await expectToFit(page);
    await password.fill(accounts.pat.password);
    await page.getByRole('button', { name: said('password.submit'), exact: true }).click();
    expect(await bare.outcome()).toBe('signed-in');
  });
});

test.describe('given another language while somebody types', () => {
  test('the words change, and nothing else', async ({ page, bare }) => {
    await bare.mount();
    const { username } = new IdentifyScreen(page);
    await username.fill('pat@example.com');
    await username.evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 3));
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await update(page, { language: 'fr' });
    const field = page.getByRole('textbox', { name: textIn('fr', 'field.username') });
    await expect(field).toHaveValue('pat@example.com');
    await expect(field).toBeFocused();
    await page.keyboard.type('X');
    await expect(field).toHaveValue('patX@example.com');
    await expect(page.locator('.latchkey')).toHaveAttribute('lang', 'fr');
    expect(requests.filter((path) => !path.startsWith('/latchkey/')), 'the identity server is not asked').toEqual([]);
    await update(page, { language: 'en' });
    await expect(username).toHaveValue('patX@example.com');
    await expect(page.getByRole('heading', { name: textIn('en', 'identify.title') })).toBeVisible();
  });

  test('the last one wins, however late the words of the one before come', async ({ page, bare }) => {
    await bare.mount();
    await expect(new IdentifyScreen(page).username).toBeEditable();
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/locales/ja.json', async (route) => {
      await released;
      await route.continue();
    });
    const late = page.waitForResponse('**/locales/ja.json');
    await update(page, { language: 'ja' });
    await update(page, { language: 'nl' });
    await expect(page.getByRole('heading', { name: textIn('nl', 'identify.title') })).toBeVisible();
    release();
    await (await late).finished();
    await expect(page.locator('.latchkey')).toHaveAttribute('lang', 'nl');
  });
});

test.describe('given words that do not come', () => {
  for (const [what, answer] of [
    ['are not there', { status: 404 }],
    ['are something else', { body: '<!doctype html>' }],
    ['are of another version', { json: { catalogue: 'another', texts: { 'identify.title': 'Anmelden' } } }],
  ] as const) {
    test(`those that ${what} leave the sign-in in English, and the page is told`, async ({ page, bare, guard, places }) => {
      guard.expectProblem(/^console: Failed to load resource/);
      await page.route(WORDS, (route) => route.fulfill(answer));
      await bare.open();
      await mountAndListen(page, { language: 'de' });
      await new IdentifyScreen(page).isShown();
      await expect(page.locator('.latchkey')).toHaveAttribute('lang', 'en');
      expect(await bare.seen()).toEqual([expect.stringContaining(`load.texts: ${places.bare}/latchkey/locales/de.json `)]);
    });
  }

  test('a page that is taken away before they come hears nothing of them', async ({ page, bare }) => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(WORDS, async (route) => {
      await released;
      await route.continue();
    });
    await bare.open();
    const asked = page.waitForRequest(WORDS);
    await mountAndListen(page, { language: 'de' });
    await asked;
    await page.evaluate(() => (window as unknown as BareWindow).signIn.unmount());
    release();
    await page.unrouteAll({ behavior: 'wait' });
    await expect(page.locator('.latchkey')).toHaveCount(0);
    expect(await bare.seen()).toEqual([]);
  });

  test('a page that cannot be shown at all says so in the language', async ({ page, bare, guard }) => {
    guard.expectProblem(/^console: Failed to load resource/);
    await page.route('**/latchkey_bg.wasm', (route) => route.fulfill({ status: 404 }));
    await bare.open();
    await mountAndListen(page, { language: 'it' });
    await expect(page.getByRole('heading', { name: textIn('it', 'page.loadFailed.title') })).toBeVisible();
    await expect(page.getByRole('button', { name: textIn('it', 'page.loadFailed.action') })).toBeVisible();
  });
});

test.describe("given the page's own words", () => {
  test('they are shown, those for the language over those for all', async ({ page, bare }) => {
    const messages = { 'identify.title': 'Welcome back', 'answer.Username': 'Boat number', de: { 'identify.title': 'Willkommen' } };
    await bare.mount({ messages });
    await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Boat number' })).toBeEditable();
    await update(page, { language: 'de' });
    await expect(page.getByRole('heading', { name: 'Willkommen' })).toBeVisible();
  });

  test('a language that only they have is one that can be spoken', async ({ page, bare }) => {
    await bare.mount({ language: 'sv', messages: { sv: { 'identify.title': 'Logga in' } } });
    await expect(page.getByRole('heading', { name: 'Logga in' })).toBeVisible();
    await expect(page.locator('.latchkey')).toHaveAttribute('lang', 'sv');
  });

  test('a name that is wrong is told with the nearest one, and so are placeholders that are', async ({ page, bare }) => {
    await bare.open();
    await mountAndListen(page, { messages: { 'identify.titel': 'x', 'rules.min_length': 'Not {name}', 'identify.title': 'Hello' } });
    await expect(page.getByRole('heading', { name: 'Hello' })).toBeVisible();
    expect(await bare.seen()).toEqual([
      'options.unknown: option `messages`: there is no text `identify.titel`; did you mean `identify.title`?',
      'options.value: option `messages`: text `rules.min_length` can have {n}, in this order',
    ]);
  });

  test('given anew at every turn they change nothing, and what is wrong with them is told once', async ({ page, bare }) => {
    await bare.open();
    const messages = { 'identify.titel': 'x', 'identify.title': 'Hello' };
    await mountAndListen(page, { messages });
    await expect(page.getByRole('heading', { name: 'Hello' })).toBeVisible();
    const username = page.getByRole('textbox', { name: textIn('en', 'field.username') });
    await username.evaluate((input) => (input.dataset['drawn'] = 'once'));
    for (const letter of 'pat') {
      await update(page, { messages });
      await username.press(letter);
    }
    await update(page, { messages: { ...messages, 'identify.submit': 'Go' } });
    await expect(page.getByRole('button', { name: 'Go' })).toBeVisible();
    await expect(username).toHaveValue('pat');
    expect(await bare.seen()).toHaveLength(1);
  });

  test('a language without any is told', async ({ page, bare }) => {
    await bare.open();
    await mountAndListen(page, { language: 'tlh' });
    await new IdentifyScreen(page).isShown();
    expect(await bare.seen()).toEqual([expect.stringMatching(/^options\.value: option `language`: there are no texts/)]);
  });
});

test.describe('given a number with a fraction in an answer', () => {
  test('it is read to the last digit, though its table is not in the file', async ({ page, bare }) => {
    await page.route('**/idp/idx/introspect', async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replace('"name":"identifier"', '"name":"identifier","value":1.2345678901234567e-300');
      await route.fulfill({ response, body: text });
    });
    await bare.mount();
    await expect(new IdentifyScreen(page).username).toHaveValue(/^1\.23456789012345\d*e-300$/);
    expect((await readFile(new URL('../../dist/latchkey_bg.wasm', import.meta.url))).indexOf(Buffer.from(new Float64Array([1e300]).buffer))).toBe(-1);
  });
});
