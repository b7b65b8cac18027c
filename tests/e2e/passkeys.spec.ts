/**
 * Passkeys, with an authenticator that the browser makes up: setting one up, signing in with it from the autofill, by the
 * button and after the password, and everything that goes wrong on the way.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { collectors, holders, type Account } from './support/accounts.js';
import { Ceremonies } from './support/ceremonies.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test, type Page } from './support/fixtures.js';
import { look } from './support/look.js';
import { ChoiceScreen } from './support/screens/choice.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasskeyScreen } from './support/screens/passkey.js';
import { PasswordScreen } from './support/screens/password.js';
import { text, textOf } from './support/texts.js';
import { VirtualAuthenticator } from './support/virtual-authenticator.js';
import { chooseToSetUp, comeIn, skipTheRest, typePassword } from './support/ways.js';
import type { World } from './support/world.js';

/** What a test of passkeys goes on with. */
interface Setting {
  readonly site: DemoSite;
  readonly device: VirtualAuthenticator;
  readonly ceremonies: Ceremonies;
}

/** A customer's page on a device that nobody has used yet. */
async function open(page: Page, places: World): Promise<Setting> {
  const device = await VirtualAuthenticator.on(page, { answers: false });
  const ceremonies = await Ceremonies.of(page);
  const site = new DemoSite(page, places.passkeys);
  await site.open();
  return { site, device, ceremonies };
}

/** As after `open`, by somebody who has set up a passkey on this device; nobody answers the browser at first. */
async function openAsHolder(page: Page, places: World, person: Account): Promise<Setting> {
  const setting = await open(page, places);
  await setting.device.answers(true);
  await typePassword(page, person);
  await new ChoiceScreen(page, 'enroll').pick(/Passkeys/);
  await new PasskeyScreen(page, 'enroll').create.click();
  await setting.site.welcomes(person);
  await setting.device.answers(false);
  await setting.site.open();
  await waitForOffer(setting);
  return setting;
}

/** Until the browser would offer passkeys in the autofill. */
async function waitForOffer({ ceremonies }: Setting): Promise<void> {
  await expect.poll(async () => (await ceremonies.told()).at(-1)).toBe('offer open');
}

/** From when the browser has answered on, nobody answers it any more. */
async function answerOnce(page: Page, { device }: Setting): Promise<void> {
  await page.route(
    '**/idp/idx/challenge/answer/webauthn-autofillui',
    async (route) => {
      await device.answers(false);
      await route.continue();
    },
    { times: 1 },
  );
  await device.answers(true);
}

test.describe('given somebody without a passkey', () => {
  test('one is offered after the password and made; it is then in the device', async ({ page, places }) => {
    const setting = await open(page, places);
    await setting.device.answers(true);
    await typePassword(page, holders.ada);
    const choice = new ChoiceScreen(page, 'enroll');
    await choice.isShown();
    await look(page, 'screens', 'passkey-offered');
    await choice.pick(/Passkeys/);
    const passkey = new PasskeyScreen(page, 'enroll');
    await passkey.isShown();
    await look(page, 'screens', 'passkey-set-up');
    await passkey.create.click();
    await setting.site.welcomes(holders.ada);
    expect(await setting.device.credentials()).toEqual([
      expect.objectContaining({ isResidentCredential: true, rpId: 'localhost', userName: holders.ada.email }),
    ]);
  });

  test('it can be put off, and is offered again the next time', async ({ page, places }) => {
    const { site } = await open(page, places);
    await typePassword(page, holders.ivy);
    const choice = new ChoiceScreen(page, 'enroll');
    await choice.isShown();
    await choice.skip.click();
    await site.welcomes(holders.ivy);
    await site.signOut.click();
    await typePassword(page, holders.ivy);
    await choice.pick(/Passkeys/);
    const passkey = new PasskeyScreen(page, 'enroll');
    await passkey.isShown();
    await passkey.skip.click();
    await site.welcomes(holders.ivy);
  });

  test('who cancels in the browser is told, and can try again', async ({ page, places }) => {
    const { site, device, ceremonies } = await open(page, places);
    await device.answers(true);
    await device.recognises(false);
    await typePassword(page, holders.kay);
    await new ChoiceScreen(page, 'enroll').pick(/Passkeys/);
    const passkey = new PasskeyScreen(page, 'enroll');
    await passkey.create.click();
    await expect(passkey.alert).toContainText(text('alert.passkey_cancelled'));
    await look(page, 'screens', 'passkey-set-up-cancelled');
    await device.recognises(true);
    await passkey.create.click();
    await site.welcomes(holders.kay);
    expect((await ceremonies.told()).filter((told) => told.startsWith('make'))).toEqual(['make NotAllowedError', 'make done']);
  });
});

