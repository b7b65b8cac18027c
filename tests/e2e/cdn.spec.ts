/** The package from a CDN: the folder that is named by its contents, with `integrity` for what the page names itself. */
import { readFile } from 'node:fs/promises';
import { expect, test } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';

const { folder } = JSON.parse(await readFile(new URL('../../dist/integrity.json', import.meta.url), 'utf8')) as { readonly folder: string };

test.describe('given a page with the digests of the list', () => {
  test('the widget starts, and everything comes from the same folder', async ({ page, bare, places }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${places.bare}/digests`);
    await bare.mountHere();
    await new IdentifyScreen(page).isShown();
    await expect(page.locator('.latchkey-button--primary'), 'the style sheet is there').toHaveCSS('cursor', 'pointer');
    const ofThePackage = asked.filter((address) => address.includes('/latchkey/')).map((address) => new URL(address).pathname);
    expect(ofThePackage.sort()).toEqual(['latchkey.css', 'latchkey.iife.js', 'latchkey_bg.wasm'].map((name) => `/latchkey/${folder}/${name}`));
  });

  test('a script with another digest is not run', async ({ page, places, guard }) => {
    guard.expectProblem(/integrity|Latchkey is not defined/);
    await page.goto(`${places.bare}/digests?swap=latchkey.iife.js`);
    expect(await page.evaluate(() => 'Latchkey' in window)).toBe(false);
  });
});
