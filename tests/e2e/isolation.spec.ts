/**
 * The page's styles and the widget's: in a shadow root neither reaches the other, without one the widget goes on working whatever
 * the page says, and changes nothing of it.
 */
import { accounts } from './support/accounts.js';
import type { BareWindow } from './support/bare-page.js';
import { Ceremonies } from './support/ceremonies.js';
import { expect, expectAccessible, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { VirtualAuthenticator } from './support/virtual-authenticator.js';

/** What pages say, on purpose or not. */
const HOSTILE = `
  * { all: unset !important; font-size: 40px !important; }
  button, input, label { display: none !important; }
  div { position: absolute !important; inset-inline-start: -999px !important; }
  html { font: 60px fantasy; color: red; letter-spacing: 1em; text-transform: uppercase; visibility: visible }
  .latchkey, [id], [class], [type] { opacity: 0.1 !important; transform: rotate(3deg) !important; }
`;

/** Words that a page puts before everything are part of every name; so this is for the shadow root alone. */
const INTRUSIVE = `::placeholder, ::before, ::after { content: 'x' !important; display: block !important; }`;

/** The same from a page that only means its own elements. */
const CARELESS = `
  html { font-size: 62.5%; }
  body { font: 26px fantasy; letter-spacing: 0.2em; text-transform: uppercase; text-align: end; }
  * { box-sizing: content-box; margin: 9px; }
  label { display: none; } input { appearance: none; border: 0; background: none; width: 9px; } div { position: absolute; }
  form button { display: none; } h2 { visibility: hidden; } :focus { outline: none; }
`;

/** Adds a style sheet to the page as its own script would, or puts nothing in the place of the last one. */
const style = (page: Page, text: string): Promise<void> =>
  page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, text);

/** All computed styles of the widget's elements, and where they are on its card. */
const look = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('.latchkey')?.shadowRoot?.querySelector('.latchkey') ?? document.querySelector('.latchkey');
    const origin = root?.getBoundingClientRect();
    return [root, ...(root?.querySelectorAll('*') ?? [])].flatMap((element) => {
      if (!element) return [];
      const { x, y, width, height } = element.getBoundingClientRect();
      const isDrawn = width + height > 0;
      const place = isDrawn && [x - (origin?.x ?? 0), y - (origin?.y ?? 0), width, height].map(Math.round).join();
      return ['', '::before', '::after'].map((part) => {
        const styles = getComputedStyle(element, part);
        // Custom properties are the page's way in.
        const said = [...styles].filter((name) => !name.startsWith('--')).map((name) => `${name}: ${styles.getPropertyValue(name)}`);
        return `${element.tagName}.${element.className}${part} ${place} ${said.join('; ')}`;
      });
    });
  });

/** Gives the place a size of its own, which the page may. */
const fix = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const place = document.querySelector('#sign-in') as HTMLElement;
    const said = { display: 'block', position: 'static', 'inline-size': '400px', opacity: '1', transform: 'none', 'font-size': '16px' };
    for (const [name, value] of Object.entries(said)) place.style.setProperty(name, value, 'important');
  });

