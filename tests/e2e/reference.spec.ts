/** The reference page, and each of its examples: the button runs it against the server, and it does what the text says. */
import { readFile } from 'node:fs/promises';
import type { Request } from '@playwright/test';
import { PROOFS, type Running } from './support/example-proofs.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';

interface Described {
  readonly 'x-since'?: string;
}

const schema = JSON.parse(await readFile(new URL('../../dist/options.schema.json', import.meta.url), 'utf8')) as {
  readonly properties: Readonly<Record<string, Described>>;
};

const there = Object.entries(schema.properties).flatMap(([name, { 'x-since': since }]) => (since === undefined ? [] : [name]));

/** Goes to the page and presses the button below the example. */
async function run(page: Page, site: string, name: string): Promise<Running> {
  const printed: string[] = [];
  page.on('console', (message) => printed.push(message.text()));
  let interact: (request: Request) => void;
  const asked = new Promise<Request>((resolve) => (interact = resolve));
  page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/v1/interact') && interact(request));
  await page.goto(`${site}/reference`);
  const live = page.locator(`[data-example="${name}"]`);
  await live.getByRole('button', { name: 'Run it' }).click();
  const example = page.locator('section', { has: page.locator(`#${name}`) }).locator('pre');
  return { page, example, place: live.locator('.reference__place'), log: live.locator('output'), asked: async () => new URLSearchParams((await asked).postData() ?? ''), printed };
}

test.describe('given the reference page', () => {
  test('it can be read by everybody, at any width', async ({ page, places }) => {
    await page.goto(`${places.identifierFirst.site}/reference`);
    await expect(page.getByRole('heading', { name: 'Reference', exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'colorScheme' })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [320, 1024]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await expectAccessible(page);
      }
    }
  });

  test('it looks at itself, and finds nothing wrong', async ({ page, places }) => {
    await page.goto(`${places.identifierFirst.site}/reference`);
    await page.getByRole('button', { name: 'Look at this page' }).click();
    const looked = page.locator('#looked');
    await expect(looked).toContainText('✓ server.token');
    await expect(looked).not.toContainText('✗');
  });
});

test.describe('given the example of an option', () => {
  for (const name of there) {
    test(`${name} does what it says`, async ({ page, places, guard }) => {
      if (name === 'onError') guard.expectProblem(/^console: Failed to load resource/);
      const running = await run(page, places.identifierFirst.site, name);
      const proof = PROOFS[name];
      if (!proof) throw new Error(`support/example-proofs.ts does not say what can be seen of \`${name}\``);
      await proof(running);
    });
  }

  test('another one that is run ends it', async ({ page, places }) => {
    const first = await run(page, places.identifierFirst.site, 'clientId');
    await new IdentifyScreen(page).isShown();
    await page.locator('[data-example="colorScheme"]').getByRole('button', { name: 'Run it' }).click();
    await expect(first.log).toContainText('cancelled');
    await expect(page.locator('.latchkey')).toHaveCount(1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.locator('.latchkey')).toHaveCount(0);
  });
});
