/**
 * The redirect model: to the server's own sign-in page and back, with `latchkey/tokens` in the page and the widget on the
 * server's. Each test has a browser that knows nobody.
 */
import type { CallbackResult } from '../../widget/js/tokens/types.js';
import { accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test as base } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { TokenPage } from './support/token-page.js';

const test = base.extend<{ readonly tab: TokenPage }>({
  tab: async ({ page, places }, use) => use(new TokenPage(page, places.bare)),
});

/** The bare page is registered by this address. */
const OPTIONS = { redirectUri: '/', postLogoutRedirectUri: '/' };
const DAY = 86_400_000;

/** Types what the server's page wants to know. */
async function signInThere({ page }: TokenPage): Promise<void> {
  await new IdentifyScreen(page).submit(accounts.pat.email);
  await new PasswordScreen(page).submit(accounts.pat.password);
}

/** Waits until the page is there again, and takes up the server's answer. */
async function comeBack(tab: TokenPage, parameter = 'code'): Promise<CallbackResult> {
  await tab.page.waitForURL((url) => url.searchParams.has(parameter) && url.searchParams.has('state'));
  await tab.begin(OPTIONS);
  return tab.evaluate(({ session }) => session.handleCallback());
}

/** What the server says when nothing may be shown. */
async function askSilently(tab: TokenPage): Promise<string> {
  await tab.open(OPTIONS);
  await tab.evaluate(({ session }) => session.signInWithRedirect({ prompt: 'none' }));
  await tab.page.waitForURL((url) => url.searchParams.has('state'));
  await tab.begin(OPTIONS);
  return tab.evaluate(({ session }) => session.handleCallback().then(({ status }) => status, ({ oauthError }: { oauthError: string }) => oauthError));
}

test.describe('given a page that signs in by redirect', () => {
  test('the person comes back signed in, to where they were, and nothing is left behind', async ({ tab, places }) => {
    await tab.open(OPTIONS);
    await tab.evaluate(({ session }) => session.signInWithRedirect({ originalUri: '/?policy=usual&own=1#deep' }));
    await signInThere(tab);
    const result = await comeBack(tab);
    const original = `${places.bare}/?policy=usual&own=1#deep`;
    expect(result).toMatchObject({ status: 'signed-in', originalUri: original, tokens: { idToken: { claims: { email: accounts.pat.email } } } });
    expect(tab.page.url()).toBe(original);
    expect((await tab.evaluate(({ session }) => session.userinfo()))['email']).toBe(accounts.pat.email);
    await tab.evaluate(({ session }) => session.renew());
    expect(await tab.told()).toEqual(['signed-in', 'renewed']);
    expect(await tab.evaluate(() => Object.keys(sessionStorage))).toEqual(['sign-in.latchkey.redirects']);
    expect(await tab.evaluate(() => Object.keys(localStorage))).toEqual([]);
  });

  test('the second time nobody asks', async ({ tab }) => {
    expect(await askSilently(tab)).toBe('login_required');
    await tab.evaluate(({ session }) => session.signInWithRedirect());
    await signInThere(tab);
    await comeBack(tab);
    expect(await askSilently(tab)).toBe('signed-in');
  });

  test('signing out ends it here and there', async ({ tab, places }) => {
    await tab.open(OPTIONS);
    await tab.evaluate(({ session }) => session.signInWithRedirect());
    await signInThere(tab);
    await comeBack(tab);
    await tab.evaluate(({ session }) => session.signOut({ state: 'bye' }));
    await tab.page.waitForURL(`${places.bare}/?state=bye`);
    expect(await askSilently(tab)).toBe('login_required');
  });

  for (const [word, off] of [['ahead', DAY], ['behind', -DAY]] as const) {
    test(`a clock that is a day ${word} is told, and does no harm`, async ({ tab }) => {
      await tab.page.clock.install({ time: Date.now() + off });
      await tab.open(OPTIONS);
      await tab.evaluate(({ session }) => session.signInWithRedirect());
      await signInThere(tab);
      expect((await comeBack(tab)).status).toBe('signed-in');
      expect(await tab.told()).toEqual([`clock ${off / 60_000} min`, 'signed-in']);
      const requests = tab.tokenRequests;
      expect((await tab.evaluate(({ session }) => session.userinfo()))['email']).toBe(accounts.pat.email);
      expect(tab.tokenRequests, 'nothing had to be renewed').toBe(requests);
    });
  }

  test('an answer is used once, and one that was forged never', async ({ tab, places }) => {
    await tab.open(OPTIONS);
    await tab.evaluate(({ session }) => session.signInWithRedirect());
    await signInThere(tab);
    await tab.page.waitForURL((url) => url.searchParams.has('code'));
    const address = tab.page.url();
    await tab.page.goto(address.replace(/state=[^&]*/, 'state=forged'));
    await tab.begin(OPTIONS);
    const refused = ({ session }: Parameters<Parameters<TokenPage['evaluate']>[0]>[0]): Promise<string> =>
      session.handleCallback().then(({ status }) => status, ({ code }: { code: string }) => code);
    expect(await tab.evaluate(refused)).toBe('callback.unknown_state');
    expect(tab.page.url()).toBe(`${places.bare}/`);
    await tab.page.goto(address);
    await tab.begin(OPTIONS);
    expect(await tab.evaluate(refused)).toBe('signed-in');
    await tab.page.goto(address);
    await tab.begin({ ...OPTIONS, tabs: 'separate' });
    expect(await tab.evaluate(refused)).toBe('callback.unknown_state');
  });

  test('a page that goes to sign in whenever it comes back is stopped', async ({ tab }) => {
    await tab.open(OPTIONS);
    await tab.evaluate(({ session }) => session.signInWithRedirect());
    await signInThere(tab);
    for (let time = 0; time < 4; time++) {
      await comeBack(tab);
      await tab.evaluate(({ session }) => session.signInWithRedirect());
    }
    await comeBack(tab);
    const code = await tab.evaluate(({ session }) => session.signInWithRedirect().catch(({ code }: { code: string }) => code));
    expect(code).toBe('redirect.loop');
  });

  test('guarding a page asks for a sign-in, and leads back to it', async ({ tab, places }) => {
    await tab.open(OPTIONS);
    expect(await tab.evaluate(({ session }) => session.guard('/gallery'))).toBe(false);
    await signInThere(tab);
    expect(await comeBack(tab)).toMatchObject({ status: 'signed-in', originalUri: `${places.bare}/gallery` });
    expect(await tab.evaluate(({ session }) => session.guard('/gallery'))).toBe(true);
  });
});

test.describe('given the demo’s page that uses the server’s', () => {
  test('signing in, and out again', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open('/hosted');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    await site.welcomes(accounts.pat);
    expect(page.url()).toBe(`${places.identifierFirst.site}/hosted`);
    await site.signOut.click();
    await expect(page.getByRole('status').filter({ hasText: 'You are signed out.' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(page.url()).toBe(`${places.identifierFirst.site}/hosted`);
  });
});