test.describe('given somebody with a passkey on this device', () => {
  test('picking it from the autofill is all there is to do', async ({ page, places }) => {
    const { site, device, ceremonies } = await openAsHolder(page, places, holders.ben);
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expect(identify.username).toHaveAttribute('autocomplete', 'username webauthn');
    await device.answers(true);
    await site.open();
    await site.welcomes(holders.ben);
    expect(await ceremonies.told()).toEqual(['offer done']);
  });

  test('the button asks for it at once; the autofill lets go first, since browsers allow one ceremony', async ({ page, places }) => {
    const { site, device, ceremonies } = await openAsHolder(page, places, holders.cleo);
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await look(page, 'screens', 'identify-with-passkey');
    await device.answers(true);
    await identify.passkey.click();
    await site.welcomes(holders.cleo);
    expect(await ceremonies.told()).toEqual(['offer AbortError', 'use done']);
    expect((await ceremonies.all()).map(({ beside }) => beside)).toEqual([0, 0]);
  });

  test('after the password it is the second proof; the autofill ends with its page', async ({ page, places }) => {
    const { site, device, ceremonies } = await openAsHolder(page, places, holders.dev);
    await typePassword(page, holders.dev);
    const passkey = new PasskeyScreen(page, 'verify');
    await passkey.isShown();
    await look(page, 'screens', 'passkey');
    expect(await ceremonies.told()).toEqual(['offer AbortError']);
    await device.answers(true);
    await passkey.use.click();
    await site.welcomes(holders.dev);
  });

  test('cancelling the second proof is told, and trying again works', async ({ page, places }) => {
    const { site, device } = await openAsHolder(page, places, holders.lou);
    await typePassword(page, holders.lou);
    const passkey = new PasskeyScreen(page, 'verify');
    await passkey.isShown();
    await device.answers(true);
    await device.recognises(false);
    await passkey.use.click();
    await expect(passkey.alert).toContainText(text('alert.passkey_cancelled'));
    await expect(passkey.alert).toBeFocused();
    await device.recognises(true);
    await passkey.use.click();
    await site.welcomes(holders.lou);
  });

  test('cancelling at the button is told; the autofill offers again, and the button works', async ({ page, places }) => {
    const setting = await openAsHolder(page, places, holders.fay);
    const { site, device, ceremonies } = setting;
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await device.answers(true);
    await device.recognises(false);
    await identify.passkey.click();
    await expect(identify.alert).toContainText(text('alert.passkey_cancelled'));
    await look(page, 'screens', 'identify-passkey-cancelled');
    // The new offer is open only until the unknown finger answers it, too; nobody is told of that.
    await expect.poll(() => ceremonies.told()).toEqual(['offer AbortError', 'use NotAllowedError', 'offer NotAllowedError']);
    await device.recognises(true);
    await identify.passkey.click();
    await site.welcomes(holders.fay);
  });

  test('a device without it says so, and the name still leads on', async ({ page, places }) => {
    const { device } = await openAsHolder(page, places, holders.hal);
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await device.forget();
    await device.answers(true);
    await identify.passkey.click();
    await expect(identify.alert).toContainText(text('alert.passkey_cancelled'));
    await identify.submit(holders.hal.email);
    await new PasswordScreen(page).isShown();
  });

  test('where another tab has used the challenge, a new one is there at once', async ({ page, places, guard }) => {
    const setting = await openAsHolder(page, places, holders.gil);
    const other = await openBeside(page, guard);
    const begun: string[] = [];
    other.on('request', (request) => {
      if (request.url().endsWith('/v1/interact')) begun.push(request.url());
    });
    const copy = await VirtualAuthenticator.on(other, { answers: true });
    await copy.copyFrom(setting.device);
    const elsewhere = new DemoSite(other, places.passkeys);
    await elsewhere.open();
    await elsewhere.welcomes(holders.gil);
    expect(begun, 'the other tab has gone on with the same transaction').toEqual([]);

    const identify = new IdentifyScreen(page);
    await answerOnce(page, setting);
    await identify.passkey.click();
    await expect(identify.widget).toContainText(text('alert.started_over'));
    await waitForOffer(setting);
    await setting.device.answers(true);
    await identify.passkey.click();
    await setting.site.welcomes(holders.gil);
  });
});

