/** Signing in with an account that is there. */
import { accounts } from './support/accounts.js';
import type { BareWindow } from './support/bare-page.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { ProfileScreen } from './support/screens/profile.js';
import { RecoverScreen } from './support/screens/recover.js';

test.describe('given a server that asks for the name first', () => {
  test('name and password lead to checked tokens and a call of userinfo', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    await site.welcomes(accounts.pat);
    expect(await site.claim('iss')).toBe(places.identifierFirst.issuer);
    expect(await site.claim('aud')).toBe('demo-spa');
  });

  test('signing out lets somebody else in', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    await site.welcomes(accounts.pat);
    await site.signOut.click();
    await new IdentifyScreen(page).isShown();
    await expect(page.getByText(accounts.pat.email).filter({ visible: true }), 'but for the demo’s hint').toHaveCount(1);
  });

  test('who is signing in is told on the password screen, and can be changed', async ({ page, places }) => {
    await new DemoSite(page, places.identifierFirst).open();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await expect(password.widget).toContainText(accounts.pat.email);
    await password.action('action.start_over').click();
    await new IdentifyScreen(page).isShown();
  });

  test('a wrong password is refused in words, and the right one still works', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await new IdentifyScreen(page).submit(accounts.alex.email);
    const password = new PasswordScreen(page);
    await password.submit('Wrong-Horse-43');
    await expect(password.alert).toBeVisible();
    await expect(password.alert).toBeFocused();
    await password.submit(accounts.alex.password);
    await site.welcomes(accounts.alex);
  });

  test('nobody learns whether an address has an account', async ({ page, places }) => {
    const said = async (email: string): Promise<string> => {
      await new DemoSite(page, places.identifierFirst).open();
      await page.evaluate(() => sessionStorage.clear());
      await page.reload();
      await new IdentifyScreen(page).submit(email);
      const password = new PasswordScreen(page);
      await password.submit('Wrong-Horse-43');
      await expect(password.alert).toBeVisible();
      return (await password.widget.innerText()).replaceAll(email, '…');
    };
    expect(await said('nobody-at-all@example.com')).toBe(await said(accounts.alex.email));
  });

  test('a mailed code does instead of the password', async ({ page, places, inbox }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await new IdentifyScreen(page).submit(accounts.lee.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await password.action('action.verify_otherwise').click();
    await new ChoiceScreen(page, 'verify').pick(/Email/);
    await new EmailCodeScreen(page).submit(await inbox.codeFor(accounts.lee.email));
    await site.welcomes(accounts.lee);
  });

  test('the password can be shown, and is hidden again when it is sent', async ({ page, places }) => {
    await new DemoSite(page, places.identifierFirst).open();
    await new IdentifyScreen(page).submit(accounts.alex.email);
    const screen = new PasswordScreen(page);
    await screen.isShown();
    await screen.password.fill('Wrong-Horse-43');
    await expect(screen.password).toHaveAttribute('type', 'password');
    await screen.show.click();
    await expect(screen.password).toHaveAttribute('type', 'text');
    await screen.signIn.click();
    await expect(screen.alert).toBeVisible();
    await expect(screen.password).toHaveAttribute('type', 'password');
  });

  test('sending an empty form says what is missing, beside the field, and asks nobody', async ({ page, places }) => {
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await identify.next.click();
    await expect(identify.username).toHaveAttribute('aria-invalid', 'true');
    await expect(identify.username).toHaveAccessibleDescription(/Enter your Username/i);
    expect(asked).toEqual([]);
  });

  test('two clicks send one request', async ({ page, places }) => {
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/identify')) sent.push(request.url());
    });
    await identify.username.fill(accounts.pat.email);
    await identify.next.dblclick();
    await new PasswordScreen(page).isShown();
    expect(sent).toHaveLength(1);
  });
});

test.describe('given a server that asks for both at once', () => {
  test('one screen is enough', async ({ page, places }) => {
    const site = new DemoSite(page, places.bothAtOnce);
    await site.open();
    const identify = new IdentifyScreen(page);
    await expect(identify.username).toHaveAttribute('autocomplete', /username/);
    await expect(identify.password).toHaveAttribute('autocomplete', 'current-password');
    await identify.submitBoth(accounts.pat.email, accounts.pat.password);
    await site.welcomes(accounts.pat);
  });

  test('after a wrong password the name is still there', async ({ page, places }) => {
    await new DemoSite(page, places.bothAtOnce).open();
    const identify = new IdentifyScreen(page);
    await identify.submitBoth(accounts.alex.email, 'Wrong-Horse-43');
    await expect(identify.alert).toBeVisible();
    await expect(identify.username).toHaveValue(accounts.alex.email);
  });
});

test.describe('given options of the page', () => {
  test('a name that the page knows is filled in', async ({ page, bare }) => {
    await bare.mount({ username: accounts.pat.email });
    await expect(new IdentifyScreen(page).username).toHaveValue(accounts.pat.email);
  });

  test('with a code challenge of its backend, the page gets the code and nobody redeems it', async ({ page, bare }) => {
    const redeemed: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/token')) redeemed.push(request.url());
    });
    await bare.mount({ codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', codeChallengeMethod: 'S256', state: 'of-the-backend' });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    const outcome = await page.evaluate(() => (window as unknown as BareWindow).signIn.finished);
    expect(outcome).toEqual({ status: 'interaction-code', interactionCode: expect.stringMatching(/.{16,}/), state: 'of-the-backend' });
    expect(redeemed).toEqual([]);
  });

  test('the outcome reaches everybody who waits for it', async ({ page, bare }) => {
    await bare.open();
    await page.evaluate(() => {
      const bareWindow = window as unknown as BareWindow;
      const { latchkey, options, seen } = bareWindow;
      bareWindow.signIn = latchkey.createSignIn({ ...options, onSuccess: ({ status }) => seen.push(`option ${status}`) });
      bareWindow.signIn.on('success', ({ status }) => seen.push(`event ${status}`));
      bareWindow.signIn.mount('#sign-in');
    });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    const outcome = await page.evaluate(() => (window as unknown as BareWindow).signIn.finished);
    expect(outcome.status).toBe('signed-in');
    expect([...(await bare.seen())].sort()).toEqual(['event signed-in', 'option signed-in']);
  });

  test('the flow signup begins with the profile', async ({ page, bare }) => {
    await bare.mount({ flow: 'signup' });
    await new ProfileScreen(page).isShown();
  });

  test('the flow resetPassword begins with recovery, where the server offers it', async ({ page, bare, places }) => {
    await bare.mount({ flow: 'resetPassword', issuer: places.bothAtOnce.issuer });
    await new RecoverScreen(page).isShown();
  });
});
