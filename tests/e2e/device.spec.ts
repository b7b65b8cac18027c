/** A screen without a keyboard shows a code, and somebody types it on the server's page (RFC 8628). */
import { accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { DecisionScreen } from './support/screens/decision.js';
import { textOf } from './support/texts.js';
import { typePassword } from './support/ways.js';

test.describe('given a device without a keyboard', () => {
  test('it shows a code, and is signed in once somebody has typed it elsewhere', async ({ page, elsewhere, places }) => {
    const site = new DemoSite(page, places.tour);
    await site.open('/device');
    await page.getByRole('button', { name: 'Show a code' }).click();
    const code = (await page.locator('.device-code').innerText()).trim();

    await elsewhere.goto(`${places.tour.server}/activate`);
    const widget = elsewhere.locator('.latchkey');
    const field = widget.getByRole('textbox');
    await expect(field).toBeVisible();
    await look(elsewhere, 'screens', 'device-code');
    await field.fill('WRONG-CODE');
    await widget.getByRole('button').first().click();
    await expect(widget.getByRole('alert')).toBeVisible();
    await field.fill(code.toLowerCase());
    await widget.getByRole('button').first().click();
    await typePassword(elsewhere, accounts.pat);
    const consent = new DecisionScreen(elsewhere, 'consent');
    const activated = widget.getByRole('heading', { name: textOf('ending', 'idx.device.activated') });
    await expect(consent.heading.or(activated)).toBeVisible();
    if (await consent.heading.isVisible()) await consent.yes.click();
    await expect(activated).toBeVisible();
    await look(elsewhere, 'screens', 'device-activated');
    await site.welcomes(accounts.pat);
  });
});
