/**
 * The single-page app of the examples, built by Vite from the packed package: routes guarded by `latchkey/tokens`, all, some or
 * none, with the widget on the page, and by redirect.
 */
import { accounts } from './support/accounts.js';
import { buildExample } from './support/example-site.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import { look } from './support/look.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { typePassword } from './support/ways.js';
import { world } from './support/world.js';

const origin = (): string => world().examples.spa.origin;

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const who = (page: Page) => page.getByText('Signed in as Pat Example');

// It is built once.
test.describe.configure({ mode: 'default' });

test.beforeAll(() => buildExample('spa', world().examples.spa.folder));

test.describe('given the single-page app', () => {
  test('all pages guarded: the first one asks, in the page, and the others do not', async ({ page }) => {
    await page.goto(`${origin()}/?guard=all`);
    await new IdentifyScreen(page).isShown();
    await expect(heading(page, 'Members only')).toBeVisible();
    await look(page, 'screens', 'spa');
    await typePassword(page, accounts.pat);
    await expect(heading(page, 'Home')).toBeVisible();
    await expect(who(page)).toBeVisible();
    await expect(page.locator('.latchkey')).toHaveCount(0);
    await link(page, 'Order 7').click();
    await expect(heading(page, 'Order 7')).toBeFocused();
    await expectAccessible(page);
  });

  test('some pages guarded: whoever does not sign in goes on to the others', async ({ page }) => {
    await page.goto(`${origin()}/?guard=some`);
    await expect(heading(page, 'Home')).toBeVisible();
    await link(page, 'Orders').click();
    await new IdentifyScreen(page).isShown();
    await link(page, 'Home').click();
    await expect(heading(page, 'Home')).toBeVisible();
    await expect(page.locator('.latchkey')).toHaveCount(0);
    await page.goBack();
    await typePassword(page, accounts.pat);
    await expect(heading(page, 'Orders')).toBeVisible();
    expect(page.url()).toBe(`${origin()}/orders`);
  });

  test('no page guarded: a sign-in is the person’s own idea, on the server’s page and back', async ({ page, places }) => {
    await page.goto(`${origin()}/?guard=none`);
    await link(page, 'Order 7').click();
    await expect(heading(page, 'Order 7')).toBeVisible();
    await page.getByRole('button', { name: 'Sign in on the server’s page' }).click();
    await page.waitForURL(`${places.identifierFirst.issuer}/v1/authorize?*`);
    await typePassword(page, accounts.pat);
    await expect(who(page)).toBeVisible();
    await expect(heading(page, 'Order 7')).toBeVisible();
    expect(page.url()).toBe(`${origin()}/orders/7`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(`${origin()}/`);
    await expect(page.getByRole('button', { name: 'Sign in on the server’s page' })).toBeVisible();
  });

  for (const query of ['', '?interaction_code=i&state=theirs', '?error=access_denied&state=theirs']) {
    test(`at the page to come back to, what is not of the redirect is the widget’s: ${query || 'nothing'}`, async ({ page }) => {
      await page.goto(`${origin()}/?guard=some`);
      await link(page, 'Orders').click();
      await new IdentifyScreen(page).isShown();
      await page.goto(`${origin()}/callback${query}`);
      await typePassword(page, accounts.pat);
      await expect(heading(page, 'Orders')).toBeVisible();
      await expect(who(page)).toBeVisible();
      expect(page.url()).toBe(`${origin()}/orders`);
    });
  }

  test('an answer that was made up is told, with its code', async ({ page }) => {
    await page.goto(`${origin()}/callback?code=c&state=forged`);
    await expect(heading(page, 'You are not signed in')).toBeVisible();
    await expect(page.getByText(/^callback\.unknown_state: /)).toBeVisible();
  });
});
