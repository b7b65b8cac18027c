/** The page around the widget on the server's own page, changed in the editor that the demonstration has. */
import { accounts } from './support/accounts.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { IdentifyScreen } from './support/screens/identify.js';

test.describe('given the template editor', () => {
  // Serial by being one test: what is saved is what everybody sees.
  test('a change is previewed with the real widget, a mistake is named, and what is saved is what people see', async ({ page, places, guard }) => {
    // The real widget needs its scripts and its origin; the page's policy is what fences the frame in.
    guard.expectProblem(/allow-scripts and allow-same-origin/);
    await page.goto(`${places.tour.server}/template`);
    const html = page.getByRole('textbox', { name: 'HTML' });
    const before = await html.inputValue();
    await look(page, 'screens', 'template');

    const greeting = 'Mind the towpath: it is icy.';
    await html.fill(before.replace('{{widget}}', `<p>${greeting}</p>\n{{widget}}`));
    await page.getByRole('button', { name: 'Preview' }).click();
    const preview = page.frameLocator('iframe[name="preview"]');
    await expect(preview.getByText(greeting)).toBeVisible();
    await expect(preview.locator('.latchkey').getByRole('textbox').first()).toBeVisible();

    await html.fill(before.replace('{{widget}}', '{{wigdet}}'));
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('alert')).toContainText('wigdet');

    await html.fill(before.replace('{{widget}}', `<p>${greeting}</p>\n{{widget}}`));
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toContainText('Saved.');
    await page.goto(`${places.tour.site}/hosted`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByText(greeting)).toBeVisible();
    await new IdentifyScreen(page).submit(accounts.pat.email);
  });
});
