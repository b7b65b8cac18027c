/** The reference page, and each of its examples on a page, against the server. */
import { readFile } from 'node:fs/promises';
import type { BareWindow } from './support/bare-page.js';
import { expect, expectAccessible, test } from './support/fixtures.js';

interface Described {
  readonly 'x-example': string;
  readonly 'x-since'?: string;
}

const schema = JSON.parse(await readFile(new URL('../../dist/options.schema.json', import.meta.url), 'utf8')) as {
  readonly properties: Readonly<Record<string, Described>>;
};

/** Whose example is an address that nobody answers, or goes together with another. */
const BESIDE: Readonly<Record<string, string>> = {
  issuer: 'issuer: window.options.issuer',
  codeChallenge: "codeChallengeMethod: 'S256'",
  codeChallengeMethod: `codeChallenge: ${schema.properties['codeChallenge']?.['x-example']}`,
};

test.describe('given the reference page', () => {
  test('it can be read by everybody', async ({ page, places }) => {
    await page.goto(`${places.identifierFirst.site}/reference`);
    await expect(page.getByRole('heading', { name: 'Reference', exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'colorScheme' })).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe('given the example of an option', () => {
  test('the widget starts with it', async ({ page, bare }) => {
    await bare.open();
    for (const [name, { 'x-example': example, 'x-since': since }] of Object.entries(schema.properties)) {
      if (since === undefined) continue;
      const options = [`${name}: ${example}`, ...(BESIDE[name] === undefined ? [] : [BESIDE[name]])].join(', ');
      const drawn = await page.evaluate(
        // As text, since some examples are functions.
        `new Promise((resolve) => {
          const signIn = window.latchkey.createSignIn({ ...window.options, ${options} });
          signIn.on('screen', (screen) => { signIn.destroy(); sessionStorage.clear(); resolve(screen.name); });
          signIn.mount('#sign-in');
        })`,
      );
      expect(drawn, name).toBeTruthy();
    }
    expect(await page.evaluate(() => (window as unknown as BareWindow).seen)).toEqual([]);
  });
});
