/**
 * Each failure that the flow can report, in a real browser: its code, the server's id of the request where a server has answered,
 * words for the person, and a `finished` that stays open until the page gives up. What fails before the flow is there is in
 * `loading.spec.ts`.
 */
import type { Route } from '@playwright/test';
import type { BarePage, BareWindow } from './support/bare-page.js';
import { accounts } from './support/accounts.js';
import { expect, test, type Page } from './support/fixtures.js';
import { accessTokenHash, forge, REQUEST_ID, type Forgery } from './support/forged-issuer.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { typePassword } from './support/ways.js';
import type { SignInOptions } from '../../widget/js/types.js';

interface Told {
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
}

/** Mounts, and gives what is told to `onError` from then on. */
async function mountAndListen(bare: BarePage, options: Partial<SignInOptions> = {}): Promise<() => Promise<readonly Told[]>> {
  await bare.open();
  await bare.page.evaluate((own) => {
    const here = window as unknown as BareWindow;
    const onError = ({ code, message, requestId }: Told): unknown => here.seen.push(JSON.stringify({ code, message, requestId }));
    here.signIn = here.latchkey.createSignIn({ ...here.options, ...own, onError });
    here.signIn.mount('#sign-in');
  }, options);
  return async () => (await bare.seen()).map((text) => JSON.parse(text) as Told);
}

/** One error with this code; the person has been told, and the promise is kept. */
async function failsWith(page: Page, told: () => Promise<readonly Told[]>, code: string, requestId: string | undefined): Promise<void> {
  await expect.poll(async () => (await told()).map((error) => error.code)).toEqual([code]);
  const [error] = await told();
  expect(error?.message).toMatch(/latchkey\/diagnose/);
  expect(error?.requestId).toBe(requestId);
  await expect(page.locator('.latchkey').getByRole('alert')).not.toBeEmpty();
  expect(await settle(page)).toEqual(['open', 'cancelled']);
}

/** What `finished` says at once, and after `destroy`. */
const settle = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { signIn } = window as unknown as BareWindow;
    const open = new Promise<{ status: string }>((resolve) => setTimeout(resolve, 0, { status: 'open' }));
    const before = await Promise.race([signIn.finished, open]);
    signIn.destroy();
    return [before.status, (await signIn.finished).status];
  });

const HOUR = 3600;
const now = Math.floor(Date.now() / 1000);

/** Codes of the ID token's checks, what breaks them, and the options that it takes. */
const FORGERIES: readonly (readonly [string, Forgery, Partial<SignInOptions>?])[] = [
  ['id_token.malformed', { answer: { id_token: 'a.b.c' } }],
  ['id_token.algorithm_not_allowed', { header: { alg: 'none' } }],
  ['id_token.unknown_key', { header: { kid: 'k2' } }],
  ['id_token.signature_invalid', { isOtherKey: true }],
  ['id_token.issuer_mismatch', { claims: { iss: 'https://id.example.com' } }],
  ['id_token.audience_mismatch', { claims: { aud: 'another-app' } }],
  ['id_token.authorized_party_mismatch', { claims: { aud: ['demo-spa', 'another-app'], azp: 'another-app' } }],
  ['id_token.expired', { claims: { exp: now - HOUR } }],
  ['id_token.issued_in_the_future', { claims: { iat: now + HOUR } }],
  ['id_token.nonce_mismatch', { claims: { nonce: 'of-another-sign-in' } }],
  ['id_token.access_token_mismatch', { claims: { at_hash: accessTokenHash('another-token') } }],
  ['id_token.acr_mismatch', { claims: { acr: 'urn:example:weak' } }, { acrValues: 'urn:okta:loa:1fa:any' }],
  ['id_token.authentication_too_old', { claims: { auth_time: now - 10 * HOUR } }, { maxAge: HOUR }],
  ['server.missing_member', { answer: { id_token: undefined } }],
];

test.describe('given tokens that are not what they must be', () => {
  test('those that are right are taken', async ({ page, bare, places }) => {
    await forge(page, places.identifierFirst.issuer, { claims: { at_hash: accessTokenHash('an-access-token') } });
    const told = await mountAndListen(bare);
    await typePassword(page, accounts.pat);
    expect(await bare.outcome()).toBe('signed-in');
    expect(await told()).toEqual([]);
  });

  for (const [code, forgery, options] of FORGERIES) {
    test(code, async ({ page, bare, places }) => {
      await forge(page, places.identifierFirst.issuer, forgery);
      const told = await mountAndListen(bare, options);
      await typePassword(page, accounts.pat);
      await failsWith(page, told, code, REQUEST_ID);
    });
  }
});

