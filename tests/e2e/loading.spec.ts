/** What is seen before the WebAssembly is there, and when it does not come. */
import { readFile } from 'node:fs/promises';
import { texts } from '../../widget/js/texts.js';
import type { BareWindow } from './support/bare-page.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import { Ceremonies } from './support/ceremonies.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasskeyScreen } from './support/screens/passkey.js';
import { textIn } from './support/texts.js';
import { VirtualAuthenticator } from './support/virtual-authenticator.js';

const WASM = '**/latchkey_bg.wasm';

/** Mounts on a page that is open, and gives the code of the first error. */
const mountAndFail = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const bare = window as unknown as BareWindow;
        bare.signIn = bare.latchkey.createSignIn({ ...bare.options, onError: ({ code }) => resolve(code) });
        bare.signIn.mount('#sign-in');
      }),
  );

/** The page says so, in words and to a screen reader, and the button brings what was meant to be there. */
async function saysSoAndTriesAgain(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: texts.loadFailed.title })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveText(texts.loadFailed.text);
  await expectAccessible(page);
  await page.unroute(WASM);
  await page.getByRole('button', { name: texts.loadFailed.action }).press('Enter');
  await new IdentifyScreen(page).isShown();
  await expect(new IdentifyScreen(page).heading, 'the focus was on a button that is gone').toBeFocused();
}

test.describe('given a WebAssembly file that does not come', () => {
  test.beforeEach(({ bare, guard }) => {
    guard.expectProblem(/^console: Failed to load resource/);
    return bare.open();
  });

  test('a missing file is told apart, and can be tried again', async ({ page }) => {
    await page.route(WASM, (route) => route.fulfill({ status: 404 }));
    expect(await mountAndFail(page)).toBe('load.not_found');
    await saysSoAndTriesAgain(page);
  });

  test('no network is told apart, and can be tried again', async ({ page }) => {
    await page.route(WASM, (route) => route.abort('internetdisconnected'));
    expect(await mountAndFail(page)).toBe('load.unreachable');
    await saysSoAndTriesAgain(page);
  });

  test('a file that is something else is told apart, and can be tried again', async ({ page }) => {
    await page.route(WASM, (route) => route.fulfill({ contentType: 'application/wasm', body: '<!doctype html>' }));
    expect(await mountAndFail(page)).toBe('load.invalid');
    await saysSoAndTriesAgain(page);
  });

  test('the file of another version is told apart, and asked for again past the cache', async ({ page }) => {
    const nothing = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]); // a module without a single export
    await page.route(WASM, (route) => route.fulfill({ contentType: 'application/wasm', body: nothing }));
    expect(await mountAndFail(page)).toBe('load.invalid');
    const again = page.waitForRequest(WASM);
    await saysSoAndTriesAgain(page);
    expect((await (await again).allHeaders())['cache-control']).toBe('no-cache');
  });
});

test.describe('given a WebAssembly file that somebody has changed', () => {
  for (const type of ['application/wasm', 'application/octet-stream']) {
    test(`one byte of a text in it is enough, and it is not started (sent as ${type})`, async ({ page, bare }) => {
      await bare.open();
      const body = await readFile(new URL('../../dist/latchkey_bg.wasm', import.meta.url));
      body.write('I', body.indexOf('interaction_handle'));
      expect(WebAssembly.validate(body), 'it could be started').toBe(true);
      await page.route(WASM, (route) => route.fulfill({ contentType: type, body }));
      await page.evaluate(() => void Object.assign(WebAssembly, { instantiate: () => Promise.reject(new Error('it was started')) }));
      expect(await mountAndFail(page)).toBe('load.invalid');
      await expect(page.getByRole('heading', { name: texts.loadFailed.title })).toBeVisible();
    });
  }
});

test.describe('given a server that sends the wrong type', () => {
  test('the widget loads all the same', async ({ page, bare }) => {
    const body = await readFile(new URL('../../dist/latchkey_bg.wasm', import.meta.url));
    await page.route(WASM, (route) => route.fulfill({ contentType: 'application/octet-stream', body }));
    await bare.mount();
    await new IdentifyScreen(page).isShown();
  });
});

test.describe('given a policy that is too strict', () => {
  test('not being allowed to compile is told apart', async ({ page, bare, guard }) => {
    guard.expectProblem(/^policy: script-src wasm-eval/);
    await bare.open('no-compiling');
    expect(await mountAndFail(page)).toBe('load.blocked');
    await expect(page.getByRole('heading', { name: texts.loadFailed.title })).toBeVisible();
  });

  test('not being allowed to fetch is told apart', async ({ page, bare, guard }) => {
    guard.expectProblem(/connect-src|Content Security Policy/);
    await bare.open('no-fetching');
    expect(await mountAndFail(page)).toBe('load.blocked');
  });
});

