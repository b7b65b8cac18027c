/** A password is forgotten and another one is set. */
import { NEW_PASSWORD, accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { RecoverScreen } from './support/screens/recover.js';

test.describe('given a forgotten password', () => {
  test('a mailed code leads to a new one, and the old one is worth nothing', async ({ page, places, inbox }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await new IdentifyScreen(page).submit(accounts.robin.email);
    const forgetting = new PasswordScreen(page);
    await forgetting.isShown();
    await forgetting.forgotPassword.click();
    await new EmailCodeScreen(page).submit(await inbox.codeFor(accounts.robin.email));
    await new NewPasswordScreen(page, 'reset').submit(NEW_PASSWORD);
    await site.welcomes(accounts.robin);
    await site.signOut.click();
    await new IdentifyScreen(page).submit(accounts.robin.email);
    const password = new PasswordScreen(page);
    await password.submit(accounts.robin.password);
    await expect(password.alert).toBeVisible();
    await password.submit(NEW_PASSWORD);
    await site.welcomes(accounts.robin);
  });

  test('a new password that breaks the rules is refused, and says which', async ({ page, places, inbox }) => {
    await new DemoSite(page, places.bothAtOnce).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.forgotPassword.click();
    await new RecoverScreen(page).submit(accounts.robin.email);
    await new EmailCodeScreen(page).submit(await inbox.at(places.bothAtOnce.server).codeFor(accounts.robin.email));
    const screen = new NewPasswordScreen(page, 'reset');
    await screen.submit('alllowercase');
    await expect(screen.alert.or(screen.widget.getByText(/upper/i)).first()).toBeVisible();
    await expect(screen.password).toHaveAttribute('aria-invalid', 'true');
  });

  test('nobody learns whether an address has an account', async ({ page, places, inbox }) => {
    await new DemoSite(page, places.bothAtOnce).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.forgotPassword.click();
    await new RecoverScreen(page).submit('nobody-at-all@example.com');
    await new EmailCodeScreen(page).isShown();
    expect(await inbox.at(places.bothAtOnce.server).mailsTo('nobody-at-all@example.com')).toEqual([]);
  });
});
