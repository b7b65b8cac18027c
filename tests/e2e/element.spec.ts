/**
 * `<latchkey-sign-in>`: written in HTML, made by a script, changed, moved, taken away and set up wrongly. What the sign-in itself
 * does is the same as with `createSignIn`, and tested there.
 */
import type { SignInElement } from '../../widget/js/element-types.js';
import { accounts } from './support/accounts.js';
import type { BareWindow } from './support/bare-page.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

type Attributes = Readonly<Record<string, string>>;

/** Puts an element with attributes that work, and these, into the page; what it tells goes to `seen`. */
const place = (page: Page, own: Attributes = {}): Promise<void> =>
  page.evaluate((more) => {
    const { options, seen } = window as unknown as BareWindow;
    const element = document.createElement('latchkey-sign-in');
    const attributes = { issuer: options.issuer, 'client-id': options.clientId, 'redirect-uri': options.redirectUri, ...more };
    for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
    for (const name of ['ready', 'screen', 'success', 'error', 'unload'] as const) {
      element.addEventListener(name, (event) => {
        const { detail } = event as CustomEvent;
        seen.push(`${name} ${detail instanceof Error ? detail.message : JSON.stringify(detail)}`);
      });
    }
    document.querySelector('#sign-in')?.append(element);
  }, own);

/** Does something with the element. */
const act = <Result>(page: Page, what: (element: SignInElement) => Result): Promise<Result> =>
  page.evaluate(`(${what.toString()})(document.querySelector('latchkey-sign-in'))`) as Promise<Result>;

test.describe('given an element with attributes', () => {
  test.beforeEach(async ({ bare, page }) => {
    await bare.open();
    await place(page);
    await new IdentifyScreen(page).isShown();
  });

  test('a person signs in, and its events tell of it, to itself alone', async ({ page, bare }) => {
    await page.evaluate(() => {
      const { seen } = window as unknown as BareWindow;
      document.querySelector('#sign-in')?.addEventListener('success', () => seen.push('bubbled'));
    });
    await expectAccessible(page);
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    const outcome = await act(page, (element) => element.finished);
    expect(outcome.status === 'signed-in' && outcome.tokens.idToken?.claims['email']).toBe(accounts.pat.email);
    await expect.poll(async () => (await bare.seen()).map((line) => line.split(' ')[0])).toEqual(['screen', 'ready', 'screen', 'screen', 'success']);
    const [, , screen = ''] = await bare.seen();
    expect(JSON.parse(screen.slice('screen '.length))).toEqual({ name: 'challenge-authenticator', authenticator: 'okta_password' });
  });

  test('a changed attribute changes the widget, and what was typed stays', async ({ page }) => {
    const identify = new IdentifyScreen(page);
    await identify.username.fill('half-ty');
    await act(page, (element) => element.setAttribute('color-scheme', 'dark'));
    await expect(identify.widget).toHaveAttribute('data-color-scheme', 'dark');
    await act(page, (element) => (element.colorScheme = 'light'));
    await expect(identify.widget).toHaveAttribute('data-color-scheme', 'light');
    await act(page, (element) => (element.colorScheme = undefined));
    await expect(identify.widget).toHaveAttribute('data-color-scheme', 'dark');
    await act(page, (element) => element.removeAttribute('color-scheme'));
    await expect(identify.widget).not.toHaveAttribute('data-color-scheme');
    await expect(identify.username).toHaveValue('half-ty');
  });

  test('moved within one turn it keeps what was typed, and tells of nothing', async ({ page, bare }) => {
    const identify = new IdentifyScreen(page);
    await identify.username.fill('half-ty');
    await act(page, (element) => {
      element.remove();
      document.querySelector('#elsewhere')?.append(element);
    });
    await expect(page.locator('#elsewhere').getByRole('textbox')).toHaveValue('half-ty');
    expect((await bare.seen()).filter((line) => line.startsWith('unload'))).toEqual([]);
  });

  test('taken out it is unmounted, and put in again it goes on where the person was', async ({ page, bare }) => {
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    await page.evaluate(async () => {
      const element = document.querySelector('latchkey-sign-in') as SignInElement;
      const unloaded = new Promise((resolve) => element.addEventListener('unload', resolve));
      element.remove();
      await unloaded;
      (window as unknown as { kept: Element[] }).kept = [element, ...element.children];
    });
    expect(await page.evaluate(() => (window as unknown as { kept: Element[] }).kept.length), 'it is empty').toBe(1);
    await page.evaluate(() => document.querySelector('#elsewhere')?.append((window as unknown as { kept: Element[] }).kept[0] as Element));
    await new PasswordScreen(page).isShown();
    expect((await bare.seen()).at(-1)).toBe('ready null');
  });

  test('destroying it empties it for good', async ({ page }) => {
    const outcome = await act(page, (element) => {
      element.destroy();
      element.destroy();
      return element.finished;
    });
    expect(outcome).toEqual({ status: 'cancelled' });
    await act(page, (element) => document.querySelector('#elsewhere')?.append(element));
    await expect(page.locator('latchkey-sign-in')).toBeEmpty();
  });

  test('a mistake in a changed attribute is told, and the widget goes on', async ({ page, bare }) => {
    const identify = new IdentifyScreen(page);
    await identify.username.fill('half-ty');
    await act(page, (element) => element.setAttribute('max-age', 'soon'));
    await expect.poll(async () => (await bare.seen()).at(-1)).toBe('error attribute `max-age` must be a whole number of seconds, 0 or more');
    await expect(identify.username).toHaveValue('half-ty');
  });

  test('`on` is that of the object', async ({ page, bare }) => {
    await act(page, (element) => {
      const { seen } = window as unknown as BareWindow;
      const stop = element.on('screen', ({ name }) => {
        seen.push(`on ${name}`);
        stop();
      });
    });
    expect(await act(page, (element) => {
      try {
        return String(element.on('sucess' as 'success', () => {}));
      } catch (error) {
        return (error as { code: string }).code;
      }
    })).toBe('events.unknown');
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    await expect.poll(async () => (await bare.seen()).filter((line) => line.startsWith('on '))).toEqual(['on challenge-authenticator']);
  });

  test('defining it a second time does no harm', async ({ page }) => {
    await page.evaluate(async () => {
      const again: string = '/latchkey/latchkey.js?again';
      await import(again);
    });
    await expect(page.locator('.latchkey')).toHaveCount(1);
  });
});