test.describe('given a server that offers further passkeys', () => {
  test('a device that has one for the account already makes no other', async ({ page, places }) => {
    const device = await VirtualAuthenticator.on(page, { answers: true });
    const site = await comeIn(page, places.everything, collectors.ned);
    await chooseToSetUp(page, /Passkeys/);
    const setup = new PasskeyScreen(page, 'enroll');
    await setup.create.click();
    await skipTheRest(page);
    await site.welcomes(collectors.ned);
    await site.signOut.click();
    await typePassword(page, collectors.ned);
    await new PasskeyScreen(page, 'verify').use.click();
    await chooseToSetUp(page, /Passkeys/);
    await setup.create.click();
    await expect(setup.alert).toContainText(text('alert.passkey_already_there'));
    await look(page, 'screens', 'passkey-already-there');
    expect(await device.credentials()).toHaveLength(1);
    await setup.skip.click();
    await site.welcomes(collectors.ned);
  });
});

test.describe('given a passkey that the server does not know', () => {
  test('it is refused in words, and offered again with a new challenge', async ({ page, places }) => {
    const setting = await open(page, places);
    await waitForOffer(setting);
    await setting.device.hold({
      credentialId: randomBytes(16).toString('base64'),
      isResidentCredential: true,
      rpId: 'localhost',
      privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      userHandle: randomBytes(16).toString('base64'),
      signCount: 1,
    });
    const identify = new IdentifyScreen(page);
    await answerOnce(page, setting);
    await identify.passkey.click();
    await expect(identify.alert).toContainText(textOf('server', 'authfactor.webauthn.error.assertion_validation_failure'));
    await waitForOffer(setting);
    await identify.submit(holders.ada.email);
    await new PasswordScreen(page).isShown();
  });
});

test.describe('given a browser without passkeys', () => {
  test('the button says so, and the password still works', async ({ page, places }) => {
    await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
    const site = new DemoSite(page, places.passkeys);
    await site.open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.passkey.click();
    await expect(identify.alert).toContainText(text('alert.passkey_unsupported'));
    await typePassword(page, holders.ivo);
    await new ChoiceScreen(page, 'enroll').pick(/Passkeys/);
    const passkey = new PasskeyScreen(page, 'enroll');
    await passkey.create.click();
    await expect(passkey.alert).toContainText(text('alert.passkey_unsupported'));
    await passkey.skip.click();
    await site.welcomes(holders.ivo);
  });
});

/** A tab that begins with a copy of what this one keeps for a reload, as duplicated ones do (HTML, 7.2.1). */
async function openBeside(page: Page, guard: { watch(page: Page): Promise<void> }): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.evaluate(() => void window.open('about:blank'));
  const other = await opened;
  await guard.watch(other);
  return other;
}
