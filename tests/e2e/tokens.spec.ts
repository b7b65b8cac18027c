/**
 * What comes after the sign-in: tokens that are kept, renewed, shared between tabs and given back, against the real server.
 */
import { accounts } from './support/accounts.js';
import { expect, test as base, type Page } from './support/fixtures.js';
import { TokenPage } from './support/token-page.js';

interface Fixtures {
  /** A tab whose page keeps tokens. */
  readonly tab: TokenPage;
  /** Opens another tab of the same browser. */
  readonly openTab: () => Promise<TokenPage>;
}

const test = base.extend<Fixtures>({
  tab: async ({ page, places }, use) => use(new TokenPage(page, places.bare)),
  openTab: async ({ context, guard, places }, use) => {
    const pages: Page[] = [];
    await use(async () => {
      const page = await context.newPage();
      pages.push(page);
      await guard.watch(page);
      return new TokenPage(page, places.bare);
    });
    await Promise.all(pages.map((page) => page.close()));
  },
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** All that the page's storage holds, databases left out. */
const stored = (tab: TokenPage): Promise<string> => tab.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));

test.describe('given tokens of the widget', () => {
  test('the server renews them, and the new ones are good', async ({ tab }) => {
    await tab.signIn();
    const before = await tab.accessToken();
    const claims = await tab.evaluate(async ({ session }) => {
      await session.renew();
      await session.renew();
      return session.userinfo();
    });
    expect(claims['email']).toBe(accounts.pat.email);
    expect(await tab.accessToken()).not.toBe(before);
    expect(await tab.told()).toEqual(['signed-in', 'renewed', 'renewed']);
  });

  test('in memory they leave no trace in storage, and end with the last tab', async ({ tab }) => {
    await tab.signIn();
    await tab.evaluate(({ session }) => session.renew());
    const token = (await tab.accessToken()) ?? '';
    expect(token).not.toBe('');
    expect(await stored(tab)).not.toContain(token);
    await tab.open();
    expect(await tab.evaluate(({ session }) => session.isSignedIn)).toBe(false);
  });

  test('in sessionStorage they survive a reload', async ({ tab }) => {
    await tab.signIn({ storage: 'sessionStorage' });
    const token = await tab.accessToken();
    await tab.open({ storage: 'sessionStorage' });
    expect(await tab.accessToken()).toBe(token);
    await tab.evaluate(({ session }) => session.renew());
    await tab.evaluate(({ session }) => session.signOut({ local: true }));
    expect(await stored(tab)).not.toContain('accessToken');
  });

  test('a request whose token the API no longer takes is repeated with a new one', async ({ tab, places }) => {
    await tab.signIn({ allowedOrigins: [places.identifierFirst.server] });
    const statuses: number[] = [];
    tab.page.on('response', (response) => {
      if (response.url().endsWith('/v1/userinfo')) statuses.push(response.status());
    });
    const email = await tab.evaluate(async ({ session, options }) => {
      await session.revoke('access_token');
      const response = await session.fetch(`${options.issuer}/v1/userinfo`);
      return ((await response.json()) as { email: string }).email;
    });
    expect(email).toBe(accounts.pat.email);
    expect(statuses.filter((status) => status !== 204)).toEqual([401, 200]);
  });

  test('a request to an origin that is not named never leaves', async ({ tab }) => {
    await tab.signIn();
    const code = await tab.evaluate(({ session, options }) => session.fetch(`${options.issuer}/v1/userinfo`).catch(({ code }: { code: string }) => code));
    expect(code).toBe('fetch.origin_not_allowed');
  });
});