test.describe('given a widget in a shadow root', () => {
  test.beforeEach(async ({ bare }) => {
    await bare.open();
  });

  test('a person signs in, and the focus goes where it should', async ({ page, bare }) => {
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className.split(' ')[0]);
    await bare.mountHere({ isolation: 'shadow' });
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expectAccessible(page);
    await identify.submit(accounts.pat.email);
    const password = new PasswordScreen(page);
    await password.isShown();
    await expect.poll(focused).toBe('latchkey-title');
    await password.submit('wrong');
    await expect(password.alert).toBeVisible();
    await expect.poll(focused).toBe('latchkey-alert');
    await expectAccessible(page);
    await password.password.fill(accounts.pat.password);
    await password.password.press('Enter');
    expect(await bare.outcome()).toBe('signed-in');
  });

  test('whatever the page says, it looks the same', async ({ page, bare }) => {
    await fix(page);
    await bare.mountHere({ isolation: 'shadow' });
    await new IdentifyScreen(page).isShown();
    await page.mouse.move(0, 0);
    const before = await look(page);
    expect(before.length).toBeGreaterThan(30);
    for (const css of [HOSTILE + INTRUSIVE, CARELESS]) {
      await style(page, css);
      await fix(page);
      expect(await look(page)).toEqual(before);
    }
  });

  test('variables reach it, from the page and from its own element', async ({ page, bare }) => {
    await style(page, ':root { --latchkey-color-accent: rgb(1, 2, 3); } .latchkey { --latchkey-radius-control: 9px; }');
    await bare.mountHere({ isolation: 'shadow' });
    const { next } = new IdentifyScreen(page);
    await expect(next).toHaveCSS('background-color', 'rgb(1, 2, 3)');
    await expect(next).toHaveCSS('border-radius', '9px');
  });

  test('a page can still hide it', async ({ page, bare }) => {
    await bare.mountHere({ isolation: 'shadow' });
    await new IdentifyScreen(page).isShown();
    await style(page, '#sign-in { visibility: hidden; }');
    await expect(new IdentifyScreen(page).heading).toBeHidden();
  });

  test('passkeys are offered in the autofill of its field', async ({ page, places }) => {
    await VirtualAuthenticator.on(page, { answers: false });
    const ceremonies = await Ceremonies.of(page);
    await page.reload();
    await page.waitForFunction(() => 'latchkey' in window);
    await page.evaluate((issuer) => {
      const { latchkey, options } = window as unknown as BareWindow;
      latchkey.createSignIn({ ...options, issuer, isolation: 'shadow' }).mount('#sign-in');
    }, places.passkeys.issuer);
    await new IdentifyScreen(page).isShown();
    await expect.poll(() => ceremonies.told()).toEqual(['offer open']);
    await expect(new IdentifyScreen(page).username).toHaveAttribute('autocomplete', 'username webauthn');
  });

  test('it can be moved, mounted again, and be there twice', async ({ page, bare }) => {
    await bare.mountHere({ isolation: 'shadow', colorScheme: 'dark' });
    const identify = new IdentifyScreen(page);
    await identify.username.fill('half-ty');
    await page.evaluate(() => (window as unknown as BareWindow).signIn.mount('#elsewhere'));
    await expect(page.locator('#elsewhere').getByRole('textbox')).toHaveValue('half-ty');
    await page.evaluate(() => {
      const { signIn, latchkey, options } = window as unknown as BareWindow;
      signIn.unmount();
      signIn.mount('#sign-in');
      latchkey.createSignIn({ ...options, isolation: 'shadow' }).mount('#elsewhere');
    });
    await expect(page.locator('.latchkey').getByRole('textbox')).toHaveCount(2);
    await expectAccessible(page);
  });

  test('without its style sheet it says so, and works', async ({ page, bare, guard }) => {
    guard.expectProblem(/Failed to load resource/);
    await page.route('**/latchkey.css', (route) => route.abort());
    await page.evaluate(() => {
      const bare = window as unknown as BareWindow;
      bare.signIn = bare.latchkey.createSignIn({ ...bare.options, isolation: 'shadow', onError: ({ code }) => bare.seen.push(code) });
      bare.signIn.mount('#sign-in');
    });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await new PasswordScreen(page).isShown();
    expect(await bare.seen()).toEqual(['load.unreachable']);
  });

  test('a captcha’s frame is in it', async ({ page, bare, places, guard }) => {
    guard.expectProblem(/Failed to load resource|hcaptcha/);
    await page.route('https://**', (route) => route.abort());
    await bare.mountHere({ isolation: 'shadow', issuer: `${places.bare}/gallery-issuer/identify/none-hcaptcha/oauth2` });
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await expect(page.locator('.latchkey iframe')).toBeVisible();
  });
});

test.describe('given a widget among the page’s own elements', () => {
  test.beforeEach(async ({ bare }) => {
    await bare.open();
  });

  for (const [manner, css] of [['hostile', HOSTILE.replace('button, input, label', 'button')], ['careless', CARELESS]] as const) {
    test(`with ${manner} styles its fields have their names, and a person signs in by the keyboard`, async ({ page, bare }) => {
      await style(page, css);
      await fix(page);
      await bare.mountHere();
      const identify = new IdentifyScreen(page);
      await expect(identify.username).toBeVisible();
      await identify.username.fill(accounts.pat.email);
      await identify.username.press('Enter');
      const password = new PasswordScreen(page);
      await password.password.fill(accounts.pat.password);
      await password.password.press('Enter');
      expect(await bare.outcome()).toBe('signed-in');
    });
  }

  test('careless styles do not change how it looks', async ({ page, bare }) => {
    await fix(page);
    await bare.mountHere();
    await new IdentifyScreen(page).isShown();
    await page.mouse.move(0, 0);
    const before = await look(page);
    await style(page, CARELESS);
    await fix(page);
    expect((await look(page)).slice(3)).toEqual(before.slice(3));
  });

  test('its style sheet changes nothing of the page', async ({ page, bare }) => {
    await bare.mountHere();
    await new IdentifyScreen(page).isShown();
    const changed = await page.evaluate(() => {
      const tags = ['h1', 'h2', 'p', 'a', 'button', 'input', 'select', 'textarea', 'label', 'form', 'fieldset', 'legend', 'table', 'td', 'ul', 'li'];
      const own = [...tags, 'section', 'header', 'img', 'iframe', 'details', 'dialog', 'code', 'svg'].map((tag) => document.createElement(tag));
      const classes = ['card', 'button', 'field', 'alert', 'title', 'hidden', 'active', 'link', 'input'].map((name) =>
        Object.assign(document.createElement('div'), { className: name }),
      );
      document.querySelector('main')?.append(...own, ...classes);
      const all = [document.documentElement, document.body, ...document.querySelectorAll('main, #sign-in, #elsewhere'), ...own, ...classes];
      const read = (): string[] =>
        all.flatMap((element) =>
          ['', '::before', '::after', '::placeholder', '::marker'].map((part) => {
            const styles = getComputedStyle(element, part);
            return `${element.tagName}${part} ${[...styles].map((name) => `${name}: ${styles.getPropertyValue(name)}`).join('; ')}`;
          }),
        );
      // The widget itself takes up more or less of the page with its styles than without.
      (document.querySelector('.latchkey') as HTMLElement).remove();
      const before = read();
      document.querySelector('link[rel=stylesheet]')?.remove();
      const after = read();
      return before.filter((line, index) => line !== after[index]);
    });
    expect(changed).toEqual([]);
  });
});
