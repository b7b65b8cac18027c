/**
 * Every screen in other languages, on a phone. In German, whose words are long, with each text of the catalogue in brackets: what
 * stands on the screen without brackets and is not the server's was written into the code, and there is nothing to scroll sideways
 * to. In Arabic, from right to left: usable by everybody as well.
 */
import { wholeAnswer } from '../../demo-site/gallery/answer.mjs';
import { readEntries, readEntry, readParts } from '../../demo-site/gallery/list.mjs';
import { catalogueMark, textsOf } from '../../scripts/build/locales.mjs';
import { expect, expectAccessible } from './support/fixtures.js';
import { Gallery, test } from './support/gallery.js';
import { PHONE, expectToFit } from './support/look.js';
import type { Guard } from './support/guard.js';

/** These are over as soon as they begin: the browser goes where the server says. */
const LEAVES = new Set([
  ...['success-redirect/none', 'failure-redirect/none', 'device-apple-sso-extension/none-by-navigation'],
  'terminal/access-denied-go-on',
]);

const entries = (await readEntries()).map(({ id }) => id).filter((id) => !LEAVES.has(id));

/** What the entries do on purpose: see gallery.spec.ts. */
function allow(guard: Guard): void {
  guard.expectProblem(/^console: Failed to load resource: .* status of \d+ /);
  guard.expectProblem(/^policy: (script|frame)-src|Content Security Policy/);
}

/** Opens each entry in this language, on a phone, and looks at it. */
async function eachIn(language: string, gallery: Gallery, look: (id: string) => Promise<void>): Promise<void> {
  for (const id of entries) {
    await test.step(id, async () => {
      await gallery.page.goto(`${gallery.site}/gallery?entry=${id}&only&language=${language}`);
      await gallery.isShown({ leaves: false });
      await look(id);
    });
  }
}

test.describe('given German', () => {
  test('all that stands on the screens is from the catalogue or from the server, and fits on a phone', async ({ page, places, guard }) => {
    test.setTimeout(600_000);
    allow(guard);
    await page.setViewportSize(PHONE);
    await bracketTexts(page, 'de');
    const strangers: string[] = [];
    await eachIn('de', new Gallery(page, places.identifierFirst.site), async (id) => {
      await expectToFit(page);
      const entry = (await readEntry(id)) ?? { title: id };
      const server = letters(JSON.stringify([entry, wholeAnswer(entry, await readParts(), { origin: places.identifierFirst.site, handle: 'handle' })]));
      for (const text of await textsOn(page)) if (!isOfServer(unbracketed(text), server)) strangers.push(`${id}: ${text}`);
    });
    await page.unrouteAll({ behavior: 'wait' });
    expect(strangers).toEqual([]);
  });
});

/** Serves the texts of this language, each in brackets. What it does not say is said in English, as in the package. */
async function bracketTexts(page: Gallery['page'], language: string): Promise<void> {
  const [english, own, catalogue] = await Promise.all([textsOf('en'), textsOf(language), catalogueMark()]);
  const texts = Object.fromEntries(Object.keys(english).sort().map((name) => [name, `⟦${own[name] ?? english[name]}⟧`]));
  await page.route(`**/locales/${language}.json`, (route) => route.fulfill({ json: { catalogue, texts } }));
}

/** One of each layout. */
const IN_ARABIC = /^(identify\/none|challenge-authenticator\/(okta_password|okta_email|google_otp|webauthn)|select-authenticator-(authenticate|enroll)\/none|enroll-authenticator\/(okta_password|google_otp|security_question)|authenticator-enrollment-data\/phone_number|enroll-profile\/none|consent\/none|challenge-poll\/okta_verify|terminal\/[a-z]+)$/;

test.describe('given Arabic', () => {
  test('every screen fits on a phone, and one of each kind is usable by everybody', async ({ page, places, guard }) => {
    test.setTimeout(600_000);
    allow(guard);
    await page.setViewportSize(PHONE);
    await eachIn('ar', new Gallery(page, places.identifierFirst.site), async (id) => {
      await expect(page.locator('.latchkey')).toHaveCSS('direction', 'rtl');
      await expectToFit(page);
      if (IN_ARABIC.test(id)) await expectAccessible(page);
    });
  });
});

/** All that is read out or seen in the widget, but for the browser's names of countries. */
const textsOn = (page: Gallery['page']): Promise<string[]> =>
  page.locator('.latchkey').evaluate((widget) => {
    const found: string[] = [];
    const walker = document.createTreeWalker(widget, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest('option')) found.push(walker.currentNode.textContent ?? '');
    for (const name of ['aria-label', 'alt', 'placeholder', 'title']) {
      for (const element of widget.querySelectorAll(`[${name}]`)) found.push(element.getAttribute(name) ?? '');
    }
    return found.filter((text) => text.trim() !== '');
  });

/** Texts within texts are taken out from the inside. */
function unbracketed(text: string): string {
  const rest = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  return rest === text ? rest : unbracketed(rest);
}

const letters = (text: string): string => text.replace(/\\./g, '').replace(/[^\p{L}]/gu, '').toLowerCase();

/** Names that the widget makes words of are the server's too (`postalCode` becomes `Postal code`), and lists of them. */
const isOfServer = (text: string, server: string): boolean => text.split(', ').every((part) => server.includes(letters(part)));
