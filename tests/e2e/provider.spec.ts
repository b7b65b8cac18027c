/**
 * Coming in through somebody else's identity server: out of the page, through the provider's own page, and back into the
 * sign-in that was left. The provider is a second server, as `npm start` runs it.
 */
import { accounts, NEW_PASSWORD } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test, type Page } from './support/fixtures.js';
import type { Inbox } from './support/inbox.js';
import { look } from './support/look.js';
import { stranger } from './support/people.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { DecisionScreen } from './support/screens/decision.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { ProfileScreen, type Profile } from './support/screens/profile.js';
import { typePassword } from './support/ways.js';
import type { World } from './support/world.js';

/** As provider.toml has it. */
const ROBIN = { ...accounts.pat, email: 'robin@canal.example', firstName: 'Robin', lastName: 'Boatman' };

/** From the page on which the widget is to the provider's own. */
async function goToProvider(page: Page, places: World): Promise<void> {
  await new IdentifyScreen(page).isShown();
  await page.locator('.latchkey').getByText('Canal Union').click();
  await expect(page).toHaveURL(new RegExp(`^${places.tour.provider}/`));
}

/** Somebody whom nobody there has asked for consent yet. */
async function registerThere(page: Page, inbox: Inbox): Promise<Profile> {
  const person = stranger();
  await new IdentifyScreen(page).signUp.click();
  await new ProfileScreen(page).submit(person);
  await new EmailCodeScreen(page).submit(await inbox.codeFor(person.email));
  await new NewPasswordScreen(page, 'first').submit(NEW_PASSWORD);
  return person;
}

test.describe('given another provider', () => {
  test('somebody comes in through it, and the widget goes on where it was', async ({ page, places }) => {
    const site = new DemoSite(page, places.tour);
    await site.open('/everything');
    await goToProvider(page, places);
    await typePassword(page, ROBIN);
    const consent = new DecisionScreen(page, 'consent');
    await consent.isShown();
    await look(page, 'screens', 'provider-consent');
    await consent.yes.click();
    // Back in the customer's page, with more to do: the policy offers to set things up.
    const choice = new ChoiceScreen(page, 'enroll');
    await choice.isShown();
    expect(page.url(), 'nothing is left in the address').toBe(`${places.tour.site}/everything`);
    await choice.skip.click();
    await site.welcomes(ROBIN);
    expect(await site.claim('idp')).toBe('canal');
  });

  test('on the server’s own page too', async ({ page, places, inbox }) => {
    const site = new DemoSite(page, places.tour);
    await site.open('/hosted');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await goToProvider(page, places);
    const person = await registerThere(page, inbox.at(places.tour.provider));
    await new DecisionScreen(page, 'consent').yes.click();
    await new DecisionScreen(page, 'stay').no.click();
    await site.welcomes(person);
  });

  test('who says no there is told so, and can come in another way', async ({ page, places, inbox }) => {
    const site = new DemoSite(page, places.tour);
    await site.open('/everything');
    await goToProvider(page, places);
    await registerThere(page, inbox.at(places.tour.provider));
    await new DecisionScreen(page, 'consent').no.click();
    const identify = new IdentifyScreen(page);
    await expect(identify.alert).toBeVisible();
    await look(page, 'screens', 'provider-refused');
    await typePassword(page, accounts.pat);
    await new ChoiceScreen(page, 'enroll').skip.click();
    await site.welcomes(accounts.pat);
  });

  test('who turns back is where they were', async ({ page, places }) => {
    const site = new DemoSite(page, places.tour);
    await site.open('/everything');
    await goToProvider(page, places);
    await page.goBack();
    await typePassword(page, accounts.pat);
    await new ChoiceScreen(page, 'enroll').skip.click();
    await site.welcomes(accounts.pat);
  });
});
