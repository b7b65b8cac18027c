/**
 * Every screen of the first paths: usable by everybody (axe, WCAG 2.2 AA) and drawn into test-results/screens, on a phone and
 * on a desktop, in both schemes, for people to look at.
 */
import { texts } from '../../widget/js/texts.js';
import { NEW_PASSWORD, accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { ProfileScreen } from './support/screens/profile.js';
import { RecoverScreen } from './support/screens/recover.js';

test.describe('given the way of signing in', () => {
  test('its screens can be used by everybody', async ({ page, places }) => {
    test.slow();
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await look(page, 'screens', 'identify');
    await identify.next.click();
    await expect(identify.alert).toBeVisible();
    await look(page, 'screens', 'identify-empty');
    await identify.submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await look(page, 'screens', 'password');
    await password.action('action.verify_otherwise').click();
    const choice = new ChoiceScreen(page, 'verify');
    await choice.isShown();
    await look(page, 'screens', 'choice');
    await choice.pick(/Password/);
    await password.submit('Wrong-Horse-43');
    await expect(password.alert).toBeVisible();
    await look(page, 'screens', 'password-wrong');
    await password.submit(accounts.pat.password);
    await site.welcomes(accounts.pat);
    await look(page, 'screens', 'member-area');
  });

  test('so can the screen that asks for both at once', async ({ page, places }) => {
    test.slow();
    await new DemoSite(page, places.bothAtOnce).open();
    await new IdentifyScreen(page).isShown();
    await look(page, 'screens', 'identify-with-password');
  });
});

test.describe('given the way of registering', () => {
  test('its screens can be used by everybody', async ({ page, places, inbox }) => {
    test.slow();
    const person = { email: 'sasha.newcomer@example.com', firstName: 'Sasha', lastName: 'Newcomer' };
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.signUp.click();
    const profile = new ProfileScreen(page);
    await profile.isShown();
    await look(page, 'screens', 'profile');
    await profile.signUp.click();
    await expect(profile.alert).toBeVisible();
    await look(page, 'screens', 'profile-empty');
    await profile.submit(person);
    const code = new EmailCodeScreen(page);
    await code.isShown();
    await look(page, 'screens', 'email-code');
    await code.submit(await inbox.codeFor(person.email));
    const password = new NewPasswordScreen(page, 'first');
    await password.isShown();
    await password.password.fill('half');
    await look(page, 'screens', 'new-password');
  });
});

test.describe('given the way of recovering', () => {
  test('its screens can be used by everybody', async ({ page, places, inbox }) => {
    test.slow();
    await new DemoSite(page, places.bothAtOnce).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.forgotPassword.click();
    const recover = new RecoverScreen(page);
    await recover.isShown();
    await look(page, 'screens', 'recover');
    await recover.submit(accounts.dana.email);
    await new EmailCodeScreen(page).submit(await inbox.at(places.bothAtOnce.server).codeFor(accounts.dana.email));
    const password = new NewPasswordScreen(page, 'reset');
    await password.isShown();
    await password.password.fill(NEW_PASSWORD);
    await look(page, 'screens', 'reset-password');
  });
});

test.describe('given trouble', () => {
  test('what is seen while loading, and when it fails, can be used by everybody', async ({ page, bare, guard }) => {
    test.slow();
    guard.expectProblem(/^console: Failed to load resource/);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/latchkey_bg.wasm', async (route) => {
      await released;
      await route.fulfill({ status: 404 });
    });
    await bare.mount();
    await expect(page.getByRole('status')).toHaveText(texts.loading);
    await look(page, 'screens', 'loading');
    release();
    await expect(page.getByRole('heading', { name: texts.loadFailed.title })).toBeVisible();
    await look(page, 'screens', 'load-failed');
  });

  test('so can the page of an unreachable server', async ({ page, bare, guard }) => {
    test.slow();
    guard.expectProblem(/^console: Failed to load resource/);
    await page.route('**/v1/interact', (route) => route.abort('internetdisconnected'));
    await bare.mount();
    await expect(page.locator('.latchkey').getByRole('alert')).toBeVisible();
    await look(page, 'screens', 'unreachable');
  });
});
