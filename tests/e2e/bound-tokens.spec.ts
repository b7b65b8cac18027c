/**
 * Tokens that are bound to a key of the browser (RFC 9449), from the widget's first page to a thief's last try. The client gets
 * no others, so that whatever is not bound fails here.
 */
import type { APIRequestContext } from '@playwright/test';
import { accounts } from './support/accounts.js';
import { expect, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { TokenPage } from './support/token-page.js';
import type { Customer } from './support/world.js';

const CLIENT = 'demo-bound';

/** A server, and how somebody signs in there. */
const SERVERS = {
  identifierFirst: async (page: Page) => {
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
  },
  bothAtOnce: (page: Page) => new IdentifyScreen(page).submitBoth(accounts.pat.email, accounts.pat.password),
} as const;

/** Mounts the widget for the session that is there. */
const mount = (tab: TokenPage): Promise<void> =>
  tab.evaluate(async (here) => {
    here.signIn = here.latchkey.createSignIn(await here.session.widgetOptions());
    here.signIn.mount('#sign-in');
  });

const redeem = (tab: TokenPage): Promise<string> =>
  tab.evaluate(async ({ session, signIn }) => (await session.redeem(await signIn.finished)).tokenType);

/** What userinfo says to somebody who is not the browser. */
async function stolen(request: APIRequestContext, { issuer }: Customer, headers: Record<string, string>): Promise<{ status: number; challenge: string | undefined }> {
  const answer = await request.get(`${issuer}/v1/userinfo`, { headers });
  return { status: answer.status(), challenge: /^DPoP error="(\w+)"/.exec(answer.headers()['www-authenticate'] ?? '')?.[1] };
}

for (const [name, signIn] of Object.entries(SERVERS)) {
  test.describe(`given the server \`${name}\``, () => {
    test('the widget signs in, the session renews and asks with proofs, and a thief gets nothing', async ({ page, places, request }) => {
      const customer = places[name as keyof typeof SERVERS];
      const tab = new TokenPage(page, places.bare);
      const shown: Record<string, string>[] = [];
      page.on('request', (asked) => {
        if (asked.url().endsWith('/v1/userinfo') && asked.method() === 'GET') shown.push(asked.headers());
      });
      await tab.open({ issuer: customer.issuer, clientId: CLIENT, dpop: true, allowedOrigins: [customer.server] });
      await mount(tab);
      await signIn(page);
      expect(await redeem(tab)).toBe('DPoP');
      const email = await tab.evaluate(async ({ session }) => {
        await session.renew();
        const issuer = String(session.tokens?.idToken?.claims['iss']);
        const answer = await session.fetch(`${issuer}/v1/userinfo`);
        return ((await answer.json()) as { email: string }).email;
      });
      expect(email).toBe(accounts.pat.email);
      expect(await tab.told()).toEqual(['signed-in', 'renewed']);

      const { authorization = '', dpop = '' } = shown.at(-1) ?? {};
      const token = (await tab.accessToken()) ?? '';
      expect(authorization).toBe(`DPoP ${token}`);
      expect(await stolen(request, customer, { authorization: `Bearer ${token}` })).toEqual({ status: 401, challenge: 'invalid_token' });
      for (const headers of [{ authorization }, { authorization, dpop }]) {
        expect(await stolen(request, customer, headers)).toEqual({ status: 401, challenge: 'invalid_dpop_proof' });
      }
      const refreshToken = await tab.evaluate(({ session }) => session.tokens?.refreshToken ?? '');
      const form = { grant_type: 'refresh_token', client_id: CLIENT, refresh_token: refreshToken };
      const renewed = await request.post(`${customer.issuer}/v1/token`, { form });
      expect([renewed.status(), refreshToken !== '']).toEqual([400, true]);
      // And none of it has harmed the person whose tokens they are.
      await tab.evaluate(({ session }) => session.renew());
      expect((await tab.evaluate(({ session }) => session.userinfo()))['email']).toBe(accounts.pat.email);
    });
  });
}

test('a reload in the middle goes on, and the code is bound to the same key', async ({ page, places }) => {
  const tab = new TokenPage(page, places.bare);
  const { issuer } = places.identifierFirst;
  await tab.open({ issuer, clientId: CLIENT, dpop: true });
  await mount(tab);
  await new IdentifyScreen(page).submit(accounts.pat.email);
  await new PasswordScreen(page).isShown();
  await tab.open({ issuer, clientId: CLIENT, dpop: true });
  await mount(tab);
  await new PasswordScreen(page).submit(accounts.pat.password);
  expect(await redeem(tab)).toBe('DPoP');
});

test('a clock that is a day ahead is told by the server, and costs nobody the sign-in', async ({ page, places }) => {
  const tab = new TokenPage(page, places.bare);
  await page.clock.install({ time: Date.now() + 86_400_000 });
  await tab.open({ issuer: places.identifierFirst.issuer, clientId: CLIENT, dpop: true });
  await mount(tab);
  await SERVERS.identifierFirst(page);
  expect(await redeem(tab)).toBe('DPoP');
  expect(await tab.told()).toContain('clock 1440 min');
});

test('a widget that redeems its code by itself is told what is missing', async ({ page, places, bare }) => {
  await bare.open();
  await page.evaluate((issuer) => {
    const here = window as unknown as import('./support/bare-page.js').BareWindow;
    here.signIn = here.latchkey.createSignIn({ ...here.options, issuer, clientId: 'demo-bound' });
    here.signIn.on('error', ({ code, message }) => here.seen.push(`${code}: ${message}`));
    here.signIn.mount('#sign-in');
  }, places.identifierFirst.issuer);
  await SERVERS.identifierFirst(page);
  await expect.poll(() => bare.seen()).toEqual([expect.stringContaining('invalid_dpop_proof')]);
});
