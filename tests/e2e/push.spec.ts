/** Pushes to a device, which is the simulator page of the server in a browser of its own. */
import { collectors, obliged } from './support/accounts.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { PushResendScreen, PushScreen, PushSetupScreen } from './support/screens/push.js';
import { QuestionScreen } from './support/screens/question.js';
import { Simulator } from './support/simulator.js';
import { textOf } from './support/texts.js';
import { chooseToSetUp, comeIn, skipTheRest, typePassword } from './support/ways.js';

const SET_UP = 'Set up this device';
const YES = 'Yes, it’s me';
const NO = 'No, it’s not me';

test.describe('given a device', () => {
  test('it is set up by what it scans, and approves the next sign-in', async ({ page, places, elsewhere }) => {
    const device = new Simulator(elsewhere, places.everything);
    const site = await comeIn(page, places.everything, collectors.fred);
    await chooseToSetUp(page, /Okta Verify/);
    const setup = new PushSetupScreen(page);
    await setup.isShown();
    await expect(setup.qrCode).toBeVisible();
    await look(page, 'screens', 'push-set-up');
    await device.answer(collectors.fred, SET_UP);
    await skipTheRest(page);
    await site.welcomes(collectors.fred);

    await site.signOut.click();
    await typePassword(page, collectors.fred);
    const push = new PushScreen(page);
    await push.isShown();
    await look(page, 'screens', 'push');
    await device.answer(collectors.fred, YES);
    await skipTheRest(page);
    await site.welcomes(collectors.fred);
    expect(await site.claim('amr')).toContain('swk');
  });

  test('what it denies is said, and can be sent again', async ({ page, places, elsewhere }) => {
    const device = new Simulator(elsewhere, places.everything);
    const site = await comeIn(page, places.everything, collectors.gus);
    await chooseToSetUp(page, /Okta Verify/);
    await device.answer(collectors.gus, SET_UP);
    await skipTheRest(page);
    await site.welcomes(collectors.gus);

    await site.signOut.click();
    await typePassword(page, collectors.gus);
    const push = new PushScreen(page);
    await push.isShown();
    await device.answer(collectors.gus, NO);
    const again = new PushResendScreen(page);
    await again.isShown();
    await expect(again.alert).toContainText(textOf('server', 'api.authn.poll.error.push_rejected'));
    await look(page, 'screens', 'push-denied');
    await again.send.click();
    await push.isShown();
    await device.answer(collectors.gus, YES);
    await skipTheRest(page);
    await site.welcomes(collectors.gus);
  });
});

test.describe('given a server whose pushes ask for a number', () => {
  test('the page shows which; another one is as good as no', async ({ page, places, elsewhere }) => {
    const device = new Simulator(elsewhere, places.demanding);
    const site = await comeIn(page, places.demanding, obliged.tom);
    await chooseToSetUp(page, /Security Question/);
    await new QuestionScreen(page, 'enroll').choose('What was your favorite toy as a child?', 'The old tin');
    await chooseToSetUp(page, /Okta Verify/);
    await device.answer(obliged.tom, SET_UP);
    await site.welcomes(obliged.tom);

    await site.signOut.click();
    await typePassword(page, obliged.tom);
    const choice = new ChoiceScreen(page, 'verify');
    await choice.pick(/Okta Verify/);
    const push = new PushScreen(page);
    await push.isShown();
    await expect(push.number).toHaveText(/^\d\d$/);
    await look(page, 'screens', 'push-number');
    const shown = await push.number.innerText();
    const offered = await device.numbers(obliged.tom);
    expect(offered).toContain(shown);
    await device.answer(obliged.tom, offered.find((number) => number !== shown) ?? '');
    const again = new PushResendScreen(page);
    await again.isShown();
    await again.send.click();
    await push.isShown();
    await device.answer(obliged.tom, await push.number.innerText());
    await site.welcomes(obliged.tom);
  });
});
