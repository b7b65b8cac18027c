/**
 * The example with a backend: the page signs in, the server behind it gets the tokens, and the browser a cookie.
 */
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startService } from '../../scripts/lib/services.mjs';
import { ROOT } from '../js/support/packed.mjs';
import { accounts } from './support/accounts.js';
import { expect, expectAccessible, test } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { world } from './support/world.js';

let stop: () => Promise<void>;

// One server for all, and so one worker.
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  const { backend, identifierFirst } = world();
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-backend-'));
  await cp(path.join(ROOT, 'examples/backend'), folder, { recursive: true });
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(ROOT, path.join(folder, 'node_modules/latchkey'));
  const { port } = new URL(backend);
  const env = { ISSUER: identifierFirst.issuer, CLIENT_ID: 'demo-spa', PORT: port };
  const service = await startService([process.execPath, path.join(folder, 'server.mjs')], Number(port), { env });
  stop = async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  };
});

test.afterAll(() => stop());

test('the page never sees a token, and the person is signed in', async ({ page, places }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(places.backend);
  await new IdentifyScreen(page).isShown();
  await expectAccessible(page);
  await new IdentifyScreen(page).submit(accounts.pat.email);
  await new PasswordScreen(page).submit(accounts.pat.password);
  await expect(page.getByRole('heading', { name: 'Welcome, Pat Example' })).toBeVisible();
  expect(asked.filter((name) => name.endsWith('/v1/token'))).toEqual([]);
  expect(await page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0]);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Welcome, Pat Example' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await new IdentifyScreen(page).isShown();
});

test('a code is taken only from the browser that began, and once', async ({ page, places, elsewhere, guard }) => {
  guard.expectProblem(/status of 40[03]/);
  let body = '';
  await page.route(`${places.backend}/session`, async (route) => {
    body = route.request().postData() ?? '';
    await route.fulfill({ status: 400 });
  });
  await page.goto(places.backend);
  await new IdentifyScreen(page).submit(accounts.pat.email);
  await new PasswordScreen(page).submit(accounts.pat.password);
  await expect(page.getByRole('status').filter({ hasText: 'did not work' })).toBeVisible();
  await page.unroute(`${places.backend}/session`);
  const redeem = (from: typeof page): Promise<number> =>
    from.evaluate(async (form) => (await fetch('/session', { method: 'POST', body: new URLSearchParams(form) })).status, body);
  await elsewhere.goto(places.backend);
  expect(await redeem(elsewhere), 'another browser').toBe(400);
  expect(await redeem(page)).toBe(204);
  expect(await redeem(page), 'a second time').toBe(400);
});

test('pages of other origins cannot post to it', async ({ request, places }) => {
  for (const route of ['/session', '/sign-out']) {
    expect((await request.post(places.backend + route, { form: { state: 'x' }, headers: { origin: places.bare } })).status()).toBe(403);
    expect((await request.post(places.backend + route, { form: { state: 'x' } })).status()).toBe(403);
  }
});
