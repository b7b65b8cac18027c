/**
 * Nothing about a person leaves the widget but in the outcome. Values that occur nowhere else are typed into every field of every
 * screen on the way, and stand in the profile that the server knows; then they are looked for in all that a page lets others see.
 */
import { expect, test } from './support/fixtures.js';
import { AppCodeScreen } from './support/screens/app-code.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { PhoneCodeScreen, PhoneNumberScreen } from './support/screens/phone.js';
import { ProfileScreen } from './support/screens/profile.js';
import { QuestionScreen } from './support/screens/question.js';
import { codeOf, stepOf } from './support/totp.js';
import { Witness } from './support/witness.js';

const SCOPES = ['openid', 'profile', 'email', 'offline_access'];

test.describe('given somebody who registers, sets everything up, signs in and forgets a password', () => {
  test('nothing of them is seen on the way', async ({ page, bare, places, inbox, guard }) => {
    test.slow();
    guard.expectProblem(/^console: Failed to load resource: (net::ERR_INTERNET_DISCONNECTED|.*status of 502)/);
    const { server, issuer } = places.everything;
    const mails = inbox.at(server);
    const witness = new Witness(page);
    const email = witness.hide('the address', `canary-${Date.now()}@example.com`);
    const password = witness.hide('the password', 'Yellow-Sings-4711');
    const phone = '+491717654321';
    witness.hide('the number', '1717654321');
    await bare.open();
    await witness.mount({ issuer, scopes: SCOPES });

    await test.step('registration', async () => {
      await new IdentifyScreen(page).signUp.click();
      const profile = { email, firstName: witness.hide('the first name', 'Canariensis'), lastName: witness.hide('the last name', 'Serinusova') };
      await new ProfileScreen(page).submit(profile);
      const code = new EmailCodeScreen(page);
      await code.isShown();
      await witness.look();
      await code.submit(witness.hide('the wrong code', '987654'));
      await expect(code.alert).toBeVisible();
      await code.submit(witness.hide('the mailed code', await mails.codeFor(email)));
      const created = new NewPasswordScreen(page, 'first');
      await created.isShown();
      await created.password.fill(witness.hide('a password that is too simple', 'yellowbird'));
      await created.save.click();
      await witness.look();
      await created.submit(password);
    });

    let key = '';
    await test.step('setting up a question, an app and a telephone', async () => {
      await new ChoiceScreen(page, 'enroll').pick(/Security Question/);
      const question = new QuestionScreen(page, 'enroll');
      await question.isShown();
      await question.own.check();
      await question.question.fill(witness.hide('the question', 'Who fed the yellow one?'));
      await question.answer.fill(witness.hide('the answer', 'Grandmother Olga'));
      await question.save.click();
      await new ChoiceScreen(page, 'enroll').pick(/Google Authenticator/);
      const app = new AppCodeScreen(page, 'enroll');
      key = witness.hide('the key of the app', await app.secret());
      await witness.look();
      await app.submit(witness.hide('the code of the app', codeOf(key, stepOf(Date.now()))));
      await new ChoiceScreen(page, 'enroll').pick(/Phone/);
      const number = new PhoneNumberScreen(page);
      await number.isShown();
      await number.country.selectOption({ label: 'Germany (+49)' });
      await number.number.fill('0171 7654321');
      await number.send.click();
      await new PhoneCodeScreen(page).submit(witness.hide('the code on the telephone', await mails.codeFor(phone)));
      await new ChoiceScreen(page, 'enroll').skip.click();
      expect(await bare.outcome()).toBe('signed-in');
      await witness.look();
    });

    await test.step('signing in, with mistakes and a network that breaks', async () => {
      await bare.open();
      await witness.mount({ issuer, scopes: SCOPES });
      await new IdentifyScreen(page).submit(email);
      const typed = new PasswordScreen(page);
      await typed.submit(witness.hide('the wrong password', 'Yellow-Sang-4711'));
      await expect(typed.alert).toBeVisible();
      await page.route('**/idp/idx/challenge/answer', (route) => route.abort('internetdisconnected'), { times: 1 });
      await typed.submit(password);
      await expect(typed.alert).toBeVisible();
      await page.route('**/idp/idx/challenge/answer', (route) => route.fulfill({ status: 502, body: email }), { times: 1 });
      await typed.submit(password);
      await expect(typed.alert).toBeVisible();
      await typed.submit(password);
      await new ChoiceScreen(page, 'verify').pick(/Security Question/);
      await new QuestionScreen(page, 'verify').submit('Grandmother Olga');
      await new ChoiceScreen(page, 'enroll').skip.click();
      expect(await bare.outcome()).toBe('signed-in');
      await witness.look();
    });

    await test.step('a forgotten password', async () => {
      await bare.open();
      await witness.mount({ issuer, username: email, scopes: SCOPES });
      const before = (await mails.mailsTo(email)).length;
      const identify = new IdentifyScreen(page);
      await expect(identify.username).toHaveValue(email);
      await identify.next.click();
      const forgetting = new PasswordScreen(page);
      await forgetting.isShown();
      await forgetting.forgotPassword.click();
      const way = new ChoiceScreen(page, 'verify');
      const code = new EmailCodeScreen(page);
      await expect(way.heading.or(code.heading).first()).toBeVisible();
      if (await way.heading.isVisible()) await way.pick(/Email/);
      await witness.look();
      await code.submit(witness.hide('the code of the recovery', await mails.codeFor(email, before)));
      await witness.look();
    });
    await witness.check();
    expect(witness.size).toBeGreaterThan(100);
  });
});

test.describe('given a witness', () => {
  test('it sees what a page tells of somebody', async ({ page, bare }) => {
    const witness = new Witness(page);
    await bare.open();
    await witness.mount();
    await new IdentifyScreen(page).isShown();
    for (const place of ['title', 'storage', 'mark', 'console', 'address'] as const) {
      const secret = witness.hide(place, `canary-of-${place}`);
      await page.evaluate(([where, text]) => {
        if (where === 'title') document.title = text;
        if (where === 'storage') sessionStorage.setItem('x', btoa(text));
        if (where === 'mark') performance.mark(text);
        if (where === 'console') console.info(text);
        if (where === 'address') history.replaceState(null, '', `?x=${text}`);
      }, [place, secret] as const);
      await expect(witness.check(), place).rejects.toThrow(`${place} in`);
    }
  });
});
