/** Functions of the page on the way of what is sent and what is shown: user names, registration, hooks, and the code of a mailed link. */
import { accounts, collectors, NEW_PASSWORD } from './support/accounts.js';
import { expectLogged, keptState, mountCustomized, scripts } from './support/customized.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { stranger } from './support/people.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { EndingScreen } from './support/screens/ending.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { ProfileScreen } from './support/screens/profile.js';
import { text, textOf } from './support/texts.js';
import { askForMail } from './support/ways.js';

test.describe('given transformUsername', () => {
  test('the server gets the other name, and the field keeps the one that was typed', async ({ page, bare }) => {
    await mountCustomized(bare, (log) => ({
      transformUsername: async (name, operation) => {
        log.push(`${name} ${operation}`);
        return `${name}@example.com`;
      },
    }));
    const identify = new IdentifyScreen(page);
    await identify.submit('pat');
    const password = new PasswordScreen(page);
    await password.isShown();
    await expect(password.widget).toContainText(accounts.pat.email);
    await password.submit(accounts.pat.password);
    expect(await bare.outcome()).toBe('signed-in');
    await expectLogged(bare, 'pat PRIMARY_AUTH');
  });

  test('one that fails is told in words, keeps what was typed, and can be mended while the page is open', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ transformUsername: (name) => (undefined as unknown as string).concat(name) }));
    const identify = new IdentifyScreen(page);
    await identify.submit('pat@example.com');
    await expect(identify.alert).toContainText(textOf('server', 'latchkey.page_failed'));
    await expect(identify.username).toHaveValue('pat@example.com');
    await expectLogged(bare, 'error hooks.failed');
    await look(page, 'screens', 'page-failed');
    await page.evaluate('window.signIn.update({ transformUsername: undefined })');
    await identify.next.click();
    await new PasswordScreen(page).isShown();
  });
});

test.describe('given functions of registration', () => {
  test('the form asks what the page wants, the page says what is wrong with it, and what it makes of it is sent', async ({ page, bare, inbox }) => {
    const person = stranger();
    await mountCustomized(bare, (log) => ({
      flow: 'signup',
      registration: {
        parseSchema: (schema) => schema.map((field) => (field.name === 'userProfile.firstName' ? { ...field, label: 'Given name' } : field)).reverse(),
        preSubmit: (data) => {
          const { firstName, email } = data.userProfile as Record<string, string>;
          if (firstName === 'X') throw { message: 'Please look at this again.', fields: { 'userProfile.firstName': 'Longer than one letter.' } };
          return { ...data, userProfile: { ...data.userProfile, email: String(email).toLowerCase() } };
        },
        postSubmit: (response) => void log.push(Object.keys(response).includes('stateHandle') ? 'taken' : 'odd'),
      },
    }));
    const profile = new ProfileScreen(page);
    await profile.isShown();
    const names = await profile.widget.getByRole('textbox').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).name));
    expect(names.indexOf('userProfile.email')).toBeLessThan(names.indexOf('userProfile.lastName'));
    const givenName = profile.widget.getByRole('textbox', { name: 'Given name' });
    await profile.email.fill(person.email.toUpperCase());
    await profile.lastName.fill(person.lastName);
    await givenName.fill('X');
    await profile.signUp.click();
    await expect(profile.alert).toContainText('Please look at this again.');
    await expect(givenName).toHaveAccessibleDescription(/Longer than one letter\./);
    await expect(profile.email).toHaveValue(person.email.toUpperCase());
    await look(page, 'screens', 'registration-refused-by-page');
    await expectLogged(bare);
    await givenName.fill(person.firstName);
    await profile.signUp.click();
    await new EmailCodeScreen(page).submit(await inbox.codeFor(person.email));
    await expectLogged(bare, 'taken');
    await new NewPasswordScreen(page, 'first').submit(NEW_PASSWORD);
    expect(await bare.outcome()).toBe('signed-in');
  });

  test('click takes the place of the form, and what was typed stays', async ({ page, bare }) => {
    await mountCustomized(bare, (log) => ({ registration: { click: () => log.push('elsewhere') } }));
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.username.fill('half-ty');
    await identify.signUp.click();
    await expectLogged(bare, 'elsewhere');
    await identify.isShown();
    await expect(identify.username).toHaveValue('half-ty');
  });
});

