/** The network breaks, the server has had enough, the transaction runs out: the person is told, and loses nothing. */
import { accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, expectAccessible, test } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { text } from './support/texts.js';

test.describe('given a network that breaks', () => {
  test.beforeEach(({ guard }) => guard.expectProblem(/^console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED/));

  test('what was typed is still there, and trying again goes on', async ({ page, places, context }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.username.fill(accounts.pat.email);
    await context.setOffline(true);
    await identify.next.click();
    await expect(identify.alert).toContainText(text('alert.unreachable'));
    await expect(identify.username).toHaveValue(accounts.pat.email);
    await expectAccessible(page);
    await context.setOffline(false);
    await identify.action('action.try_again').click();
    const password = new PasswordScreen(page);
    await password.isShown();
    await password.password.fill(accounts.pat.password);
    await context.setOffline(true);
    await password.signIn.click();
    await expect(password.alert).toContainText(text('alert.unreachable'));
    await expect(password.password).toHaveValue(accounts.pat.password);
    await context.setOffline(false);
    await password.action('action.try_again').click();
    await site.welcomes(accounts.pat);
  });

  test('before the first screen, the page says so and can be tried again', async ({ page, bare, context }) => {
    await bare.open();
    await page.route('**/v1/interact', (route) => route.abort('internetdisconnected'));
    await bare.mountHere();
    const identify = new IdentifyScreen(page);
    await expect(identify.alert).toContainText(text('alert.unreachable'));
    await expectAccessible(page);
    await page.unroute('**/v1/interact');
    await identify.action('action.try_again').click();
    await identify.isShown();
    await context.setOffline(false);
  });

  // Whether the code was spent is not known then, so it is not tried a second time.
  test('a failure on the last stretch is told, and trying again begins anew with the name', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await page.route('**/v1/token', (route) => route.abort('internetdisconnected'), { times: 1 });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.submit(accounts.pat.password);
    await expect(password.alert).toContainText(text('alert.unreachable'));
    await password.action('action.try_again').click();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expect(identify.username).toHaveValue(accounts.pat.email);
    await identify.next.click();
    await new PasswordScreen(page).submit(accounts.pat.password);
    await site.welcomes(accounts.pat);
  });
});

test.describe('given a server that fails', () => {
  test('the person is told, and trying again goes on', async ({ page, places, guard }) => {
    guard.expectProblem(/^console: Failed to load resource: .* status of 503/);
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await page.route('**/idp/idx/identify', (route) => fulfillWith(route, 503, '<h1>Service unavailable</h1>'), { times: 1 });
    await identify.submit(accounts.pat.email);
    await expect(identify.alert).toContainText(text('alert.server_failed'));
    await identify.action('action.try_again').click();
    await new PasswordScreen(page).isShown();
  });
});

test.describe('given a server that has had enough', () => {
  test('429 says how long to wait, and what was typed is still there', async ({ page, places }) => {
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await page.route('**/idp/idx/identify', (route) => fulfillWith(route, 429, '{"errorCode":"E0000047"}', { 'retry-after': '42' }), { times: 1 });
    await identify.submit(accounts.pat.email);
    await expect(identify.alert).toContainText(text('alert.too_many_seconds', { n: 42 }));
    await expect(identify.username).toHaveValue(accounts.pat.email);
  });

  test('the real server refuses after so many wrong passwords, and says so', async ({ page, places }) => {
    test.slow();
    await new DemoSite(page, places.identifierFirst).open();
    await new IdentifyScreen(page).submit(accounts.sam.email);
    const password = new PasswordScreen(page);
    const tooMany = page.waitForResponse((response) => response.status() === 429, { timeout: 60_000 });
    let isEnough = false;
    void tooMany.then(() => (isEnough = true));
    for (let attempt = 0; attempt < 12 && !isEnough; attempt++) {
      const answered = page.waitForResponse((response) => response.url().includes('/idp/idx/') && response.request().method() === 'POST');
      await password.submit(`Wrong-Horse-${attempt}`);
      await answered;
      await expect(password.alert).toBeVisible();
    }
    await tooMany;
    await expect(password.alert).toContainText(/Too many attempts/);
  });
});

test.describe('given a transaction that has run out', () => {
  test('a new one begins, says why, and still knows the name', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    // What the server says to a handle that it has forgotten is its own, real answer.
    await page.route(
      '**/idp/idx/challenge/answer',
      (route) => route.continue({ postData: JSON.stringify({ ...(route.request().postDataJSON() as object), stateHandle: 'forgotten' }) }),
      { times: 1 },
    );
    await password.submit(accounts.pat.password);
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expect(identify.widget).toContainText(text('alert.started_over'));
    await expect(identify.username).toHaveValue(accounts.pat.email);
    await identify.next.click();
    await new PasswordScreen(page).submit(accounts.pat.password);
    await site.welcomes(accounts.pat);
  });
});

/** An answer that the page's script may read. */
async function fulfillWith(route: import('@playwright/test').Route, status: number, body: string, own: Record<string, string> = {}): Promise<void> {
  const origin = route.request().headers()['origin'] ?? '';
  const headers = {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
    'content-type': 'application/json',
    ...own,
  };
  await route.fulfill({ status, headers, body });
}
