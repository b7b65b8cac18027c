/** `latchkey/react` in StrictMode, with each version of React that it says it works with. */
import { accounts } from './support/accounts.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import type { ReactWindow } from './support/react/app.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

interface AppWindow {
  readonly app: ReactWindow;
}

const seen = (page: Page): Promise<readonly string[]> => page.evaluate(() => (window as unknown as AppWindow).app.seen);

/** Transactions that the page has begun. */
function begun(page: Page): { readonly count: number } {
  const asked = { count: 0 };
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/interact') && request.method() === 'POST') asked.count++;
  });
  return asked;
}

for (const version of ['18', '19']) {
  test.describe(`given an app in React ${version}`, () => {
    test.beforeEach(async ({ page, places }) => {
      await page.goto(`${places.bare}/react?version=${version}`);
      await page.waitForFunction(() => 'app' in window);
      expect(await page.evaluate(() => (window as unknown as AppWindow).app.version)).toMatch(new RegExp(`^${version}\\.`));
    });

    test('a person signs in through one widget that has begun once, and each handler is called once', async ({ page }) => {
      const interactions = begun(page);
      await page.evaluate(() => (window as unknown as AppWindow).app.show());
      await new IdentifyScreen(page).isShown();
      await expect(page.locator('.place > latchkey-sign-in > .latchkey')).toHaveCount(1);
      await expectAccessible(page);
      await new IdentifyScreen(page).submit(accounts.pat.email);
      await new PasswordScreen(page).submit(accounts.pat.password);
      await expect.poll(() => seen(page)).toContain('first: signed-in');
      const steps = await seen(page);
      expect(steps.slice(0, 3)).toEqual(['first: screen identify', 'first: ready', 'first: screen challenge-authenticator']);
      expect(steps.filter((step) => step === 'first: signed-in')).toHaveLength(1);
      expect(interactions.count).toBe(1);
      expect(await page.evaluate(async () => (await (window as unknown as AppWindow).app.element.current?.finished)?.status)).toBe('signed-in');
    });

    test('other props change the widget and leave what was typed; those that are gone have their defaults again', async ({ page }) => {
      const interactions = begun(page);
      const identify = new IdentifyScreen(page);
      await page.evaluate(() => (window as unknown as AppWindow).app.show());
      await identify.isShown();
      await identify.username.fill('half-ty');
      await page.evaluate(() => (window as unknown as AppWindow).app.show({ colorScheme: 'dark' }));
      await expect(identify.widget).toHaveAttribute('data-color-scheme', 'dark');
      await page.evaluate(() => (window as unknown as AppWindow).app.show());
      await expect(identify.widget).not.toHaveAttribute('data-color-scheme');
      await expect(identify.username).toHaveValue('half-ty');
      expect(interactions.count, 'an equal array is no other option').toBe(1);
    });

    test('the handlers of the last render are called, and no others', async ({ page }) => {
      await page.evaluate(() => (window as unknown as AppWindow).app.show());
      await new IdentifyScreen(page).isShown();
      await page.evaluate(() => (window as unknown as AppWindow).app.show({}, 'second'));
      await new IdentifyScreen(page).submit(accounts.pat.email);
      await new PasswordScreen(page).isShown();
      expect(await seen(page)).toEqual(['first: screen identify', 'first: ready', 'second: screen challenge-authenticator']);
    });

    test('hidden and shown again and again, there is one widget or none, and it goes on where the person was', async ({ page }) => {
      await page.evaluate(() => (window as unknown as AppWindow).app.show());
      await new IdentifyScreen(page).submit(accounts.pat.email);
      await new PasswordScreen(page).isShown();
      for (const name of ['second', 'third']) {
        await page.evaluate(() => (window as unknown as AppWindow).app.hide());
        await expect(page.locator('latchkey-sign-in')).toHaveCount(0);
        await page.evaluate((again) => (window as unknown as AppWindow).app.show({}, again), name);
        await new PasswordScreen(page).isShown();
        await expect(page.locator('.latchkey')).toHaveCount(1);
      }
      expect((await seen(page)).filter((step) => step.endsWith('unload'))).toEqual(['first: unload', 'second: unload']);
    });

    test('what a server has sent is taken over as it is', async ({ page }) => {
      await page.evaluate(() => (window as unknown as AppWindow).app.hydrate());
      await new IdentifyScreen(page).isShown();
      expect((await seen(page)).filter((step) => step.startsWith('recovered'))).toEqual([]);
    });

    test('a wrong prop is told, and nothing is thrown', async ({ page }) => {
      await page.evaluate(() => (window as unknown as AppWindow).app.show({ usernam: 'pat' } as object));
      await expect(page.getByRole('alert')).toHaveText('there is no option `usernam`; did you mean `username`?');
      expect(await seen(page)).toEqual(['first: there is no option `usernam`; did you mean `username`?']);
      await page.evaluate(() => (window as unknown as AppWindow).app.show());
      await new IdentifyScreen(page).isShown();
    });
  });
}