test.describe('given hooks', () => {
  test('a step waits for those before it, and those after it find it drawn', async ({ page, bare }) => {
    await mountCustomized(bare, (log) => ({
      hooks: {
        before: { 'challenge-authenticator': ({ authenticator }) => new Promise((resolve) => Object.assign(window, { go: () => resolve(log.push(`before ${authenticator}`)) })) },
        after: { '*': ({ name }) => log.push(`after ${name}: ${document.querySelector('.latchkey-title')?.textContent}`) },
      },
    }));
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await page.waitForFunction(() => 'go' in window);
    const identify = new IdentifyScreen(page);
    await expect(identify.heading).toBeVisible();
    await expect(identify.widget.locator('.latchkey-progress')).toBeVisible();
    await page.evaluate('window.go()');
    await new PasswordScreen(page).isShown();
    await expectLogged(bare, `after identify: ${text('identify.title')}`, 'before okta_password', `after challenge-authenticator: ${text('password.title')}`);
  });

  test('the one after the end is called before the page is told of it', async ({ page, bare }) => {
    await mountCustomized(bare, (log) => ({
      hooks: { after: { 'success-redirect': ({ name }) => log.push(`after ${name}`) } },
      onSuccess: ({ status }) => log.push(status),
    }));
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    await expectLogged(bare, 'after success-redirect', 'signed-in');
  });

  test('one that refuses holds the step back and says why; trying again asks it again, and not the server', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({
      hooks: { before: { 'success-redirect': () => (window as { isReady?: boolean }).isReady || Promise.reject({ message: 'Accept the terms of the library first.' }) } },
    }));
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('Accept the terms of the library first.');
    await look(page, 'screens', 'held-by-hook');
    const again = page.getByRole('button', { name: text('common.continue'), exact: true });
    await again.click();
    await expect(alert).toContainText('Accept the terms of the library first.');
    await page.evaluate(() => Object.assign(window, { isReady: true }));
    await again.click();
    expect(await bare.outcome()).toBe('signed-in');
  });

  test('one that throws in the first step of all says so, and the widget is ready to be told', async ({ page, bare }) => {
    await mountCustomized(bare, () => ({ hooks: { before: { identify: () => { throw new Error('a slip of the page'); } } } }));
    await expect(page.getByRole('alert')).toContainText(textOf('server', 'latchkey.page_failed'));
    await expectLogged(bare, 'error hooks.failed');
    await page.evaluate('window.signIn.update({ hooks: undefined })');
    await page.getByRole('button', { name: text('common.continue'), exact: true }).click();
    await new IdentifyScreen(page).isShown();
  });
});

test.describe('given the code of a mailed link', () => {
  test('the tab where the sign-in began goes on by itself', async ({ page, bare, places, inbox }) => {
    const { issuer, server } = places.everything;
    await mountCustomized(bare, () => ({}), { issuer });
    await askForMail(page, collectors.una);
    const otp = await inbox.at(server).codeFor(collectors.una.email);
    const state = await keptState(page);
    await mountCustomized(bare, () => ({}), { issuer, otp, state });
    await new ChoiceScreen(page, 'enroll').isShown();
  });

  test('a tab that knows of none shows the code, and begins nothing', async ({ page, bare }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await mountCustomized(bare, () => ({}), { otp: '483920', state: 'somewhere-else' });
    await new EndingScreen(page, 'idx.enter.otp.in.original.tab').isShown();
    await expect(page.getByText('483920')).toBeVisible();
    await look(page, 'screens', 'code-for-elsewhere');
    expect(asked.filter((pathname) => pathname.startsWith('/oauth2') || pathname.startsWith('/idp'))).toEqual([]);
  });
});

test.describe('given none of these options', () => {
  test('their script is not loaded', async ({ page, bare }) => {
    await bare.mount();
    await new IdentifyScreen(page).isShown();
    expect(await scripts(page)).toContain('latchkey_bg.wasm');
    expect(await scripts(page)).not.toContain('latchkey-customize.js');
  });
});

test.describe('given a script that cannot be loaded', () => {
  test('there is no sign-in without what the page has asked for', async ({ page, bare, guard }) => {
    guard.expectProblem(/latchkey-customize|ERR_FAILED/);
    await page.route('**/latchkey-customize.js', (route) => route.abort());
    await mountCustomized(bare, () => ({ transformUsername: (name) => name }));
    await expect(page.getByRole('heading', { name: 'Sign-in could not be loaded' })).toBeVisible();
    await expectLogged(bare, 'error load.unreachable');
  });

  test('one that stalls is given up, and can be tried again', async ({ page, bare }) => {
    await page.clock.install();
    await page.route('**/latchkey-customize.js', () => new Promise(() => {}), { times: 1 });
    const asked = page.waitForRequest('**/latchkey-customize.js');
    await mountCustomized(bare, () => ({ transformUsername: (name) => name }));
    await asked;
    await page.clock.fastForward(60_000);
    await page.getByRole('button', { name: 'Try again' }).click();
    await new IdentifyScreen(page).isShown();
  });
});
