/** A reload in the middle goes on where the person was, and leaves nothing secret behind to do so. */
import { NEW_PASSWORD, accounts } from './support/accounts.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test, type Page } from './support/fixtures.js';
import { stranger } from './support/people.js';
import { EmailCodeScreen } from './support/screens/email-code.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { NewPasswordScreen } from './support/screens/new-password.js';
import { PasswordScreen } from './support/screens/password.js';
import { ProfileScreen } from './support/screens/profile.js';

/** Everything that a page can leave behind, as one text. */
const leftBehind = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const storages = [localStorage, sessionStorage].map((storage) => JSON.stringify({ ...storage }));
    return JSON.stringify([...storages, document.cookie, location.href, history.state, databases]);
  });

test.describe('given a reload in the middle', () => {
  test('sign-in goes on with the password', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    await page.reload();
    const password = new PasswordScreen(page);
    await expect(password.widget).toContainText(accounts.pat.email);
    await password.submit(accounts.pat.password);
    await site.welcomes(accounts.pat);
  });

  test('registration goes on with the code, and then with the password', async ({ page, places, inbox }) => {
    const person = stranger();
    const site = new DemoSite(page, places.identifierFirst);
    await site.open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.signUp.click();
    await new ProfileScreen(page).submit(person);
    await new EmailCodeScreen(page).isShown();
    await page.reload();
    await new EmailCodeScreen(page).submit(await inbox.codeFor(person.email));
    await new NewPasswordScreen(page, 'first').isShown();
    await page.reload();
    await new NewPasswordScreen(page, 'first').submit(NEW_PASSWORD);
    await site.welcomes(person);
  });

  test('another tab begins anew', async ({ page, places, context, guard }) => {
    await new DemoSite(page, places.identifierFirst).open();
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    const other = await context.newPage();
    await guard.watch(other);
    await new DemoSite(other, places.identifierFirst).open();
    await new IdentifyScreen(other).isShown();
  });
});

test.describe('given a whole sign-in', () => {
  test('neither password nor token nor code is ever in a storage, a cookie or the address', async ({ page, places }) => {
    const site = new DemoSite(page, places.identifierFirst);
    const tokens: string[] = [];
    page.on('response', async (response) => {
      if (response.url().endsWith('/v1/token') && response.request().method() === 'POST') {
        const body = (await response.json()) as Record<string, string>;
        tokens.push(...['access_token', 'id_token', 'refresh_token'].flatMap((name) => body[name] ?? []));
      }
    });
    const codes: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/token')) codes.push(new URLSearchParams(request.postData() ?? '').get('interaction_code') ?? '');
    });
    await site.open();
    await new IdentifyScreen(page).submit(accounts.alex.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    expect(await leftBehind(page), 'there is something to go on with').toContain('latchkey');
    await password.submit('Wrong-Horse-43');
    await expect(password.alert).toBeVisible();
    expect(await leftBehind(page)).not.toContain('Wrong-Horse-43');
    await password.submit(accounts.alex.password);
    await site.welcomes(accounts.alex);
    expect(tokens.length).toBeGreaterThanOrEqual(2);
    const left = await leftBehind(page);
    for (const secret of [...tokens, ...codes, accounts.alex.password]) expect(left).not.toContain(secret);
    expect(left, 'nothing is kept once it is over').not.toContain('latchkey');
  });

  test('nor is a mailed code', async ({ page, places, inbox }) => {
    const person = stranger();
    await new DemoSite(page, places.identifierFirst).open();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.signUp.click();
    await new ProfileScreen(page).submit(person);
    const code = await inbox.codeFor(person.email);
    await new EmailCodeScreen(page).submit(code);
    await new NewPasswordScreen(page, 'first').isShown();
    const left = await leftBehind(page);
    expect(left).not.toContain(code);
    expect(left).not.toContain(person.email);
  });
});
