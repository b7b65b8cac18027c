/**
 * Functions of pages that were written for Okta's widget, in `latchkey/okta`: hooks, registration callbacks, buttons and links, as
 * the samples of that widget's README have them.
 */
import { accounts } from './support/accounts.js';
import { expect } from './support/fixtures.js';
import { test, type OktaPage } from './support/okta-page.js';
import { configured, sample } from './support/okta-samples.js';
import { stranger } from './support/people.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { ProfileScreen } from './support/screens/profile.js';

test.describe('given functions of the page', () => {
  test('the samples for before and after are waited for, given at any time', async ({ okta, page }) => {
    const told = (text: string): string => text.replace(/\/\/ custom logic .*/g, "seen.push('hook')");
    await okta.open(`${configured(okta.filling)}
      ${told(sample('after', okta.filling).replace(/^[^]*(?=signIn\.after)/, ''))}
      ${told(sample('before', okta.filling).replace(/^[^]*(?=signIn\.before)/, ''))}
      signIn.before('challenge-authenticator', async () => { seen.push('before'); await new Promise((resolve) => { window.goOn = resolve; }); });
      signIn.showSignIn({ el: '#osw-container' });`);
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await expect.poll(() => okta.seen()).toEqual(['hook', 'before']);
    await expect(new PasswordScreen(page).heading).toBeHidden();
    await okta.evaluate(({ signIn, seen }) => signIn.after('challenge-authenticator', () => void (seen as string[]).push('after')));
    await page.evaluate('goOn()');
    await new PasswordScreen(page).isShown();
    await expect.poll(() => okta.seen()).toEqual(['hook', 'before', 'after']);
  });

  test('the sample for hooks in the configuration is called', async ({ okta, page }) => {
    const hooks = /hooks: \{[^]*?\n\}\n/.exec(sample('Hooks', okta.filling))?.[0].replaceAll('// custom logic goes here', "seen.push('identify')") ?? '';
    await okta.open(`${configured(okta.filling, hooks)}\nsignIn.showSignIn({ el: '#osw-container' });`);
    await new IdentifyScreen(page).isShown();
    await expect.poll(() => okta.seen()).toEqual(['identify']);
  });

  test('the sample for transformUsername completes the name that is sent', async ({ okta, page }) => {
    const transform = sample('transformUsername', okta.filling).replaceAll('@acme.com', '@example.com');
    await okta.open(`${configured(okta.filling, transform)}\nsignIn.showSignIn({ el: '#osw-container' }).then(({ tokens }) => seen.push(tokens.idToken.claims.email));`);
    await okta.signIn({ ...accounts.pat, email: 'pat' });
    await expect.poll(() => okta.seen()).toEqual([accounts.pat.email]);
    await expect(page.locator('#osw-container')).toBeAttached();
  });

  test('the samples for custom buttons and links are drawn, and called', async ({ okta, page }) => {
    const buttons = /customButtons: \[\{\n  title[^]*?\n\}\]/.exec(sample('Custom Buttons', okta.filling))?.[0].replace("window.location.href = 'https://www.example.com'", "seen.push('clicked')") ?? '';
    await okta.open(`${configured(okta.filling, buttons, sample('Help Links', okta.filling))}\nsignIn.showSignIn({ el: '#osw-container' });`);
    await new IdentifyScreen(page).isShown();
    await page.getByRole('button', { name: 'Click Me' }).click();
    await expect.poll(() => okta.seen()).toEqual(['clicked']);
    await expect(page.getByRole('link', { name: 'Acme Portal' })).toHaveAttribute('href', 'https://acme.com/');
    await expect(page.getByRole('link', { name: 'Acme Portal' })).toHaveAttribute('target', '_blank');
    expect(okta.warnings.join()).toContain('customButtons.className');
  });
});

test.describe('given somebody who registers', () => {
  /** The page as far as the registration form. */
  async function register(okta: OktaPage, callbacks: string): Promise<ProfileScreen> {
    await okta.open(`${configured(okta.filling, `registration: { ${callbacks} }`)}\nsignIn.showSignIn({ el: '#osw-container' });`);
    const identify = new IdentifyScreen(okta.page);
    await identify.isShown();
    await identify.signUp.click();
    return new ProfileScreen(okta.page);
  }

  test('the sample of all three callbacks lets the form through', async ({ okta, page }) => {
    const person = stranger();
    const [, callbacks = ''] = /registration: \{([^]*)\},/.exec(sample('Registration', okta.filling)) ?? [];
    const profile = await register(okta, callbacks);
    await profile.submit(person);
    await new EmailCodeScreen(page).isShown();
  });

  test('the sample for parseSchema adds its field', async ({ okta, page }) => {
    await register(okta, sample('parseSchema', okta.filling));
    await expect(page.getByRole('textbox', { name: 'Street Address' })).toBeVisible();
  });

  test('the sample for preSubmit completes the address, and that for postSubmit is told it', async ({ okta, page, inbox }) => {
    const person = stranger();
    // One brace too many in the sample.
    const preSubmit = sample('preSubmit', okta.filling).replace(/}\s*}\s*(?=onSuccess)/, '}\n').replaceAll('@acme.com', '@example.com');
    const postSubmit = sample('postSubmit', okta.filling).replace('console.log(response)', "seen.push(response)");
    const profile = await register(okta, `${preSubmit},\n${postSubmit}`);
    await profile.submit({ ...person, email: person.email.replace('@example.com', '') });
    await new EmailCodeScreen(page).isShown();
    expect(await inbox.codeFor(person.email)).toMatch(/^\d{6}$/);
    expect(await okta.seen()).toEqual([person.email]);
  });

  for (const [heading, shown] of [
    ['Use the default error', /could not process your registration/],
    ['Display a form error', /Custom form level error/],
    ['Display a form field error', /Custom field level error/],
  ] as const) {
    test(`the sample “${heading}” is shown in the form, and nothing is sent`, async ({ okta, page, inbox }) => {
      const person = stranger();
      const profile = await register(okta, sample(heading, okta.filling));
      await profile.submit(person);
      await expect(page.getByText(shown).first()).toBeVisible();
      await profile.isShown();
      expect(await inbox.mailsTo(person.email)).toEqual([]);
    });
  }
});
