/** What the README promises a newcomer: the widget in a page of their own, and a sign-in, in less than five minutes. */
import { readFile } from 'node:fs/promises';
import { expect, test as base } from './support/fixtures.js';
import { Newcomer, packedName } from './support/newcomer.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

const FIVE_MINUTES = 300_000;

const test = base.extend<{ readonly newcomer: Newcomer }>({
  newcomer: async ({}, use) => {
    const newcomer = await Newcomer.arrives();
    await use(newcomer);
    await newcomer.leaves();
  },
});

test.describe('given a newcomer who follows the README', () => {
  for (const folder of ['my-page', 'my-app']) {
    test(`${folder} signs in, within five minutes`, async ({ page, newcomer, guard }) => {
      // Such a page has no icon.
      guard.expectProblem(/^console: Failed to load resource: .*404/);
      const begun = Date.now();
      await newcomer.registers();
      await newcomer.writes(folder);
      await newcomer.runs(folder);
      await page.goto(newcomer.page);
      const { email, password } = await Newcomer.account();
      await new IdentifyScreen(page).submit(email);
      await new PasswordScreen(page).submit(password);
      await expect(page).toHaveTitle('Welcome, Pat Example');
      expect(Date.now() - begun).toBeLessThan(FIVE_MINUTES);
    });
  }

  test('without step one the console says what is missing', async ({ page, newcomer, guard }) => {
    guard.expectProblem(/Failed to load resource|CORS policy/);
    await newcomer.registers('');
    await newcomer.writes('my-page');
    await newcomer.runs('my-page');
    const warned = page.waitForEvent('console', (message) => message.type() === 'warning');
    await page.goto(newcomer.page);
    expect((await warned).text()).toMatch(/network\.unreachable .*latchkey\/diagnose/);
  });

  test('the package has the name that the README installs', async () => {
    expect(await readFile(new URL('../../README.md', import.meta.url), 'utf8')).toContain(`npm install ../${await packedName()} vite`);
  });
});
