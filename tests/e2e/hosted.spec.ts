/** The redirect model: the browser goes to the server's own page, and comes back with a code. All as `npm start` shows it. */
import { accounts, NEW_PASSWORD } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test, type Page } from './support/fixtures.js';
import { look } from './support/look.js';
import { stranger } from './support/people.js';
import { DecisionScreen } from './support/screens/decision.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { ProfileScreen } from './support/screens/profile.js';
import { typePassword } from './support/ways.js';
import type { World } from './support/world.js';

/** From the customer's page to the server's. */
async function leave(page: Page, places: World): Promise<DemoSite> {
  const site = new DemoSite(page, places.tour);
  await site.open('/hosted');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  return site;
}

/** The same, up to the way back with a session that ends with the browser. */
async function signIn(page: Page, places: World): Promise<DemoSite> {
  const site = await leave(page, places);
  await typePassword(page, accounts.pat);
  await new DecisionScreen(page, 'stay').no.click();
  await site.welcomes(accounts.pat);
  return site;
}

test.describe('given the server’s own page', () => {
  test('a person signs in there and is sent back, and nothing is left in the address', async ({ page, places }) => {
    const site = await leave(page, places);
    await new IdentifyScreen(page).isShown();
    expect(page.url()).toContain(`${places.tour.server}/oauth2/default/v1/authorize?`);
    await expect(page).toHaveTitle(/Towpath Bicycle Co-op/);
    await look(page, 'screens', 'hosted');
    await typePassword(page, accounts.pat);
    const stay = new DecisionScreen(page, 'stay');
    await stay.isShown();
    await look(page, 'screens', 'hosted-stay');
    await stay.yes.click();
    await site.welcomes(accounts.pat);
    expect(page.url()).toBe(`${places.tour.site}/hosted`);
    expect(await site.claim('aud')).toBe('demo-hosted');
  });

  test('the next time nobody is asked, until they sign out', async ({ page, places }) => {
    const site = await signIn(page, places);
    await leave(page, places);
    await site.welcomes(accounts.pat);
    await site.signOut.click();
    await expect(page.getByRole('status')).toHaveText('You are signed out.');
    await leave(page, places);
    await new IdentifyScreen(page).isShown();
  });

  test('a reload in the middle goes on, and going back begins again', async ({ page, places }) => {
    const site = await leave(page, places);
    await new IdentifyScreen(page).submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await page.reload();
    await password.isShown();
    await password.action('action.start_over').click();
    await typePassword(page, accounts.pat);
    await new DecisionScreen(page, 'stay').no.click();
    await site.welcomes(accounts.pat);
  });

  test('somebody new registers there', async ({ page, places, inbox }) => {
    const person = stranger();
    const site = await leave(page, places);
    await new IdentifyScreen(page).signUp.click();
    await new ProfileScreen(page).submit(person);
    await new EmailCodeScreen(page).submit(await inbox.at(places.tour.server).codeFor(person.email));
    await new NewPasswordScreen(page, 'first').submit(NEW_PASSWORD);
    await new DecisionScreen(page, 'stay').no.click();
    await site.welcomes(person);
  });

  test('sessions are seen and ended there', async ({ page, places }) => {
    await signIn(page, places);
    await page.goto(`${places.tour.server}/sessions`);
    await look(page, 'screens', 'sessions');
    await page.getByRole('button', { name: 'Sign out here' }).click();
    await leave(page, places);
    await new IdentifyScreen(page).isShown();
  });
});
