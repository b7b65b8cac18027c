/** Links in mails, opened in a browser that knows nothing of the sign-in; the page where it began goes on by itself. */
import { collectors, obliged } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { EndingScreen } from './support/screens/ending.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { askForMail, skipTheRest } from './support/ways.js';

test.describe('given a mail with a link', () => {
  test('opening it elsewhere and saying yes lets the first page go on', async ({ page, places, inbox, elsewhere }) => {
    const site = new DemoSite(page, places.everything);
    await site.open();
    const code = await askForMail(page, collectors.ian);
    await look(page, 'screens', 'magic-link');
    await elsewhere.goto(await inbox.at(places.everything.server).linkFor(collectors.ian.email));
    await expect(elsewhere.getByRole('heading', { name: 'Was it you?' })).toBeVisible();
    await expect(elsewhere.getByRole('main')).toContainText(collectors.ian.email);
    await expect(code.code, 'opening it alone changes nothing').toBeVisible();
    await elsewhere.getByRole('button', { name: 'Yes, it’s me' }).click();
    await expect(elsewhere.getByRole('heading', { name: 'Thank you' })).toBeVisible();
    await skipTheRest(page);
    await site.welcomes(collectors.ian);
  });

  test('its code can be typed as well', async ({ page, places, inbox }) => {
    const site = new DemoSite(page, places.everything);
    await site.open();
    const code = await askForMail(page, collectors.liv);
    await code.submit(await inbox.at(places.everything.server).codeFor(collectors.liv.email));
    await skipTheRest(page);
    await site.welcomes(collectors.liv);
  });

  test('saying no there stops the first page for good; loaded again, it begins anew', async ({ page, places, inbox, elsewhere }) => {
    await new DemoSite(page, places.everything).open();
    await askForMail(page, collectors.jan);
    await elsewhere.goto(await inbox.at(places.everything.server).linkFor(collectors.jan.email));
    await elsewhere.getByRole('button', { name: 'No, it’s not me' }).click();
    await expect(elsewhere.getByRole('heading', { name: 'It was stopped' })).toBeVisible();
    const ending = new EndingScreen(page, 'idx.operation.cancelled.on.other.device');
    await ending.isShown();
    await look(page, 'screens', 'magic-link-denied');
    // It may have been somebody else who began here: the page offers nothing by itself.
    await page.reload();
    await new IdentifyScreen(page).isShown();
  });

  test('one that has expired says so, and the page where it began still waits', async ({ page, places, inbox, elsewhere }) => {
    await new DemoSite(page, places.demanding).open();
    const code = await askForMail(page, obliged.ute);
    await elsewhere.goto(await inbox.at(places.demanding.server).linkFor(obliged.ute.email));
    const expired = elsewhere.getByRole('heading', { name: 'This link has expired' });
    await expect(async () => {
      await elsewhere.reload();
      await expect(expired).toBeVisible({ timeout: 1 });
    }, 'it is good for a second').toPass({ timeout: 10_000 });
    await expect(code.code).toBeVisible();
  });

  test('after a second mail the link of the first is good for nothing', async ({ page, places, inbox, elsewhere }) => {
    const mails = inbox.at(places.everything.server);
    await page.clock.install();
    await new DemoSite(page, places.everything).open();
    const code = await askForMail(page, collectors.ken);
    const first = await mails.linkFor(collectors.ken.email);
    await page.clock.fastForward(30_000);
    await code.resend.click();
    const second = await mails.linkFor(collectors.ken.email, 1);
    await elsewhere.goto(first);
    await expect(elsewhere.getByRole('heading', { name: 'This link is no longer good' })).toBeVisible();
    await elsewhere.goto(second);
    await expect(elsewhere.getByRole('button', { name: 'Yes, it’s me' })).toBeVisible();
  });
});
