/**
 * The package from a CDN, which is another origin: the folder that is named by its contents, `integrity` for what the page names
 * itself, and the policy that the package's command prints for this.
 */
import { readFile } from 'node:fs/promises';
import { accounts } from './support/accounts.js';
import { expect, test } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

const { folder } = JSON.parse(await readFile(new URL('../../dist/integrity.json', import.meta.url), 'utf8')) as { readonly folder: string };

test.describe('given a page with the digests of the list', () => {
  test('a person signs in, and everything of the package comes from the one folder', async ({ page, bare, places }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${places.bare}/digests?policy=printedForCdn`);
    await bare.mountHere();
    await new IdentifyScreen(page).isShown();
    await expect(page.locator('.latchkey-button--primary'), 'the style sheet is there').toHaveCSS('cursor', 'pointer');
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    expect(await bare.outcome()).toBe('signed-in');
    const ofThePackage = asked.filter((address) => address.includes('/latchkey/')).sort();
    const files = ['latchkey.css', 'latchkey.iife.js', 'latchkey_bg.wasm'];
    expect(ofThePackage).toEqual(files.map((name) => `${places.identifierFirst.site}/latchkey/${folder}/${name}`));
  });

  test('the second script comes from there too, when a step needs it', async ({ page, bare, places }) => {
    await page.goto(`${places.bare}/digests?policy=printedForCdn`);
    const tasks = page.waitForResponse((response) => response.url().endsWith('/latchkey-tasks.js'));
    await bare.mountHere({ issuer: `${places.bare}/gallery-issuer/identify/none-passkeys/oauth2` });
    expect((await tasks).url()).toBe(`${places.identifierFirst.site}/latchkey/${folder}/latchkey-tasks.js`);
    expect((await tasks).ok()).toBe(true);
  });

  test('a script with another digest is not run', async ({ page, places, guard }) => {
    guard.expectProblem(/integrity|Latchkey is not defined/);
    await page.goto(`${places.bare}/digests?policy=printedForCdn&swap=latchkey.iife.js`);
    expect(await page.evaluate(() => 'Latchkey' in window)).toBe(false);
  });
});
