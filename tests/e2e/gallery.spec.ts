/**
 * Every entry of the gallery, and so every pair of step and authenticator that an identity server answers with: usable by
 * everybody (axe, WCAG 2.2 AA), without a sideways scroll on a phone, and drawn into test-results/gallery, on a phone and on a
 * desktop, in both schemes, for people to look at.
 *
 * What the screens do is not tested here: the gallery's server always answers with the same entry.
 */
import { missingFrom, pairOf, readEntries, readEntry, strangersIn } from '../../demo-site/gallery/list.mjs';
import { expect, expectAccessible } from './support/fixtures.js';
import { Gallery, test } from './support/gallery.js';
import { DESKTOP, PHONE, expectToFit, look } from './support/look.js';

/** These are over as soon as they begin: the browser goes where the server says. */
const LEAVES = new Set([
  ...['success-redirect/none', 'failure-redirect/none', 'device-apple-sso-extension/none-by-navigation'],
  'terminal/access-denied-go-on',
]);

/** These need a script of somebody else, which the demo site's policy keeps out. */
const NEEDS_OTHERS = /captcha$|\/duo/;

const entries = await readEntries();
const steps = [...new Set(entries.map(({ id }) => pairOf(id).step))];

test.describe('given the list of pairs', () => {
  test('each has an entry, and there are no others', () => {
    expect(missingFrom(entries), 'pairs without an entry').toEqual([]);
    expect(strangersIn(entries), 'entries that are of no pair').toEqual([]);
  });
});

for (const step of steps) {
  test.describe(`given ${step}`, () => {
    for (const { id, title } of entries.filter((entry) => pairOf(entry.id).step === step)) {
      test(`${id}: ${title}`, async ({ page, places, guard }) => {
        const { status = 200 } = (await readEntry(id)) ?? {};
        // Chromium writes every refusal on the console.
        if (status >= 400) guard.expectProblem(new RegExp(`^console: Failed to load resource: .* status of ${status} `));
        if (NEEDS_OTHERS.test(id)) guard.expectProblem(/^policy: (script|frame)-src|Content Security Policy/);
        await page.setViewportSize(PHONE);
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
        const gallery = new Gallery(page, places.identifierFirst.site);
        await gallery.open(id);
        await gallery.isShown({ leaves: LEAVES.has(id) });
        await look(page, 'gallery', id);
      });
    }
  });
}

test.describe('given the page around them', () => {
  test('it can be used by everybody, and with the keyboard alone', async ({ page, places }) => {
    const gallery = new Gallery(page, places.identifierFirst.site);
    await gallery.open('identify/none', { onlyWidget: false });
    await gallery.isShown({ leaves: false });
    for (const viewport of [PHONE, DESKTOP]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expectAccessible(page);
      }
      await expectToFit(page);
    }
    await page.getByRole('searchbox', { name: 'Find' }).fill('enroll phone BY call');
    await expect(page.getByRole('status').filter({ hasText: 'found' })).toHaveText('1 found');
    await page.getByRole('link', { name: /^Set up a phone, by call/ }).press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up a phone, by call');
    await gallery.isShown({ leaves: false });
  });

  test('the colours that are chosen stay chosen', async ({ page, places }) => {
    const gallery = new Gallery(page, places.identifierFirst.site);
    await gallery.open('identify/none', { onlyWidget: false });
    await page.getByRole('radio', { name: 'Dark' }).check();
    await page.getByRole('link', { name: 'Next', exact: true }).click();
    await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
    await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark');
  });
});
