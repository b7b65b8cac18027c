/**
 * The object on the page: mounting, unmounting, updating and destroying it at odd moments does no harm, and what it promises
 * comes true.
 */
import type { BareWindow } from './support/bare-page.js';
import { accounts } from './support/accounts.js';
import { Ceremonies } from './support/ceremonies.js';
import { expect, test } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasskeyScreen } from './support/screens/passkey.js';
import { PasswordScreen } from './support/screens/password.js';
import { VirtualAuthenticator } from './support/virtual-authenticator.js';

/** Holds back answers of the identity server to this path, until released. */
async function hold(page: import('@playwright/test').Page, path: string): Promise<() => void> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(`**${path}`, async (route) => {
    await released;
    await route.continue().catch(() => {}); // the page may have given it up meanwhile
  });
  return () => release();
}

test.describe('given a sign-in that is mounted', () => {
  test.beforeEach(async ({ bare, page }) => {
    await bare.mount();
    await new IdentifyScreen(page).isShown();
  });

  test('mounting it again changes nothing', async ({ page }) => {
    const identify = new IdentifyScreen(page);
    await identify.username.fill('half-ty');
    await page.evaluate(() => (window as unknown as BareWindow).signIn.mount('#sign-in'));
    await expect(page.locator('.latchkey')).toHaveCount(1);
    await expect(identify.username).toHaveValue('half-ty');
  });

  test('mounting it elsewhere moves it, with what was typed', async ({ page }) => {
    const identify = new IdentifyScreen(page);
    await identify.username.fill('half-ty');
    await page.evaluate(() => (window as unknown as BareWindow).signIn.mount(document.getElementById('elsewhere') as Element));
    await expect(page.locator('#sign-in .latchkey')).toHaveCount(0);
    await expect(page.locator('#elsewhere .latchkey').getByRole('textbox')).toHaveValue('half-ty');
  });

  test('an update leaves the screen and what was typed', async ({ page }) => {
    const identify = new IdentifyScreen(page);
    await identify.username.fill('half-ty');
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ colorScheme: 'dark' }));
    await expect(page.locator('.latchkey')).toHaveAttribute('data-color-scheme', 'dark');
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ colorScheme: undefined }));
    await expect(page.locator('.latchkey')).not.toHaveAttribute('data-color-scheme');
    await expect(identify.username).toHaveValue('half-ty');
  });

  test('unmounting takes everything out, and mounting begins again where the person was', async ({ page }) => {
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    await page.evaluate(() => (window as unknown as BareWindow).signIn.unmount());
    await expect(page.locator('#sign-in')).toBeEmpty();
    await page.evaluate(() => (window as unknown as BareWindow).signIn.mount('#sign-in'));
    await new PasswordScreen(page).isShown();
  });

  test('destroying it while a request is under way gives up the request', async ({ page }) => {
    const release = await hold(page, '/idp/idx/identify');
    const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/idp/idx/identify'));
    await new IdentifyScreen(page).submit(accounts.pat.email);
    const outcome = await page.evaluate(() => {
      const { signIn } = window as unknown as BareWindow;
      signIn.destroy();
      signIn.destroy();
      return signIn.finished;
    });
    expect(outcome).toEqual({ status: 'cancelled' });
    expect((await failed).failure()?.errorText).toBe('net::ERR_ABORTED');
    await expect(page.locator('#sign-in')).toBeEmpty();
    release();
  });

  test('a screen event names the screen and nobody', async ({ page, bare }) => {
    await page.evaluate(() => {
      const { signIn, seen } = window as unknown as BareWindow;
      signIn.on('screen', (event) => seen.push(JSON.stringify(event)));
    });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    expect(JSON.parse((await bare.seen()).at(-1) ?? '')).toEqual({ name: 'challenge-authenticator', authenticator: 'okta_password' });
    expect((await bare.seen()).join()).not.toContain('pat');
  });

  test('handlers that throw, or take it down, harm nothing', async ({ page, guard }) => {
    guard.expectProblem(/uncaught: thrown by the page/);
    await page.evaluate(() => {
      const { signIn, seen } = window as unknown as BareWindow;
      signIn.on('screen', () => {
        throw new Error('thrown by the page');
      });
      signIn.on('screen', () => signIn.unmount());
      signIn.on('unload', () => seen.push('unload'));
    });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await expect(page.locator('#sign-in')).toBeEmpty();
    expect(await page.evaluate(() => (window as unknown as BareWindow).seen)).toEqual(['unload']);
  });

  test('who stops listening is not called any more', async ({ page, bare }) => {
    await page.evaluate(() => {
      const { signIn, seen } = window as unknown as BareWindow;
      const stop = signIn.on('screen', () => seen.push('stopped'));
      signIn.on('screen', () => seen.push('listening'));
      stop();
      stop();
    });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    expect(await bare.seen()).toEqual(['listening']);
  });
});

