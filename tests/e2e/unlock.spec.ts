/** An account that too many wrong passwords have locked is unlocked by its owner, with a code by mail. */
import { collectors } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { EndingScreen } from './support/screens/ending.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { UnlockScreen } from './support/screens/unlock.js';
import { skipTheRest, typePassword } from './support/ways.js';

test.describe('given an account that is locked', () => {
  test('its owner unlocks it, and the password is good again', async ({ page, places, inbox }) => {
    const { hetty } = collectors;
    const site = new DemoSite(page, places.everything);
    await site.open();
    await new IdentifyScreen(page).submit(hetty.email);
    const password = new PasswordScreen(page);
    for (const wrong of ['Wrong-Horse-1', 'Wrong-Horse-2', 'Wrong-Horse-3']) {
      const answered = page.waitForResponse((response) => response.url().endsWith('/challenge/answer'));
      await password.submit(wrong);
      expect((await answered).status()).toBe(400);
    }
    const refused = page.waitForResponse((response) => response.url().endsWith('/challenge/answer'));
    await password.submit(hetty.password);
    expect((await refused).status(), 'the right one is not even looked at').toBe(429);
    await expect(password.alert).toBeVisible();
    await look(page, 'screens', 'password-locked');
    await password.action('action.start_over').click();

    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.action('action.unlock').click();
    const unlock = new UnlockScreen(page);
    await unlock.isShown();
    await look(page, 'screens', 'unlock');
    await unlock.submit(hetty.email, 'Email');
    await new EmailCodeScreen(page).submit(await inbox.at(places.everything.server).codeFor(hetty.email));
    const ending = new EndingScreen(page, 'oie.selfservice.unlock_user.success.message');
    await ending.isShown();
    await look(page, 'screens', 'unlocked');
    await page.reload();
    await typePassword(page, hetty);
    await skipTheRest(page);
    await site.welcomes(hetty);
  });
});
