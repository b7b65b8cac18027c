/** Everything by keyboard alone, and the focus is never lost. */
import { NEW_PASSWORD, accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test, type Page } from './support/fixtures.js';
import type { Locator } from '@playwright/test';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { RecoverScreen } from './support/screens/recover.js';

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 25; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target, 'reached with Tab').toBeFocused();
}

/** Reaches the field with Tab, types, and sends with Enter. */
async function typeInto(page: Page, field: Locator, what: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(what);
  await page.keyboard.press('Enter');
}

test.describe('given a person without a mouse', () => {
  test('signing in takes Tab and Enter, and each screen begins at its heading', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await typeInto(page, identify.username, accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await expect(password.heading).toBeFocused();
    await typeInto(page, password.password, accounts.pat.password);
    await site.welcomes(accounts.pat);
  });

  test('a forgotten password, a mistake on the way, and the link of the alert that leads to the field', async ({ page, places, inbox }) => {
    const site = new DemoSite(page, places.bothAtOnce);
    await site.open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await tabTo(page, identify.forgotPassword);
    await page.keyboard.press('Enter');
    const recover = new RecoverScreen(page);
    await recover.isShown();
    await expect(recover.heading).toBeFocused();
    await tabTo(page, recover.next);
    await page.keyboard.press('Enter');
    await expect(recover.alert, 'nothing was typed').toBeFocused();
    await tabTo(page, recover.alert.getByRole('link').first());
    await page.keyboard.press('Enter');
    await expect(recover.username).toBeFocused();
    await page.keyboard.type(accounts.kim.email);
    await page.keyboard.press('Enter');
    const code = new EmailCodeScreen(page);
    await code.isShown();
    await typeInto(page, code.code, await inbox.at(places.bothAtOnce.server).codeFor(accounts.kim.email));
    const fresh = new NewPasswordScreen(page, 'reset');
    await fresh.isShown();
    await typeInto(page, fresh.password, NEW_PASSWORD);
    await site.welcomes(accounts.kim);
  });

  test('the password is shown and hidden with the space bar, and the focus stays', async ({ page, places }) => {
    await new DemoSite(page, places.bothAtOnce).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.password.fill('secret');
    const show = identify.widget.getByRole('button', { name: /show/i });
    await tabTo(page, show);
    await page.keyboard.press('Space');
    await expect(identify.password).toHaveAttribute('type', 'text');
    await expect(identify.widget.getByRole('button', { name: /hide/i })).toBeFocused();
    await page.keyboard.press('Space');
    await expect(identify.password).toHaveAttribute('type', 'password');
  });
});
