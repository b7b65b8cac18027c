/** Codes by text message and by call, read in the inbox that stands for a telephone. */
import { collectors } from './support/accounts.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { PhoneCodeScreen, PhoneMethodScreen, PhoneNumberScreen } from './support/screens/phone.js';
import { chooseToSetUp, comeIn, skipTheRest, typePassword } from './support/ways.js';

test.describe('given a telephone', () => {
  test('its number is typed as people write it, confirmed by a text message, and called from then on', async ({ page, places, inbox }) => {
    const phone = inbox.at(places.everything.server);
    const site = await comeIn(page, places.everything, collectors.dan);
    await chooseToSetUp(page, /Phone/);
    const number = new PhoneNumberScreen(page);
    await number.isShown();
    await look(page, 'screens', 'phone-set-up');
    await number.method('SMS').check();
    await number.country.selectOption({ label: 'Germany (+49)' });
    await number.number.fill('0170 1234-567');
    await number.send.click();
    const code = new PhoneCodeScreen(page);
    await code.isShown();
    await look(page, 'screens', 'phone-code');
    await code.submit(await phone.codeFor('+491701234567'));
    await skipTheRest(page);
    await site.welcomes(collectors.dan);
    expect((await phone.mailsTo('+491701234567')).map(({ channel }) => channel)).toEqual(['sms']);

    await site.signOut.click();
    await typePassword(page, collectors.dan);
    const method = new PhoneMethodScreen(page);
    await method.isShown();
    await look(page, 'screens', 'phone-method');
    await method.pick('Voice call');
    await code.isShown();
    const spoken = await phone.codeFor('+491701234567', 1);
    expect((await phone.mailsTo('+491701234567'))[0]?.channel).toBe('voice');
    await code.submit(spoken === '000000' ? '000001' : '000000');
    await expect(code.alert).toBeVisible();
    await code.submit(spoken);
    await skipTheRest(page);
    await site.welcomes(collectors.dan);
  });

  test('a number that is none is refused beside its field', async ({ page, places }) => {
    await comeIn(page, places.everything, collectors.eli);
    await chooseToSetUp(page, /Phone/);
    const number = new PhoneNumberScreen(page);
    await number.isShown();
    await number.country.selectOption({ label: 'Germany (+49)' });
    await number.number.fill('12');
    await number.send.click();
    await expect(number.alert).toBeVisible();
    await expect(number.number).toHaveAttribute('aria-invalid', 'true');
    await expect(number.number).toHaveValue('12');
  });
});