test.describe('given a page that stays open', () => {
  test('tokens are renewed before they end', async ({ tab }) => {
    await tab.page.clock.install();
    await tab.signIn();
    const before = await tab.accessToken();
    await tab.page.clock.fastForward(HOUR - 30_000);
    await expect.poll(() => tab.told()).toContain('renewed');
    expect(await tab.accessToken()).not.toBe(before);
  });

  for (const [word, off] of [['ahead', DAY], ['behind', -DAY]] as const) {
    test(`a clock that was set a day ${word} costs nobody the sign-in, and is told`, async ({ tab, openTab }) => {
      await tab.signIn();
      const other = await openTab();
      await other.page.clock.install({ time: Date.now() + off });
      await other.open();
      const claims = await other.evaluate(async ({ session }) => {
        await session.renew();
        return session.userinfo();
      });
      expect(claims['email']).toBe(accounts.pat.email);
      expect(await other.told()).toContain(`clock ${off / 60_000} min`);
      const { expiresAt, ended } = await other.evaluate(({ session }) => ({ expiresAt: session.tokens?.expiresAt ?? 0, ended: !session.isSignedIn }));
      expect(ended).toBe(false);
      expect(Math.abs(expiresAt * 1000 - (Date.now() + HOUR)), 'by the server’s clock').toBeLessThan(60_000);
      const requests = other.tokenRequests;
      await other.evaluate(({ session }) => session.getTokens());
      expect(other.tokenRequests).toBe(requests);
    });
  }
});

test.describe('given two tabs', () => {
  test('the second is signed in by the first, and one renews for both', async ({ tab, openTab }) => {
    await tab.signIn();
    const other = await openTab();
    await other.open();
    expect(await other.told()).toEqual(['shared']);
    const before = tab.tokenRequests + other.tokenRequests;
    const renewed = await Promise.all([tab, other].map((each) => each.evaluate(async ({ session }) => (await session.renew()).accessToken)));
    expect(renewed[0]).toBe(renewed[1]);
    expect(tab.tokenRequests + other.tokenRequests).toBe(before + 1);
    // A refresh token that was used twice would have ended the sign-in.
    expect((await other.evaluate(({ session }) => session.userinfo()))['email']).toBe(accounts.pat.email);
  });

  test('signing out of one is signing out of both, and of the server', async ({ tab, openTab }) => {
    await tab.signIn();
    const other = await openTab();
    await other.open();
    const token = await tab.accessToken();
    await tab.evaluate(({ session }) => session.signOut({ local: true }));
    await expect.poll(() => other.told()).toEqual(['shared', 'signed-out']);
    expect(await other.accessToken()).toBeUndefined();
    const status = await other.page.evaluate(
      async ([issuer, bearer]) => (await fetch(`${issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${bearer}` } })).status,
      [await other.evaluate(({ options }) => options.issuer), token],
    );
    expect(status).toBe(401);
  });

  test('a tab of another client is a stranger', async ({ tab, openTab }) => {
    await tab.signIn();
    const other = await openTab();
    await other.open({ clientId: 'another' });
    expect(await other.evaluate(({ session }) => session.isSignedIn)).toBe(false);
  });
});

test.describe('given proofs of possession', () => {
  /** The thumbprint of the key that the next sign-in is bound to; the browser does not get to the server. */
  async function thumbprint(tab: TokenPage): Promise<string | null> {
    const going = tab.page.waitForRequest('**/v1/authorize?*');
    await tab.page.route('**/v1/authorize?*', (route) => route.fulfill({ status: 204 }));
    await tab.evaluate(({ session }) => session.signInWithRedirect());
    const { searchParams } = new URL((await going).url());
    return searchParams.get('dpop_jkt');
  }

  test('the key is the same after a reload and in another tab, and gone after signing out', async ({ tab, openTab }) => {
    await tab.open({ dpop: true });
    const first = await thumbprint(tab);
    expect(first).toMatch(/^[\w-]{43}$/);
    await tab.open({ dpop: true });
    expect(await thumbprint(tab)).toBe(first);
    const other = await openTab();
    await other.open({ dpop: true });
    expect(await thumbprint(other)).toBe(first);
    await tab.evaluate(({ session }) => session.signOut({ local: true }));
    await tab.open({ dpop: true });
    expect(await thumbprint(tab)).not.toBe(first);
  });

  test('no script can read the key', async ({ tab }) => {
    await tab.open({ dpop: true });
    await thumbprint(tab);
    const key = await tab.evaluate(async () => {
      const asked = <Value>(request: IDBRequest<Value>): Promise<Value> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await asked(indexedDB.open('latchkey-tokens'));
      const [pair] = (await asked(database.transaction('keys').objectStore('keys').getAll())) as CryptoKeyPair[];
      if (!pair) return 'none';
      const exported = await crypto.subtle.exportKey('pkcs8', pair.privateKey).then(String, ({ name }: DOMException) => name);
      return [pair.privateKey.extractable, exported];
    });
    expect(key).toEqual([false, 'InvalidAccessError']);
  });
});
