/** What people set up after a sign-in: what they may put off, what they must do, and choosing between several. */
import { collectors, obliged } from './support/accounts.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { AppCodeScreen } from './support/screens/app-code.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { QuestionScreen } from './support/screens/question.js';
import { codeOf, stepOf } from './support/totp.js';
import { text } from './support/texts.js';
import { chooseToSetUp, comeIn, skipTheRest, typePassword } from './support/ways.js';

test.describe('given a server that offers everything', () => {
  test('each way is there to choose; one can be gone back on, two be set up, and the rest be put off', async ({ page, places }) => {
    const site = await comeIn(page, places.everything, collectors.max);
    const choice = new ChoiceScreen(page, 'enroll');
    await choice.isShown();
    await expect(choice.widget).toContainText(text('choice.intro_optional'));
    const options = choice.widget.getByRole('listitem').getByRole('button');
    await expect(options.filter({ hasText: /Passkeys|Google Authenticator|Security Question|Phone|Okta Verify/ })).toHaveCount(5);
    await look(page, 'screens', 'enrollment-choice');

    await choice.pick(/Google Authenticator/);
    const app = new AppCodeScreen(page, 'enroll');
    await app.isShown();
    await app.action('action.enroll_otherwise').click();
    await choice.pick(/Security Question/);
    await new QuestionScreen(page, 'enroll').choose('What was your favorite toy as a child?', 'A kite');
    await choice.isShown();
    await expect(options.filter({ hasText: 'Security Question' }), 'it is set up').toHaveCount(0);
    await choice.pick(/Google Authenticator/);
    const secret = await app.secret();
    const step = stepOf(Date.now());
    await app.submit(codeOf(secret, step));
    await skipTheRest(page);
    await site.welcomes(collectors.max);

    await site.signOut.click();
    await typePassword(page, collectors.max);
    const verify = new ChoiceScreen(page, 'verify');
    await verify.isShown();
    await look(page, 'screens', 'factor-choice');
    await verify.pick(/Google Authenticator/);
    const code = new AppCodeScreen(page, 'verify');
    await code.isShown();
    await code.action('action.verify_otherwise').click();
    await verify.pick(/Security Question/);
    await new QuestionScreen(page, 'verify').submit('a kite');
    await skipTheRest(page);
    await site.welcomes(collectors.max);
  });
});

test.describe('given a server that demands something', () => {
  test('there is no way around it; what is left can then be put off', async ({ page, places }) => {
    const site = await comeIn(page, places.demanding, obliged.sue);
    const choice = new ChoiceScreen(page, 'enroll');
    await choice.isShown();
    await expect(choice.skip).toHaveCount(0);
    await expect(choice.widget).not.toContainText(text('choice.intro_optional'));
    await look(page, 'screens', 'enrollment-required');
    await chooseToSetUp(page, /Security Question/);
    await new QuestionScreen(page, 'enroll').choose('What was your favorite toy as a child?', 'A kite');
    await skipTheRest(page);
    await site.welcomes(obliged.sue);

    await site.signOut.click();
    await typePassword(page, obliged.sue);
    await new QuestionScreen(page, 'verify').submit('a kite');
    await skipTheRest(page);
    await site.welcomes(obliged.sue);
  });
});