test.describe('given a device whose clock is wrong by a day', () => {
  for (const date of [-24 * HOUR, 24 * HOUR]) {
    test(`the sign-in works, and the page is told (${date > 0 ? 'behind' : 'ahead'})`, async ({ page, bare, places }) => {
      await forge(page, places.identifierFirst.issuer, { date });
      const told = await mountAndListen(bare);
      await typePassword(page, accounts.pat);
      expect(await bare.outcome()).toBe('signed-in');
      expect((await told()).map(({ code, requestId }) => [code, requestId])).toEqual([['clock.skewed', REQUEST_ID]]);
    });
  }

  test('at the real server too', async ({ page, bare }) => {
    await page.clock.install({ time: Date.now() - 24 * HOUR * 1000 });
    const told = await mountAndListen(bare);
    await typePassword(page, accounts.pat);
    expect(await bare.outcome()).toBe('signed-in');
    expect((await told()).map(({ code }) => code)).toEqual(['clock.skewed']);
  });

  test('at a server that hides its clock the token tells the time', async ({ page, bare, places }) => {
    await forge(page, places.identifierFirst.issuer, { date: 'hidden', claims: { exp: now - 24 * HOUR } });
    const told = await mountAndListen(bare);
    await typePassword(page, accounts.pat);
    await failsWith(page, told, 'id_token.expired', REQUEST_ID);
  });
});

/** Answers in the place of the server's, by the end of the path. */
const ANSWERS: readonly (readonly [string, string, Parameters<Route['fulfill']>[0], Partial<SignInOptions>?])[] = [
  ['setup.interact_refused', '/v1/interact', { status: 400, json: { error: 'invalid_client', error_description: 'Invalid value for client_id.' } }],
  ['server.missing_member', '/v1/interact', { status: 200, json: {} }],
  ['server.unreadable', '/v1/interact', { status: 502, body: '<h1>Bad gateway</h1>' }],
  ['server.unreadable', '/idp/idx/introspect', { status: 502, body: '<h1>Bad gateway</h1>' }],
  ['server.unreadable', '/idp/idx/identify', { status: 502, body: '<h1>Bad gateway</h1>' }],
  ['server.token_refused', '/v1/token', { status: 400, json: { error: 'invalid_grant', error_description: 'The code is used up.' } }],
  ['server.unreadable', '/v1/token', { status: 502, body: '<h1>Bad gateway</h1>' }],
];

test.describe('given a server that says something else than the protocol', () => {
  for (const [code, path, answer] of ANSWERS) {
    test(`${code} at ${path}`, async ({ page, bare, guard }) => {
      guard.expectProblem(/status of 502/);
      const headers = {
        'access-control-allow-origin': new URL(bare.site).origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'x-okta-request-id',
        'x-okta-request-id': REQUEST_ID,
      };
      // Preflights are the real server's.
      await page.route(`**${path}`, (route) => (route.request().method() === 'POST' ? route.fulfill({ ...answer, headers }) : route.fallback()));
      const told = await mountAndListen(bare);
      if (path !== '/v1/interact' && path !== '/idp/idx/introspect') await typeAsFarAsItGoes(page, path);
      await failsWith(page, told, code, REQUEST_ID);
    });
  }
});

async function typeAsFarAsItGoes(page: Page, path: string): Promise<void> {
  if (path === '/idp/idx/identify') await new IdentifyScreen(page).submit(accounts.pat.email);
  else await typePassword(page, accounts.pat);
}

test.describe('given no answer', () => {
  for (const path of ['/v1/interact', '/idp/idx/introspect', '/idp/idx/identify', '/v1/token', '/v1/keys']) {
    test(`network.unreachable at ${path}`, async ({ page, bare, guard }) => {
      guard.expectProblem(/^console: Failed to load resource/);
      await page.route(`**${path}`, (route) => route.abort('internetdisconnected'));
      const told = await mountAndListen(bare);
      if (path !== '/v1/interact' && path !== '/idp/idx/introspect') await typeAsFarAsItGoes(page, path);
      await failsWith(page, told, 'network.unreachable', undefined);
    });
  }
});
