/** Codes from an app: setting it up, and signing in with it from then on. The app is a few lines of `support/totp.ts`. */
import { collectors } from './support/accounts.js';
import { expect, test } from './support/fixtures.js';
import { look } from './support/look.js';
import { AppCodeScreen } from './support/screens/app-code.js';
import { textOf } from './support/texts.js';
import { codeOf, stepOf } from './support/totp.js';
import { chooseToSetUp, comeIn, skipTheRest, typePassword } from './support/ways.js';

test.describe('given an app that shows codes', () => {
  test('it is set up with its key, asked for from then on, and takes each code once', async ({ page, places }) => {
    const site = await comeIn(page, places.everything, collectors.amy);
    await chooseToSetUp(page, /Google Authenticator/);
    const setup = new AppCodeScreen(page, 'enroll');
    const secret = await setup.secret();
    await expect(setup.qrCode).toBeVisible();
    await look(page, 'screens', 'totp-set-up');

    const step = stepOf(Date.now());
    await setup.submit(codeOf(secret, step - 20));
    await expect(setup.alert).toContainText(textOf('server', 'authfactor.challenge.soft_token.invalid_passcode'));
    expect(await setup.secret(), 'what was scanned is still good').toBe(secret);
    await setup.submit(codeOf(secret, step));
    await skipTheRest(page);
    await site.welcomes(collectors.amy);

    await site.signOut.click();
    await typePassword(page, collectors.amy);
    const code = new AppCodeScreen(page, 'verify');
    await code.isShown();
    await look(page, 'screens', 'totp');
    await code.submit(codeOf(secret, step));
    await expect(code.alert).toContainText(textOf('server', 'authfactor.challenge.soft_token.used_passcode'));
    await code.submit(codeOf(secret, step + 1));
    await skipTheRest(page);
    await site.welcomes(collectors.amy);
    expect(await site.claim('amr')).toContain('otp');
  });

  test('its key can be copied', async ({ page, places, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await comeIn(page, places.everything, collectors.zoe);
    await chooseToSetUp(page, /Google Authenticator/);
    const setup = new AppCodeScreen(page, 'enroll');
    const secret = await setup.secret();
    await setup.copy.click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  });
});
