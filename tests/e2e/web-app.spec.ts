/**
 * The server-rendered application of `npm start`: signing in by redirect, its three levels of protection, and what its
 * callback refuses. No page of it has a script.
 */
import { startService, webAppCommand } from '../../scripts/lib/services.mjs';
import { accounts } from './support/accounts.js';
import { expect, test, type Page } from './support/fixtures.js';
import { look } from './support/look.js';
import { DecisionScreen } from './support/screens/decision.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { typePassword } from './support/ways.js';
import { world } from './support/world.js';

const name = `${accounts.pat.firstName} ${accounts.pat.lastName}`;

let stop: () => Promise<void>;

// One application for all, and so one worker.
test.describe.configure({ mode: 'default' });

/** Its own configuration, moved by variables. */
test.beforeAll(async () => {
  const { webApp, issuer } = world().tour;
  const env = { WEB_APP_ADDRESS: webApp, WEB_APP_ISSUER: issuer };
  ({ stop } = await startService(webAppCommand(), Number(new URL(webApp).port), { stdio: 'ignore', env }));
});

test.afterAll(() => stop());

/** What is done on the server's page, up to the way back. */
async function signInThere(page: Page): Promise<void> {
  await typePassword(page, accounts.pat);
  await new DecisionScreen(page, 'stay').no.click();
}

/** Goes there, and waits until it is there and not elsewhere. */
async function expectPlace(page: Page, place: string): Promise<void> {
  await expect(page).toHaveURL(world().tour.webApp + place);
}

/** What the server is asked, once the browser has gone there to sign in. */
async function asked(page: Page): Promise<URLSearchParams> {
  await new IdentifyScreen(page).isShown();
  return new URL(page.url()).searchParams;
}

/** The browser comes back with this answer, instead of the server's. */
async function comeBack(page: Page, answer: Readonly<Record<string, string>>): Promise<void> {
  await page.goto(`${world().tour.webApp}/callback?${new URLSearchParams(answer).toString()}`);
}

