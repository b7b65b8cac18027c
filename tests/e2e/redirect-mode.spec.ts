/**
 * `mode: 'redirect'` of the widget: a card with one button, which leads to the server's own page; `latchkey/tokens` finishes
 * what it has begun.
 */
import type { SignIn } from '../../widget/js/types.js';
import { accounts } from './support/accounts.js';
import type { BareWindow, PlainOptions } from './support/bare-page.js';
import { expect, test as base, type Page } from './support/fixtures.js';
import { look } from './support/look.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { TokenPage } from './support/token-page.js';

const test = base.extend<{ readonly tab: TokenPage }>({
  tab: async ({ page, places }, use) => use(new TokenPage(page, places.bare)),
});

/** The bare page is registered by this address. */
const OPTIONS = { mode: 'redirect', redirectUri: '/' } as const;

const button = (page: Page) => page.getByRole('region', { name: 'Sign in' }).getByRole('button', { name: 'Sign in' });
const alert = (page: Page) => page.locator('.latchkey').getByRole('alert');

/** Presses, and waits for the server's page: the card has the same title. */
async function leave(page: Page): Promise<URL> {
  await button(page).click();
  await page.waitForURL('**/v1/authorize?*');
  await new IdentifyScreen(page).isShown();
  return new URL(page.url());
}

/** Comes back to the page, takes up the answer, and says what came of it. */
async function comeBack(tab: TokenPage): Promise<string> {
  await tab.page.waitForURL((url) => url.searchParams.has('code') && url.searchParams.has('state'));
  await tab.begin({ redirectUri: '/' });
  return tab.evaluate(({ session }) => session.handleCallback().then(({ status }) => status, ({ code }: { code: string }) => code));
}

/** Mounts on a page that is open already, and writes down the errors. */
async function mountAndListen(page: Page, own: PlainOptions = {}): Promise<void> {
  await page.evaluate((options) => {
    const here = window as unknown as BareWindow & { readonly seen: string[] };
    here.signIn = here.latchkey.createSignIn({ ...here.options, ...options });
    here.signIn.on('error', ({ code, message }) => void here.seen.push(`${code}: ${message}`));
    here.signIn.mount('#sign-in');
  }, { ...OPTIONS, ...own });
}

