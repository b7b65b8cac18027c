/** Security questions: one of the server's, or one in the person's own words; asked from then on. */
import { collectors } from './support/accounts.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { QuestionScreen } from './support/screens/question.js';
import { chooseToSetUp, comeIn, skipTheRest, typePassword } from './support/ways.js';

test.describe('given a question of the server', () => {
  test('it is chosen, asked for in its words, and a wrong answer is refused', async ({ page, places }) => {
    const question = 'Which computer game did you play first?';
    const site = await comeIn(page, places.everything, collectors.bob);
    await chooseToSetUp(page, /Security Question/);
    const setup = new QuestionScreen(page, 'enroll');
    await setup.isShown();
    await look(page, 'screens', 'question-set-up');
    await setup.choose(question, 'abc');
    await expect(setup.alert).toBeVisible();
    await expect(setup.answer).toHaveAttribute('aria-invalid', 'true');
    await expect(setup.answer).toHaveAccessibleDescription(/at least 4 characters/);
    await setup.choose(question, 'Monkey Island');
    await skipTheRest(page);
    await site.welcomes(collectors.bob);

    await site.signOut.click();
    await typePassword(page, collectors.bob);
    const asked = new QuestionScreen(page, 'verify');
    await asked.isShown();
    await expect(asked.widget).toContainText(question);
    await look(page, 'screens', 'question');
    await asked.submit('Space Quest');
    await expect(asked.alert).toBeVisible();
    await asked.submit('monkey island');
    await skipTheRest(page);
    await site.welcomes(collectors.bob);
  });
});

test.describe('given a question of one’s own', () => {
  test('it is asked for in those words', async ({ page, places }) => {
    const question = 'Who lived <b>above</b> the bakery?';
    const site = await comeIn(page, places.everything, collectors.cat);
    await chooseToSetUp(page, /Security Question/);
    const setup = new QuestionScreen(page, 'enroll');
    await setup.isShown();
    await setup.own.check();
    await look(page, 'screens', 'question-set-up-own');
    await setup.question.fill(question);
    await setup.answer.fill('Mrs Miller');
    await setup.save.click();
    await skipTheRest(page);
    await site.welcomes(collectors.cat);

    await site.signOut.click();
    await typePassword(page, collectors.cat);
    const asked = new QuestionScreen(page, 'verify');
    await asked.isShown();
    await expect(asked.widget).toContainText(question);
    await asked.submit('Mrs Miller');
    await skipTheRest(page);
    await site.welcomes(collectors.cat);
  });
});