test.describe('given a browser without WebAssembly', () => {
  test('the page says so, and offers no button that cannot help', async ({ page, bare }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
    await bare.open();
    expect(await mountAndFail(page)).toBe('load.unsupported');
    await expect(page.getByRole('heading', { name: texts.unsupported.title })).toBeVisible();
    await expect(page.getByRole('button')).toHaveCount(0);
    await expectAccessible(page);
  });
});

test.describe('given a slow network', () => {
  test('the place has its final size from the beginning, and says that it is loading', async ({ page, bare }) => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(WASM, async (route) => {
      await released;
      await route.continue();
    });
    await bare.mount();
    await expect(page.getByRole('status')).toHaveText(texts.loading);
    await expectAccessible(page);
    const before = await page.locator('.latchkey').boundingBox();
    release();
    await new IdentifyScreen(page).isShown();
    const after = await page.locator('.latchkey').boundingBox();
    expect(Math.abs((after?.height ?? 0) - (before?.height ?? 0)), 'what is below the widget does not jump').toBeLessThanOrEqual(1);
  });
});

test.describe('given a second script that does not come the first time', () => {
  /** Browsers remember that an address has failed. */
  async function failOnce(page: Page, name: string): Promise<void> {
    await page.route(`**/latchkey-${name}.js*`, (route) => route.abort(), { times: 1 });
  }

  test.beforeEach(({ bare, guard }) => {
    guard.expectProblem(/^console: Failed to load resource/);
    return bare.open();
  });

  for (const [name, options] of [
    ['customize', { helpLinks: { help: '/help' } }],
    ['redirect', { mode: 'redirect' }],
  ] as const) {
    test(`${name}: trying again brings it`, async ({ page, bare }) => {
      await failOnce(page, name);
      await bare.mountHere(options);
      await page.getByRole('button', { name: texts.loadFailed.action }).click();
      await expect(page.getByRole('heading', { name: texts.loadFailed.title })).toHaveCount(0);
      await expect(page.locator('.latchkey').getByRole(name === 'redirect' ? 'button' : 'link').first()).toBeVisible();
    });
  }

  test('speech: the language comes with the next change', async ({ page, bare }) => {
    await failOnce(page, 'speech');
    await bare.mountHere({ language: 'de' });
    await new IdentifyScreen(page).isShown();
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ language: 'fr' }));
    await expect(page.getByRole('heading', { name: textIn('fr', 'identify.title') })).toBeVisible();
  });

  test('tasks: a press of the button brings it', async ({ page, bare, places }) => {
    await VirtualAuthenticator.on(page, { answers: false });
    const ceremonies = await Ceremonies.of(page);
    await bare.open();
    await failOnce(page, 'tasks');
    await bare.mountHere({ issuer: `${places.bare}/gallery-issuer/challenge-authenticator/webauthn-passkeys/oauth2` });
    await new PasskeyScreen(page, 'verify').use.click();
    await expect.poll(() => ceremonies.told()).toEqual(['use open']);
  });
});

test.describe('given files in another folder', () => {
  test('the scripts that are fetched later come from there too', async ({ page, bare, places }) => {
    await page.route('**/other/**', (route) => route.continue({ url: route.request().url().replace('/other/', '/latchkey/') }));
    await page.route('**/latchkey/latchkey-*.js', (route) => route.fulfill({ status: 404 }));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await bare.mount({ assetsUrl: '/other', language: 'de', helpLinks: { help: '/help' } });
    await expect(page.getByRole('heading', { name: textIn('de', 'identify.title') })).toBeVisible();
    await expect(page.getByRole('link', { name: textIn('de', 'action.help') })).toBeVisible();
    for (const file of ['latchkey-speech.js', 'latchkey-customize.js', 'locales/de.json', 'latchkey_bg.wasm']) expect(asked).toContain(`${places.bare}/other/${file}`);
  });

  test('the right folder, given later, needs no press', async ({ page, bare, guard }) => {
    guard.expectProblem(/^console: Failed to load resource/);
    await bare.mount({ assetsUrl: '/nowhere' });
    await expect(page.getByRole('heading', { name: texts.loadFailed.title })).toBeVisible();
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ assetsUrl: '/latchkey' }));
    await new IdentifyScreen(page).isShown();
  });

  test('a file that stalls is given up, and can be tried again', async ({ page, bare }) => {
    await page.clock.install();
    await page.route(WASM, () => new Promise(() => {}), { times: 1 });
    await bare.mount();
    await expect(page.getByRole('status')).toHaveText(texts.loading);
    await page.clock.fastForward(60_000);
    await page.getByRole('button', { name: texts.loadFailed.action }).click();
    await new IdentifyScreen(page).isShown();
  });
});
