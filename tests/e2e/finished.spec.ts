/**
 * The promise of every sign-in: `finished` settles once, whichever way it ends; and a page may take the widget away at every
 * stage on the way there.
 */
import type { BareWindow } from './support/bare-page.js';
import { accounts } from './support/accounts.js';
import { expect, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { texts } from '../../widget/js/texts.js';
import { typePassword } from './support/ways.js';

/** Calls a method, and says whether `finished` is open after it, or how it has ended. */
const after = (page: Page, method: 'unmount' | 'destroy' | 'none'): Promise<string> =>
  page.evaluate(async (name) => {
    const { signIn } = window as unknown as BareWindow;
    if (name !== 'none') signIn[name]();
    const open = new Promise<{ status: string }>((resolve) => setTimeout(resolve, 0, { status: 'open' }));
    return (await Promise.race([signIn.finished, open])).status;
  }, method);

test.describe('given a sign-in that ends', () => {
  test('with tokens', async ({ page, bare }) => {
    await bare.mount();
    await typePassword(page, accounts.pat);
    expect(await bare.outcome()).toBe('signed-in');
    expect(await after(page, 'destroy'), 'what has ended stays as it has').toBe('signed-in');
  });

  test('and whoever waits for it, and takes the widget away then, has missed nothing', async ({ page, bare }) => {
    await bare.open();
    await page.evaluate(() => {
      const here = window as unknown as BareWindow;
      here.signIn = here.latchkey.createSignIn({ ...here.options, onSuccess: ({ status }) => here.seen.push(`onSuccess ${status}`) });
      here.signIn.on('success', ({ status }) => here.seen.push(`success ${status}`));
      here.signIn.on('unload', () => here.seen.push('unload'));
      here.signIn.mount('#sign-in');
      void here.signIn.finished.then(() => here.signIn.destroy());
    });
    await typePassword(page, accounts.pat);
    await expect.poll(() => bare.seen()).toEqual(['onSuccess signed-in', 'success signed-in', 'unload']);
  });

  test('and an `onSuccess` that ends it keeps the event from nobody', async ({ page, bare }) => {
    await bare.open();
    await page.evaluate(() => {
      const here = window as unknown as BareWindow;
      const element = document.createElement('latchkey-sign-in');
      element.update({ ...here.options, onSuccess: () => element.destroy() });
      element.addEventListener('success', ({ detail }) => here.seen.push(`success ${detail.status}`));
      document.querySelector('#sign-in')?.append(element);
      void element.finished.then(({ status }) => here.seen.push(`finished ${status}`));
    });
    await typePassword(page, accounts.pat);
    await expect.poll(() => bare.seen()).toEqual(['success signed-in', 'finished signed-in']);
  });

  test('with a code for the backend', async ({ page, bare }) => {
    await bare.mount({ codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', codeChallengeMethod: 'S256' });
    await typePassword(page, accounts.pat);
    expect(await bare.outcome()).toBe('interaction-code');
    expect(await after(page, 'destroy')).toBe('interaction-code');
  });

  test('with a redirect', async ({ page, bare, places, guard }) => {
    guard.expectProblem(/Failed to load resource/);
    await page.route((url) => url.hostname !== 'localhost', (route) => route.abort());
    await bare.mount({ issuer: `${places.bare}/gallery-issuer/success-redirect/none/oauth2` });
    expect(await bare.outcome()).toBe('redirected');
  });

  test('because the page has had enough: destroyed before it was mounted, while it loads, and when it is there', async ({ page, bare }) => {
    await bare.open();
    for (const moment of ['before', 'loading', 'there'] as const) {
      await page.evaluate((when) => {
        const here = window as unknown as BareWindow;
        here.signIn = here.latchkey.createSignIn(here.options);
        if (when !== 'before') here.signIn.mount('#sign-in');
      }, moment);
      if (moment === 'there') await new IdentifyScreen(page).isShown();
      expect(await after(page, 'none')).toBe('open');
      expect(await after(page, 'destroy')).toBe('cancelled');
    }
  });

  test('because the page has aborted it: before, and while somebody types', async ({ page, bare }) => {
    await bare.open();
    for (const isEarly of [true, false]) {
      await page.evaluate((early) => {
        const here = window as unknown as BareWindow & { controller: AbortController };
        here.controller = new AbortController();
        if (early) here.controller.abort();
        here.signIn = here.latchkey.createSignIn({ ...here.options, signal: here.controller.signal });
        here.signIn.mount('#sign-in');
      }, isEarly);
      if (!isEarly) {
        await new IdentifyScreen(page).username.fill('half-ty');
        expect(await after(page, 'none')).toBe('open');
        await page.evaluate(() => (window as unknown as { controller: AbortController }).controller.abort());
      }
      expect(await after(page, 'none')).toBe('cancelled');
      await expect(page.locator('#sign-in')).toBeEmpty();
    }
  });

  test('unmounting leaves it open, and destroying then settles it', async ({ page, bare }) => {
    await bare.mount();
    await new IdentifyScreen(page).isShown();
    expect(await after(page, 'unmount')).toBe('open');
    expect(await after(page, 'destroy')).toBe('cancelled');
  });

  test('a crash leaves it open, and destroying then settles it', async ({ page, bare, guard }) => {
    guard.expectProblem(/^console: .*(panicked|the DOM is broken)/s);
    await bare.mount();
    const identify = new IdentifyScreen(page);
    await identify.username.fill(accounts.pat.email);
    await page.evaluate(() => {
      document.createElement = () => {
        Reflect.deleteProperty(document, 'createElement');
        throw new Error('the DOM is broken');
      };
    });
    await identify.username.press('Enter');
    await expect(page.getByRole('heading', { name: texts.crashed.title })).toBeVisible();
    expect(await after(page, 'none')).toBe('open');
    expect(await after(page, 'destroy')).toBe('cancelled');
  });

  test('a file that does not load leaves it open, and destroying then settles it', async ({ page, bare, guard }) => {
    guard.expectProblem(/Failed to load resource/);
    await page.route('**/latchkey_bg.wasm', (route) => route.abort());
    await bare.mount();
    await expect(page.getByRole('heading', { name: texts.loadFailed.title })).toBeVisible();
    expect(await after(page, 'none')).toBe('open');
    expect(await after(page, 'destroy')).toBe('cancelled');
  });
});

/** Requests in the order of a sign-in, and what a person has done when each is under way. */
const STAGES: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['/latchkey_bg.wasm', async () => {}],
  ['/v1/interact', async () => {}],
  ['/idp/idx/introspect', async () => {}],
  ['/idp/idx/identify', (page) => new IdentifyScreen(page).submit(accounts.pat.email)],
  ['/idp/idx/challenge/answer', (page) => typePassword(page, accounts.pat)],
  ['/v1/token', (page) => typePassword(page, accounts.pat)],
  ['/v1/keys', (page) => typePassword(page, accounts.pat)],
];

test.describe('given a stage of the sign-in', () => {
  for (const [path, act] of STAGES) {
    test(`${path}: taken away while it is asked for, nothing comes of it, and it can begin again`, async ({ page, bare }) => {
      let release = (): void => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      // Whatever was given up cannot be answered any more.
      await page.route(`**${path}`, (route) => released.then(() => route.continue()).catch(() => {}), { times: 1 });
      await bare.open();
      await page.evaluate(() => {
        const here = window as unknown as BareWindow;
        here.signIn = here.latchkey.createSignIn(here.options);
        here.signIn.on('error', ({ code }) => here.seen.push(code));
        here.signIn.on('unload', () => here.seen.push('unload'));
      });
      const asked = page.waitForRequest(`**${path}`);
      await page.evaluate(() => (window as unknown as BareWindow).signIn.mount('#sign-in'));
      await act(page);
      await asked;
      expect(await after(page, 'unmount')).toBe('open');
      await expect(page.locator('#sign-in')).toBeEmpty();
      release();
      await page.evaluate(() => (window as unknown as BareWindow).signIn.mount('#sign-in'));
      await expect(page.locator('.latchkey-title')).toBeVisible();
      expect(await bare.seen()).toEqual(['unload']);
      expect(await after(page, 'destroy')).toBe('cancelled');
      expect(await bare.seen()).toEqual(['unload', 'unload']);
    });
  }

  test('after the last one there is nothing to take away but the last screen', async ({ page, bare }) => {
    await bare.mount();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    expect(await bare.outcome()).toBe('signed-in');
    expect(await after(page, 'unmount')).toBe('signed-in');
    await expect(page.locator('#sign-in')).toBeEmpty();
  });
});
