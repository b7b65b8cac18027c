/**
 * The widget crashes: a call of its WebAssembly ends in a trap, which no code of ours expects.
 *
 * Nothing in the release helps to bring that about. Here a DOM method of the page throws once, in the middle of drawing the
 * next screen; to the WebAssembly that is an exception through its frames, after which the instance is dead.
 */
import { texts } from '../../widget/js/texts.js';
import { accounts } from './support/accounts.js';
import type { BareWindow } from './support/bare-page.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

/** Lets the next element that is made fail, and only that. */
const breakTheDom = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.createElement = () => {
      Reflect.deleteProperty(document, 'createElement');
      throw new Error('the DOM is broken');
    };
  });

test.describe('given a crash while the next screen is drawn', () => {
  test.beforeEach(async ({ bare, page, guard }) => {
    guard.expectProblem(/^console: .*(panicked|the DOM is broken)/s);
    await bare.mount();
    await page.evaluate(() => {
      const { signIn, seen } = window as unknown as BareWindow;
      signIn.on('error', ({ code }) => seen.push(code));
    });
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.username.fill(accounts.pat.email);
    await breakTheDom(page);
    await identify.username.press('Enter');
  });

  test('the page says that it was not the person, and starting again works to the end', async ({ page, bare }) => {
    await expect(page.getByRole('heading', { name: texts.crashed.title })).toBeVisible();
    await expectAccessible(page);
    expect(await bare.seen()).toEqual(['internal.panic']);
    await page.getByRole('button', { name: texts.crashed.action }).click();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    const outcome = await page.evaluate(() => (window as unknown as BareWindow).signIn.finished);
    expect(outcome.status).toBe('signed-in');
  });

  test('what the dead instance left behind stays quiet', async ({ page }) => {
    await expect(page.getByRole('heading', { name: texts.crashed.title })).toBeVisible();
    // Listeners on the window outlive what was drawn; none of them may call into the dead instance, or throw.
    await page.evaluate(() => {
      for (const type of ['pageshow', 'pagehide', 'popstate', 'online', 'offline', 'focus', 'blur', 'keydown', 'click']) {
        window.dispatchEvent(new Event(type, { bubbles: true }));
        document.body.dispatchEvent(new Event(type, { bubbles: true }));
      }
      const { signIn } = window as unknown as BareWindow;
      signIn.update({ username: 'other@example.com' });
      signIn.unmount();
      signIn.destroy();
    });
    await expect(page.locator('#sign-in')).toBeEmpty();
  });
});
