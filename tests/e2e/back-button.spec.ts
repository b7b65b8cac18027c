/** `features.backButton`: the browser's Back button, in a page with a history before and a router's state beside. */
import { accounts } from './support/accounts.js';
import type { BarePage, BareWindow } from './support/bare-page.js';
import { expect, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

const EARLIER = '/?policy=usual&earlier';

/** Comes from an earlier page, whose router has left a state on this one, and goes to the password. */
async function goToPassword(page: Page, bare: BarePage, backButton = true): Promise<void> {
  await page.goto(bare.site + EARLIER);
  await bare.open();
  await page.evaluate(() => history.replaceState({ router: 'its own' }, ''));
  await bare.mountHere({ features: { backButton } });
  await new IdentifyScreen(page).submit(accounts.pat.email);
  await new PasswordScreen(page).isShown();
}

const state = (page: Page): Promise<unknown> => page.evaluate(() => history.state as unknown);

test.describe('given a widget that follows the Back button', () => {
  test('it goes back one screen, and from the first one out of the page', async ({ page, bare }) => {
    await goToPassword(page, bare);
    const address = page.url();
    await expect.poll(() => state(page)).toEqual({ router: 'its own', latchkey: 'lk1' });
    expect(page.url()).toBe(address);
    await page.goBack();
    await new IdentifyScreen(page).isShown();
    await expect.poll(() => state(page)).toEqual({ router: 'its own' });
    expect(page.url()).toBe(address);
    await page.goBack();
    expect(page.url()).toContain(EARLIER);
  });

  test('it can go on and back again, and goes on after a reload', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await page.goBack();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    await expect.poll(() => state(page)).toEqual({ router: 'its own', latchkey: 'lk1' });
    await page.reload();
    await page.waitForFunction(() => 'latchkey' in window);
    await bare.mountHere({ features: { backButton: true } });
    await new PasswordScreen(page).isShown();
    await page.goBack();
    await new IdentifyScreen(page).isShown();
  });

  test('a sign-in that has ended leaves nothing in the history', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await new PasswordScreen(page).submit(accounts.pat.password);
    expect(await bare.outcome()).toBe('signed-in');
    await expect.poll(() => state(page)).toEqual({ router: 'its own' });
    await page.goBack();
    expect(page.url()).toContain(EARLIER);
  });

  test('unmounting leaves nothing either, and mounted again at once it follows again', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await page.evaluate(() => (window as unknown as BareWindow).signIn.unmount());
    await expect.poll(() => state(page)).toEqual({ router: 'its own' });
    await page.evaluate(() => (window as unknown as BareWindow).signIn.mount('#sign-in'));
    await new PasswordScreen(page).isShown();
    await page.evaluate(() => {
      const { signIn } = window as unknown as BareWindow;
      signIn.unmount();
      signIn.mount('#sign-in');
    });
    await new PasswordScreen(page).isShown();
    await expect.poll(() => state(page)).toEqual({ router: 'its own', latchkey: 'lk1' });
    await page.goBack();
    await new IdentifyScreen(page).isShown();
  });

  test('the page goes on from its own entry: somewhere else at once', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ onSuccess: () => location.assign('/element') }));
    await new PasswordScreen(page).submit(accounts.pat.password);
    await page.waitForURL('**/element');
    await page.goBack();
    expect(await state(page)).toEqual({ router: 'its own' });
    await page.goBack();
    expect(page.url()).toContain(EARLIER);
  });

  test('the page goes on from its own entry: to another one of its router', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await page.evaluate(() => {
      const { signIn } = window as unknown as BareWindow;
      signIn.update({
        onSuccess: () => {
          history.pushState({ router: 'home' }, '', '/home');
          signIn.destroy();
        },
      });
    });
    await new PasswordScreen(page).submit(accounts.pat.password);
    await page.waitForURL('**/home');
    await page.goBack();
    expect(await state(page)).toEqual({ router: 'its own' });
    await page.goBack();
    expect(page.url()).toContain(EARLIER);
  });

  test('taken away on the way, it does not cross the page that goes somewhere else', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await expect.poll(() => state(page)).toEqual({ router: 'its own', latchkey: 'lk1' });
    const popped = await page.evaluate(() => {
      let count = 0;
      addEventListener('popstate', () => count++);
      (window as unknown as BareWindow).signIn.destroy();
      history.pushState({ router: 'home' }, '', '/home');
      // By then a step back would have been taken.
      return new Promise((resolve) => setTimeout(() => resolve(count), 200));
    });
    expect(popped).toBe(0);
    expect(await state(page)).toEqual({ router: 'home' });
    await page.evaluate(() => location.assign('/element'));
    await page.waitForURL('**/element');
  });

  test('a step that never comes holds up nothing', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await expect.poll(() => state(page)).toEqual({ router: 'its own', latchkey: 'lk1' });
    await page.evaluate(() => (history.back = () => {}));
    await new PasswordScreen(page).submit(accounts.pat.password);
    expect(await bare.outcome()).toBe('signed-in');
  });

  test('a function of the page that never comes to its end keeps nobody on the page', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await expect.poll(() => state(page)).toEqual({ router: 'its own', latchkey: 'lk1' });
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ hooks: { before: { '*': () => new Promise(() => {}) } } }));
    await new PasswordScreen(page).submit(accounts.pat.password);
    await expect(new PasswordScreen(page).widget.locator('.latchkey-progress')).toBeVisible();
    await page.goBack();
    await page.goBack();
    expect(page.url()).toContain(EARLIER);
  });

  test('an entry that the page adds is the page’s', async ({ page, bare }) => {
    await goToPassword(page, bare);
    await page.evaluate(() => location.assign('#terms'));
    await expect(new PasswordScreen(page).heading).toBeVisible();
    await page.goBack();
    await expect(new PasswordScreen(page).heading).toBeVisible();
    await page.goBack();
    await new IdentifyScreen(page).isShown();
  });
});

test.describe('given a widget that does not', () => {
  test('the history is the page’s alone', async ({ page, bare }) => {
    await goToPassword(page, bare, false);
    expect(await state(page)).toEqual({ router: 'its own' });
    await page.goBack();
    expect(page.url()).toContain(EARLIER);
  });
});