test.describe('given a sign-in that is still loading', () => {
  /** Mounts, and lets `then` act in the same turn, when no WebAssembly is there yet. */
  const mountAnd = (page: import('@playwright/test').Page, then: 'unmount' | 'destroy' | 'abort' | 'remount' | 'update') =>
    page.evaluate(async (what) => {
      const bare = window as unknown as BareWindow;
      const controller = new AbortController();
      const signIn = (bare.signIn = bare.latchkey.createSignIn({ ...bare.options, signal: controller.signal }));
      signIn.mount('#sign-in');
      if (what === 'abort') controller.abort();
      if (what === 'unmount' || what === 'remount') signIn.unmount();
      if (what === 'destroy') signIn.destroy();
      if (what === 'remount') signIn.mount('#sign-in');
      if (what === 'update') signIn.update({ username: 'late@example.com' });
      return Promise.race([signIn.finished, new Promise((resolve) => setTimeout(resolve, 0, 'open'))]);
    }, then);

  test.beforeEach(({ bare }) => bare.open());

  test('unmounting leaves nothing behind, and the outcome open', async ({ page }) => {
    const loaded = page.waitForResponse('**/latchkey_bg.wasm');
    expect(await mountAnd(page, 'unmount')).toBe('open');
    await (await loaded).finished();
    await expect(page.locator('#sign-in')).toBeEmpty();
  });

  test('destroying and aborting cancel it', async ({ page }) => {
    for (const end of ['destroy', 'abort'] as const) {
      expect(await mountAnd(page, end)).toEqual({ status: 'cancelled' });
      await expect(page.locator('#sign-in')).toBeEmpty();
    }
  });

  test('unmounting and mounting at once ends with one widget', async ({ page }) => {
    await mountAnd(page, 'remount');
    await new IdentifyScreen(page).isShown();
    await expect(page.locator('.latchkey')).toHaveCount(1);
  });

  test('an update counts', async ({ page }) => {
    await mountAnd(page, 'update');
    await expect(new IdentifyScreen(page).username).toHaveValue('late@example.com');
  });
});

test.describe('given a passkey that the browser is asking for', () => {
  for (const end of ['unmount', 'destroy'] as const) {
    test(`${end} takes the question back, twice does no harm, and the widget can come again`, async ({ page, bare, places }) => {
      await VirtualAuthenticator.on(page, { answers: false });
      const ceremonies = await Ceremonies.of(page);
      const issuer = `${places.bare}/gallery-issuer/challenge-authenticator/webauthn-passkeys/oauth2`;
      await bare.mount({ issuer });
      const passkey = new PasskeyScreen(page, 'verify');
      await passkey.isShown();
      await passkey.use.click();
      await expect.poll(() => ceremonies.told()).toEqual(['use open']);
      await page.evaluate((how) => {
        const { signIn } = window as unknown as BareWindow;
        signIn[how]();
        signIn[how]();
      }, end);
      await expect(page.locator('#sign-in')).toBeEmpty();
      await expect.poll(() => ceremonies.told()).toEqual(['use AbortError']);
      await bare.mountHere({ issuer });
      await passkey.isShown();
      await passkey.use.click();
      await expect.poll(() => ceremonies.told()).toEqual(['use AbortError', 'use open']);
    });
  }
});

test.describe('given two sign-ins on one page', () => {
  test('they do not get into each other’s way', async ({ page, bare }) => {
    await bare.mount();
    await page.evaluate(() => {
      const { latchkey, options } = window as unknown as BareWindow;
      latchkey.createSignIn({ ...options, clientId: 'demo-spa', username: 'second@example.com' }).mount('#elsewhere');
    });
    const second = page.locator('#elsewhere').getByRole('textbox');
    await expect(second).toHaveValue('second@example.com');
    const ids = await page.locator('[id]').evaluateAll((elements) => elements.map((element) => element.id));
    expect(new Set(ids).size, 'no id is there twice').toBe(ids.length);
    await page.evaluate(() => (window as unknown as BareWindow).signIn.destroy());
    await expect(second).toHaveValue('second@example.com');
    await second.fill(accounts.pat.email);
    await second.press('Enter');
    await new PasswordScreen(page).isShown();
  });
});

test.describe('given a target that is not there', () => {
  for (const target of ['#nowhere', '##']) {
    test(`mounting says which: ${target}`, async ({ bare, page }) => {
      await bare.open();
      const error = await page.evaluate((nowhere) => {
        const { latchkey, options } = window as unknown as BareWindow;
        try {
          latchkey.createSignIn(options).mount(nowhere);
        } catch (thrown) {
          return thrown instanceof latchkey.SignInError ? `${thrown.code}: ${thrown.message}` : String(thrown);
        }
        return 'mounted';
      }, target);
      expect(error).toBe(`mount.no_target: no element matches \`${target}\`; mount in a browser, once the element is in the page`);
    });
  }
});

test.describe('given a page that does not listen for errors', () => {
  test('its developer reads them on the console', async ({ page, bare }) => {
    const warned = page.waitForEvent('console', (message) => message.type() === 'warning');
    await bare.mount({ clientId: 'nobody' });
    expect((await warned).text()).toMatch(/^latchkey: setup\.interact_refused: .*invalid_client/);
  });
});