test.describe('given the server-rendered application', () => {
  test('its first page is for everybody, without a script', async ({ page, places }) => {
    const response = await page.goto(places.tour.webApp);
    await expect(page.getByRole('heading', { name: 'Three doors' })).toBeVisible();
    await look(page, 'screens', 'web-app');
    expect(await page.locator('script').count()).toBe(0);
    const { 'content-security-policy': policy = '', 'set-cookie': cookie } = response?.headers() ?? {};
    expect(policy).toMatch(/^default-src 'none'; style-src 'self'/);
    expect(cookie, 'nobody is given a cookie before they sign in').toBeUndefined();
  });

  test('a person comes from the list of ways, sees what is known about them, and signs out here and there', async ({ page, places, context }) => {
    await page.goto(`${places.tour.site}/ways`);
    await look(page, 'screens', 'ways');
    await page.getByRole('link', { name: 'From an application on a server' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    const parameters = await asked(page);
    expect(parameters.get('code_challenge_method')).toBe('S256');
    expect([parameters.get('nonce'), parameters.get('state')]).not.toContain(null);
    await signInThere(page);
    await expectPlace(page, '/');
    await page.getByRole('link', { name }).click();
    await expect(page.getByRole('region', { name: 'From the ID token' })).toContainText('demo-web-app');
    await expect(page.getByRole('region', { name: 'From userinfo' })).toContainText(accounts.pat.email);
    await look(page, 'screens', 'web-app-claims');
    const cookie = (await context.cookies(places.tour.webApp)).find(({ name }) => name === 'towpath');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await expectPlace(page, '/signed-out?state=signed-out');
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await expect(page.getByText('The identity server was asked to sign you out, too.')).toBeVisible();
    await look(page, 'screens', 'web-app-signed-out');
    await context.addCookies(cookie ? [cookie] : []);
    await page.goto(`${places.tour.webApp}/claims`);
    await new IdentifyScreen(page).isShown();
  });
});

test.describe('given the three levels of protection', () => {
  test('all pages: each asks for a sign-in, and is come back to', async ({ page, places }) => {
    await page.goto(`${places.tour.webApp}/workshop/tools?shelf=2`);
    await signInThere(page);
    await expectPlace(page, '/workshop/tools?shelf=2');
    await expect(page.getByText(`Hello, ${name}.`)).toBeVisible();
    await page.goto(`${places.tour.webApp}/workshop`);
    await expect(page.getByRole('heading', { name: 'The workshop' })).toBeVisible();
    await look(page, 'screens', 'web-app-workshop');
  });

  test('some pages: the others are open', async ({ page, places }) => {
    await page.goto(`${places.tour.webApp}/shop`);
    await expect(page.getByText('You are looking at it as a visitor.')).toBeVisible();
    await page.goto(`${places.tour.webApp}/shop/orders`);
    await signInThere(page);
    await expectPlace(page, '/shop/orders');
    await page.goto(`${places.tour.webApp}/shop`);
    await expect(page.getByText(`Hello, ${name}.`)).toBeVisible();
  });

  test('on demand: the page is open, and what one does there asks for a sign-in', async ({ page, places }) => {
    await page.goto(`${places.tour.webApp}/stands`);
    await expect(page.getByRole('status')).toContainText('Stand 4 is free.');
    await look(page, 'screens', 'web-app-stands');
    await page.getByRole('link', { name: 'Sign in to reserve stand 4' }).click();
    await signInThere(page);
    await expectPlace(page, '/stands');
    await expect(page.getByRole('status')).toContainText('Stand 4 is free.');
    await page.getByRole('button', { name: 'Reserve stand 4' }).click();
    await expect(page.getByRole('status')).toContainText(`Stand 4 is yours until we close. Hello, ${name}.`);
  });
});

test.describe('given an answer that is not to be believed', () => {
  test.beforeEach(({ guard }) => guard.expectProblem(/the server responded with a status of (400|403|508)/));

  test('a refusal is shown with its code, and one can try again to the same place', async ({ page, places }) => {
    await page.goto(`${places.tour.webApp}/shop/orders`);
    const state = (await asked(page)).get('state') ?? '';
    await comeBack(page, { state, iss: places.tour.issuer, error: 'access_denied', error_description: 'The <b>person</b> said no.' });
    await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
    await expect(page.getByText('Code: callback.refused (access_denied)')).toBeVisible();
    await expect(page.getByText('The <b>person</b> said no.')).toBeVisible();
    await look(page, 'screens', 'web-app-refused');
    await page.getByRole('link', { name: 'Try again' }).click();
    await signInThere(page);
    await expectPlace(page, '/shop/orders');
  });

  test('a state that was made up, or is another browser’s, or was used before', async ({ page, places, elsewhere }) => {
    await page.goto(`${places.tour.webApp}/workshop`);
    const state = (await asked(page)).get('state') ?? '';
    const unknown = page.getByText('Code: callback.unknown_state');
    await comeBack(page, { state: 'forged', code: 'code', iss: places.tour.issuer });
    await expect(unknown).toBeVisible();
    await comeBack(elsewhere, { state, code: 'code', iss: places.tour.issuer });
    await expect(elsewhere.getByText('Code: callback.unknown_state')).toBeVisible();
    await comeBack(page, { state, iss: places.tour.issuer, error: 'access_denied' });
    await expect(page.getByText('Code: callback.refused')).toBeVisible();
    await page.reload();
    await expect(unknown).toBeVisible();
  });

  test('an answer of another issuer, or of one that does not say who it is (RFC 9207)', async ({ page, places }) => {
    const names: Readonly<Record<string, string>>[] = [{ iss: `${places.tour.provider}/oauth2/default` }, {}];
    for (const iss of names) {
      await page.goto(`${places.tour.webApp}/workshop`);
      const state = (await asked(page)).get('state') ?? '';
      await comeBack(page, { state, code: 'code', ...iss });
      await expect(page.getByText('Code: callback.issuer_mismatch')).toBeVisible();
    }
  });

  test('a code that the server did not give', async ({ page, places, guard }) => {
    guard.expectProblem(/status of 502/);
    await page.goto(`${places.tour.webApp}/workshop`);
    const state = (await asked(page)).get('state') ?? '';
    await comeBack(page, { state, code: 'made-up', iss: places.tour.issuer });
    await expect(page.getByText('Code: server.token_refused (invalid_grant)')).toBeVisible();
  });

  test('a page that comes back signed out for ever is stopped', async ({ page, places }) => {
    for (let time = 0; time < 5; time++) {
      await page.goto(`${places.tour.webApp}/workshop`);
      await asked(page);
    }
    await page.goto(`${places.tour.webApp}/workshop`);
    await expect(page.getByText('Code: redirect.loop')).toBeVisible();
    await page.getByRole('link', { name: 'Try again' }).click();
    await new IdentifyScreen(page).isShown();
  });

  test('places of elsewhere are not come back to, and forms of elsewhere are not taken', async ({ page, places, request }) => {
    await page.goto(`${places.tour.webApp}/sign-in?return_to=//evil.example/`);
    await signInThere(page);
    await expectPlace(page, '/');
    const sent = await request.post(`${places.tour.webApp}/sign-out`, { headers: { origin: places.tour.site } });
    expect(sent.status()).toBe(403);
  });
});
