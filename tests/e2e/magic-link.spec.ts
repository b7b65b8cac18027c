/** Links in mails, opened in a browser that knows nothing of the sign-in; the page where it began goes on by itself. */
import type { Browser, Page } from '@playwright/test';
import { collectors, obliged } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { EndingScreen } from './support/screens/ending.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { askForMail, skipTheRest } from './support/ways.js';

/** The page behind a link, as on another device. */
async function elsewhere(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

test.describe('given a mail with a link', () => {
  test('opening it elsewhere and saying yes lets the first page go on', async ({ page, places, inbox, browser }) => {
    const site = new DemoSite(page, places.everything);
    await site.open();
    const code = await askForMail(page, collectors.ian);
    await look(page, 'screens', 'magic-link');
    const other = await elsewhere(browser, await inbox.at(places.everything.server).linkFor(collectors.ian.email));
    await expect(other.getByRole('heading', { name: 'Was it you?' })).toBeVisible();
    await expect(other.getByRole('main')).toContainText(collectors.ian.email);
    await expect(code.code, 'opening it alone changes nothing').toBeVisible();
    await other.getByRole('button', { name: 'Yes, it’s me' }).click();
    await expect(other.getByRole('heading', { name: 'Thank you' })).toBeVisible();
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

  test('saying no there stops the first page for good; loaded again, it begins anew', async ({ page, places, inbox, browser }) => {
    await new DemoSite(page, places.everything).open();
    await askForMail(page, collectors.jan);
    const other = await elsewhere(browser, await inbox.at(places.everything.server).linkFor(collectors.jan.email));
    await other.getByRole('button', { name: 'No, it’s not me' }).click();
    await expect(other.getByRole('heading', { name: 'It was stopped' })).toBeVisible();
    const ending = new EndingScreen(page, 'idx.operation.cancelled.on.other.device');
    await ending.isShown();
    await look(page, 'screens', 'magic-link-denied');
    // It may have been somebody else who began here: the page offers nothing by itself.
    await page.reload();
    await new IdentifyScreen(page).isShown();
  });

  test('one that has expired says so, and the page where it began still waits', async ({ page, places, inbox, browser }) => {
    await new DemoSite(page, places.demanding).open();
    const code = await askForMail(page, obliged.ute);
    const other = await elsewhere(browser, await inbox.at(places.demanding.server).linkFor(obliged.ute.email));
    const expired = other.getByRole('heading', { name: 'This link has expired' });
    await expect(async () => {
      await other.reload();
      await expect(expired).toBeVisible({ timeout: 1 });
    }, 'it is good for a second').toPass({ timeout: 10_000 });
    await expect(code.code).toBeVisible();
  });
});
