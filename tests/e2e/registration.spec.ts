/** Making an account, with the code that the server mails. */
import { NEW_PASSWORD, accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { stranger } from './support/people.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { ProfileScreen } from './support/screens/profile.js';

test.describe('given somebody whom the server does not know', () => {
  test('profile, code and password lead to being signed in, and the account is there the next time', async ({ page, places, inbox }) => {
    const person = stranger();
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.signUp.click();
    await new ProfileScreen(page).submit(person);
    await new EmailCodeScreen(page).submit(await inbox.codeFor(person.email));
    await new NewPasswordScreen(page, 'first').submit(NEW_PASSWORD);
    await site.welcomes(person);
    await site.signOut.click();
    await new IdentifyScreen(page).submit(person.email);
    await new PasswordScreen(page).submit(NEW_PASSWORD);
    await site.welcomes(person);
  });

  test('the rules of the password are ticked off while it is typed', async ({ page, places, inbox }) => {
    const person = stranger();
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.signUp.click();
    await new ProfileScreen(page).submit(person);
    await new EmailCodeScreen(page).submit(await inbox.codeFor(person.email));
    const screen = new NewPasswordScreen(page, 'first');
    await screen.isShown();
    const lower = screen.rules.filter({ hasText: 'lower-case' });
    await expect(lower).toContainText('not met yet');
    await screen.password.pressSequentially('a');
    await expect(lower).not.toContainText('not met yet');
    await expect(screen.password).toHaveAttribute('autocomplete', 'new-password');
  });

  test('a wrong code is refused, a new one can be had, and that one works', async ({ page, places, inbox }) => {
    const person = stranger();
    await page.clock.install();
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.signUp.click();
    await new ProfileScreen(page).submit(person);
    const screen = new EmailCodeScreen(page);
    const first = await inbox.codeFor(person.email);
    await screen.submit(first === '000000' ? '111111' : '000000');
    await expect(screen.widget.getByRole('alert')).toBeVisible();
    // Half a minute later, since mails take their time.
    await page.clock.fastForward(30_000);
    await screen.resend.click();
    await screen.submit(await inbox.codeFor(person.email, 1));
    await new NewPasswordScreen(page, 'first').isShown();
  });
});

test.describe('given an address that has an account already', () => {
  test('registration looks the same, and only the mail tells', async ({ page, places, inbox }) => {
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.signUp.click();
    await new ProfileScreen(page).submit({ email: accounts.pat.email, firstName: 'Not', lastName: 'Pat' });
    await new EmailCodeScreen(page).isShown();
    await expect.poll(async () => (await inbox.mailsTo(accounts.pat.email)).length).toBeGreaterThan(0);
    expect((await inbox.mailsTo(accounts.pat.email))[0]?.code).toBeNull();
  });
});