test.describe('given `mode: redirect`', () => {
  test('one press leads to the server’s page, and back to where the person was', async ({ bare, tab, page, places }) => {
    const files: string[] = [];
    page.on('request', (request) => files.push(new URL(request.url()).pathname));
    await bare.mount(OPTIONS);
    await expect(button(page)).toBeVisible();
    await look(page, 'screens', 'redirect');
    expect(files.filter((file) => file.endsWith('.wasm')), 'no WebAssembly is needed').toEqual([]);
    await page.evaluate(() => history.replaceState(null, '', '/?policy=usual&own=1#deep'));

    await button(page).press('Enter');
    await page.waitForURL(`${places.identifierFirst.issuer}/v1/authorize?*`);
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    expect(await comeBack(tab)).toBe('signed-in');
    expect(page.url()).toBe(`${places.bare}/?policy=usual&own=1#deep`);
  });

  test('what the page asked for is asked of the server', async ({ bare, page }) => {
    await bare.mount({ ...OPTIONS, username: 'pat@example.com', maxAge: 60, scopes: ['openid', 'email'] });
    const { searchParams } = await leave(page);
    expect(Object.fromEntries(searchParams)).toMatchObject({ login_hint: 'pat@example.com', max_age: '60', scope: 'openid email' });
  });

  test('a state that was made up is refused on the way back', async ({ bare, tab, page, places }) => {
    await bare.mount(OPTIONS);
    await leave(page);
    await page.goto(`${places.bare}/?code=c&state=forged&iss=${encodeURIComponent(places.identifierFirst.issuer)}`);
    expect(await comeBack(tab)).toBe('callback.unknown_state');
  });

  test('so is an answer of another issuer (RFC 9207)', async ({ bare, tab, page, places }) => {
    await bare.mount(OPTIONS);
    const state = (await leave(page)).searchParams.get('state') ?? '';
    await page.goto(`${places.bare}/?${new URLSearchParams({ code: 'c', state, iss: places.passkeys.issuer }).toString()}`);
    expect(await comeBack(tab)).toBe('callback.issuer_mismatch');
  });

  test('a page that comes back signed out for ever is stopped, and says so', async ({ bare, page }) => {
    for (let time = 0; time < 5; time++) {
      await bare.mount(OPTIONS);
      await leave(page);
    }
    await bare.open();
    await mountAndListen(page);
    await button(page).click();
    await expect(alert(page)).toContainText('again and again');
    expect(await bare.seen()).toEqual([expect.stringMatching(/^redirect.loop: /)]);
    await look(page, 'screens', 'redirect-loop');
  });

  test('a server that cannot be reached is told, and another press tries again', async ({ bare, page, guard, places }) => {
    guard.expectProblem(/ERR_FAILED/);
    await page.route(`${places.identifierFirst.issuer}/.well-known/**`, (route) => route.abort(), { times: 1 });
    await bare.open();
    await mountAndListen(page);
    await button(page).click();
    await expect(alert(page)).toContainText('cannot be reached');
    expect(await bare.seen()).toEqual([expect.stringMatching(/^network.unreachable: /)]);
    await expect(button(page)).toBeFocused();
    await leave(page);
  });

  test('a script that cannot be loaded is told, and can be tried again', async ({ bare, page, guard }) => {
    guard.expectProblem(/ERR_FAILED/);
    await bare.open();
    await page.route('**/latchkey-redirect.js', (route) => route.abort());
    await mountAndListen(page);
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    expect(await bare.seen()).toEqual([expect.stringMatching(/^load.unreachable: /)]);
  });

  test('an option that a form would need is refused by name', async ({ bare, page }) => {
    await bare.open();
    await mountAndListen(page, { nonce: 'n' });
    await expect(alert(page)).toContainText('went wrong on our side');
    expect(await bare.seen()).toEqual([expect.stringContaining("options.conflict: option `nonce` means nothing with `mode: 'redirect'`")]);
    await expect(button(page)).toHaveCount(0);
  });

  for (const name of ['idps', 'transformUsername', 'hooks.before', 'features.autoFocus'] as const) {
    test(`and so is one that the server’s page knows nothing of: ${name}`, async ({ bare, page }) => {
      await bare.open();
      await page.evaluate((given) => {
        const own = {
          idps: { idps: [{ id: '0oa1' }] },
          transformUsername: { transformUsername: (username: string) => username },
          'hooks.before': { hooks: { before: { identify: () => undefined } } },
          'features.autoFocus': { features: { autoFocus: true } },
        }[given];
        const here = window as unknown as BareWindow & { readonly seen: string[] };
        here.signIn = here.latchkey.createSignIn({ ...here.options, ...own, mode: 'redirect', redirectUri: '/' });
        here.signIn.on('error', ({ code, message }) => void here.seen.push(`${code}: ${message}`));
        here.signIn.mount('#sign-in');
      }, name);
      await expect(alert(page)).toBeVisible();
      expect(await bare.seen()).toEqual([expect.stringContaining(`options.conflict: option \`${name}\` means nothing with \`mode: 'redirect'\``)]);
    });
  }

  test('it is told once however often the options come, and is over when the option is gone', async ({ bare, page }) => {
    await bare.open();
    await mountAndListen(page, { nonce: 'n' });
    await expect(alert(page)).toBeVisible();
    await page.evaluate(() => {
      const { signIn } = window as unknown as BareWindow;
      for (const nonce of ['n', 'n', 'm']) signIn.update({ nonce });
    });
    expect(await bare.seen()).toHaveLength(1);
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ nonce: undefined }));
    await expect(alert(page)).toBeHidden();
    await leave(page);
  });

  test('a press is over when the widget is, or when it would lead elsewhere', async ({ bare, page, places }) => {
    const ends: readonly ((signIn: SignIn) => void)[] = [(signIn) => signIn.destroy(), (signIn) => signIn.unmount(), (signIn) => signIn.update({ clientId: 'another' })];
    for (const end of ends) {
      await bare.open();
      let go = (): void => {};
      const held = new Promise<void>((resolve) => (go = resolve));
      await page.route(`${places.identifierFirst.issuer}/.well-known/**`, async (route) => {
        await held;
        await route.continue();
      });
      await mountAndListen(page);
      await button(page).click();
      const answered = page.waitForResponse('**/.well-known/**');
      await page.evaluate(`(${end.toString()})(window.signIn)`);
      go();
      await (await answered).finished();
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      expect(new URL(page.url()).origin).toBe(places.bare);
      expect(await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('sign-in.latchkey.'))), 'nothing of it is remembered').toEqual([]);
      await page.unrouteAll();
    }
  });

  test('it speaks the languages of the widget, and the page’s own words', async ({ bare, page }) => {
    await bare.open();
    await mountAndListen(page, { language: 'de' });
    await expect(page.getByRole('region', { name: 'Anmelden' }).getByRole('button', { name: 'Anmelden' })).toBeVisible();
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ language: 'en', messages: { 'redirect.action': 'Go' } }));
    await expect(page.getByRole('button', { name: 'Go', exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
    expect(await bare.seen()).toEqual([]);
  });

  test('it works fenced off in a shadow root, and as an element', async ({ bare, page }) => {
    await bare.mount({ ...OPTIONS, isolation: 'shadow' });
    await leave(page);
    await bare.open();
    await page.evaluate(() => {
      const { options } = window as unknown as BareWindow;
      const element = document.createElement('latchkey-sign-in');
      const attributes = { issuer: options.issuer, 'client-id': options.clientId, 'redirect-uri': '/', mode: 'redirect' };
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.querySelector('#sign-in')?.append(element);
    });
    await leave(page);
  });

  test('unmounted and mounted anew, or changed to the form and back, it is drawn as it should be', async ({ bare, page }) => {
    await bare.mount(OPTIONS);
    await expect(button(page)).toBeVisible();
    await page.evaluate(() => {
      const { signIn } = window as unknown as BareWindow;
      signIn.unmount();
      signIn.mount('#sign-in');
    });
    await expect(button(page)).toBeVisible();
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ mode: 'embedded' }));
    await new IdentifyScreen(page).isShown();
    await page.evaluate(() => (window as unknown as BareWindow).signIn.update({ mode: 'redirect' }));
    await expect(button(page)).toBeVisible();
    await expect(page.locator('.latchkey input')).toHaveCount(0);
  });
});
