/**
 * Texts and languages of pages that were written for Okta's widget, in `latchkey/okta`: the samples of that widget's README.
 */
import { expect } from './support/fixtures.js';
import { test } from './support/okta-page.js';
import { configured, sample } from './support/okta-samples.js';

test.describe('given texts of the page’s own', () => {
  test('the sample changes them, in each of its languages', async ({ okta, page }) => {
    const i18n = /i18n: \{[^]*?\n\}\n/.exec(sample('i18n', okta.filling))?.[0] ?? '';
    for (const [language, title] of [['en', 'Sign in to Acme'], ['ja', 'ACMEにサインイン']] as const) {
      await okta.open(`${configured(okta.filling, i18n, `language: '${language}'`)}\nsignIn.showSignIn({ el: '#osw-container' });`);
      await expect(page.getByRole('heading', { name: title })).toBeVisible();
    }
    expect(okta.warnings).toEqual([]);
  });

  test('the sample of a function that chooses the language is asked', async ({ okta, page }) => {
    const language = (/language: \(supported[^]*/.exec(sample('language', okta.filling))?.[0] ?? '').replace('return supportedLanguages[0]', "return supportedLanguages.find((code) => code === 'de')");
    await okta.open(`${configured(okta.filling, language)}\nsignIn.showSignIn({ el: '#osw-container' });`);
    await expect(page.locator('.latchkey[lang="de"]')).toBeVisible();
  });

  test('a language that is not there is told, and people sign in all the same', async ({ okta }) => {
    await okta.open(`${configured(okta.filling, "language: 'cs'")}\nsignIn.showSignIn({ el: '#osw-container' }).then(({ status }) => seen.push(status));`);
    await okta.signIn();
    await expect.poll(() => okta.seen()).toEqual(['SUCCESS']);
    expect(okta.warnings.join()).toContain('option `language` works in another way');
  });
});