test.describe('given an element that is set up wrongly', () => {
  test('an error that a listener has heard is not on the console too', async ({ bare, page }) => {
    const warned: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warned.push(message.text()));
    await bare.open();
    await place(page, { 'client-id': 'nobody' });
    await expect.poll(async () => (await bare.seen()).join()).toContain('invalid_client');
    expect(warned).toEqual([]);
  });

  for (const [attributes, message] of [
    [{ 'client-id': '' }, 'attribute `client-id` is required'],
    [{ issuer: 'http://id.example.com' }, 'attribute `issuer` must be an https address without query and fragment (http on localhost)'],
    [{ 'max-age': ' ' }, 'attribute `max-age` must be a whole number of seconds, 0 or more'],
    [{ 'color-scheme': 'mauve' }, "attribute `color-scheme` must be 'light' or 'dark' or 'auto'"],
    [{ 'code-challenge': 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' }, '`code-challenge` and `code-challenge-method` go together'],
  ] as const) {
    test(`it says so in its place, and in an event: ${message}`, async ({ page, bare }) => {
      await bare.open();
      await place(page, attributes);
      await expect(page.getByRole('alert')).toHaveText(message);
      expect(await bare.seen()).toEqual([`error ${message}`]);
      await expectAccessible(page);
    });
  }

  test('set right, it is there', async ({ page, bare }) => {
    await bare.open();
    await place(page, { 'client-id': '' });
    await expect(page.getByRole('alert')).toBeVisible();
    await act(page, (element) => (element.clientId = 'demo-spa'));
    await new IdentifyScreen(page).isShown();
    await expect(page.locator('.latchkey')).toHaveCount(1);
  });

  test('a wrong property is called an option, and `onError` is told too', async ({ page, bare }) => {
    await bare.open();
    await place(page, { 'client-id': '' });
    await expect(page.getByRole('alert')).toBeVisible();
    await act(page, (element) => {
      element.update({ clientId: 'demo-spa', onError: ({ code }) => (window as unknown as BareWindow).seen.push(`onError ${code}`) });
      element.scopes = [];
    });
    await expect.poll(() => bare.seen()).toEqual([
      'error attribute `client-id` is required',
      'onError options.value',
      'error option `scopes` must be an array of at least one scope, each without spaces',
    ]);
  });
});

test.describe('given a page with the element in its HTML, and one script tag', () => {
  test('attributes, a nonce that the browser hides, and what was set before the script came all count', async ({ page, places }) => {
    const asked = page.waitForRequest((request) => request.url().endsWith('/v1/interact') && request.method() === 'POST');
    await page.goto(`${places.bare}/element`);
    const params = new URLSearchParams((await asked).postData() ?? '');
    expect(params.get('nonce')).toBe('chosen-by-the-page');
    expect(params.get('scope')).toBe('openid email');
    await expect(new IdentifyScreen(page).username).toHaveValue('early@example.com');
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).submit(accounts.pat.password);
    expect(await act(page, async (element) => (await element.finished).status)).toBe('signed-in');
  });
});
