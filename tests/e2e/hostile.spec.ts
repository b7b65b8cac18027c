/**
 * Answers that no honest server sends, on the real page: whatever comes, the person is left with something to read and a way
 * on, nothing is sent elsewhere, and nothing of it becomes markup or script.
 *
 * Each starts from a real answer of the server. The core's own tests go through the same with every kind of answer; here it
 * is shown for what only a browser has: requests, navigations, the policy, the page.
 */
import { texts } from '../../widget/js/texts.js';
import type { BareWindow, BarePage } from './support/bare-page.js';
import { expect, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { member, pathsOf, without, withValue, type Json, type Path } from './support/json.js';

const ION = 'application/ion+json; okta-version=1.0.0';
const EVIL = 'https://evil.example';

/** Answers `introspect` with whatever the test puts here; the first real answer is kept to be changed. */
class Introspect {
  real: Json = null;
  #fake: { status: number; body: string } | undefined;

  static async on(page: Page, bare: BarePage): Promise<Introspect> {
    const introspect = new Introspect();
    await page.route('**/idp/idx/introspect', async (route) => {
      const response = await route.fetch();
      if (introspect.real === null) introspect.real = (await response.json()) as Json;
      const { status, body } = introspect.#fake ?? { status: response.status(), body: await response.text() };
      const { 'content-length': _, ...headers } = response.headers();
      await route.fulfill({ status, headers: { ...headers, 'content-type': ION }, body });
    });
    await bare.mount();
    await new IdentifyScreen(page).isShown();
    return introspect;
  }

  answer(body: Json | string, status = 200): void {
    this.#fake = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
  }
}

/** Takes the widget down and mounts a new one that knows nothing of the one before. */
async function mountAgain(page: Page): Promise<void> {
  await page.evaluate(() => {
    const bare = window as unknown as BareWindow;
    bare.signIn?.destroy();
    sessionStorage.clear();
    bare.signIn = bare.latchkey.createSignIn(bare.options);
    bare.signIn.mount('#sign-in');
  });
  await expect(page.locator('.latchkey-skeleton, .latchkey-progress:not([hidden]), [aria-busy=true]')).toHaveCount(0);
}

/** A person can read something, and do something. */
async function expectWayOn(page: Page, what: string): Promise<void> {
  const widget = page.locator('.latchkey');
  expect.soft((await widget.innerText()).trim().length, `${what}: something to read`).toBeGreaterThan(3);
  const controls = widget.getByRole('textbox').or(widget.getByRole('button')).or(widget.getByRole('link'));
  expect.soft(await controls.filter({ visible: true }).count(), `${what}: something to do`).toBeGreaterThan(0);
  await expect.soft(page.getByRole('heading', { name: texts.crashed.title }), `${what}: no crash`).toHaveCount(0);
}

/** Every request that leaves for a host that is not of this test. */
async function watchElsewhere(page: Page): Promise<string[]> {
  const elsewhere: string[] = [];
  await page.route(/evil\.example/, (route) => {
    elsewhere.push(route.request().url());
    return route.abort();
  });
  page.on('request', (request) => {
    if (!/^(https?:\/\/localhost[:/]|data:|blob:)/.test(request.url())) elsewhere.push(request.url());
  });
  return elsewhere;
}

test.describe('given an answer with a member of another type', () => {
  const WRONG: readonly Json[] = [null, 42, true, 'a string', [], {}, [[]], ['x'], { type: 'array', value: 'x' }];

  test('every member in turn: a way on, whatever it is', async ({ page, bare }) => {
    test.slow();
    const introspect = await Introspect.on(page, bare);
    const paths = pathsOf(introspect.real);
    expect(paths.length).toBeGreaterThan(20);
    for (const [index, path] of paths.entries()) {
      const wrong = WRONG[index % WRONG.length] ?? null;
      introspect.answer(withValue(introspect.real, path, wrong));
      await mountAgain(page);
      await expectWayOn(page, `${path.join('.')} = ${JSON.stringify(wrong)}`);
    }
  });

  test('every member missing in turn: a way on', async ({ page, bare }) => {
    test.slow();
    const introspect = await Introspect.on(page, bare);
    for (const path of pathsOf(introspect.real)) {
      introspect.answer(without(introspect.real, path));
      await mountAgain(page);
      await expectWayOn(page, `without ${path.join('.')}`);
    }
  });
});

test.describe('given a body that is no answer at all', () => {
  const BODIES: readonly (readonly [string, number])[] = [
    ['', 200],
    ['null', 200],
    ['[]', 200],
    ['"text"', 200],
    ['{}', 200],
    ['{"version":"1.0.0"', 200],
    ['<!doctype html><script>document.title = "run"</script>', 200],
    ['<!doctype html><h1>Bad gateway</h1>', 502],
    ['[['.repeat(50_000), 200],
    [`{"a":`.repeat(20_000), 400],
    ['\ufffd\u0000\u2028', 200],
  ];

  test('each says that something is wrong and offers to try again', async ({ page, bare, guard }) => {
    guard.expectProblem(/^console: Failed to load resource: .* status of 502/);
    const introspect = await Introspect.on(page, bare);
    for (const [body, status] of BODIES) {
      introspect.answer(body, status);
      await mountAgain(page);
      await expectWayOn(page, `${status} ${body.slice(0, 40)}`);
    }
    expect(await page.title()).not.toBe('run');
  });
});

test.describe('given an answer that is huge', () => {
  test('texts of a megabyte, thousands of fields and of remediations can still be left', async ({ page, bare }) => {
    test.slow();
    const introspect = await Introspect.on(page, bare);
    const long = 'long '.repeat(200_000);
    const form: Path = ['remediation', 'value', 0, 'value'];
    const fields = Array.from({ length: 2000 }, (_, index) => ({ name: `field${index}`, label: `Field ${index}` }));
    const [first] = member(introspect.real, ['remediation', 'value']) as Json[];
    const remediations = Array.from({ length: 2000 }, (_, index) => ({ ...(first as object), name: `unknown-${index}` }));
    const messages = { type: 'array', value: [{ message: long, class: 'ERROR', i18n: { key: long } }] };
    const answers: Record<string, Json> = {
      'a label of a megabyte': withValue(introspect.real, [...form, 0, 'label'], long),
      'a message of a megabyte': { ...(introspect.real as object), messages } as Json,
      'a handle of a megabyte': withValue(introspect.real, ['stateHandle'], long),
      '2000 fields': withValue(introspect.real, form, fields as unknown as Json),
      '2000 remediations': withValue(introspect.real, ['remediation', 'value'], remediations as unknown as Json),
    };
    for (const [what, answer] of Object.entries(answers)) {
      introspect.answer(answer);
      await mountAgain(page);
      await expectWayOn(page, what);
    }
  });
});

test.describe('given an answer that would be a script', () => {
  const SCRIPTS = [
    '<img src=x onerror="document.title=\'run\'">',
    '<script>document.title="run"</script>',
    '"><svg onload=document.title="run">',
    'javascript:document.title="run"',
    '{{constructor.constructor("document.title=\'run\'")()}}',
  ];

  test('every text is shown as text', async ({ page, bare }) => {
    const introspect = await Introspect.on(page, bare);
    for (const script of SCRIPTS) {
      const fields: Json = [
        { name: 'identifier', label: script, value: script, required: true },
        { name: script, label: script, hint: script, placeholder: script },
        { name: 'choice', label: script, options: [{ label: script, value: script }, { label: 'b', value: 'b' }] },
      ];
      const changed = withValue(introspect.real, ['remediation', 'value', 0, 'value'], fields) as Record<string, Json>;
      changed['messages'] = { type: 'array', value: [{ message: script, class: 'ERROR', links: [{ label: script, href: script }] }] };
      changed['app'] = { type: 'object', value: { name: script, label: script, logo: { href: script } } };
      changed['user'] = { type: 'object', value: { id: script, identifier: script } };
      introspect.answer(changed);
      await mountAgain(page);
      await expectWayOn(page, script);
      await expect(page.locator('.latchkey').getByRole('alert')).toContainText(script);
      await expect(page.locator('.latchkey').locator('img[src=x], script, svg[onload], [href^="javascript:" i]')).toHaveCount(0);
      expect(await page.title()).not.toBe('run');
    }
  });
});

test.describe('given an answer that leads elsewhere', () => {
  const ADDRESSES = (server: string): readonly string[] => [
    `${EVIL}/steal`,
    '//evil.example/steal',
    '\\\\evil.example\\steal',
    `${server}@evil.example/steal`,
    `${server}.evil.example/steal`,
    `${server.replace('localhost', 'localhost%2eevil.example')}/steal`,
    'javascript:document.title="run"',
    'data:text/html,steal',
  ];

  test('a form that wants to be sent elsewhere is not, and the person is told', async ({ page, bare, places }) => {
    const elsewhere = await watchElsewhere(page);
    const introspect = await Introspect.on(page, bare);
    for (const href of ADDRESSES(places.identifierFirst.server)) {
      introspect.answer(withValue(introspect.real, ['remediation', 'value', 0, 'href'], href));
      await mountAgain(page);
      await expectWayOn(page, href);
      const username = page.locator('.latchkey').getByRole('textbox').first();
      if (await username.isVisible()) {
        await username.fill('pat@example.com');
        await username.press('Enter');
        await expect(page.locator('.latchkey-progress')).toBeHidden();
        await expectWayOn(page, `${href}, after sending`);
      }
      await expect(page.getByRole('alert')).toBeVisible();
    }
    expect(elsewhere).toEqual([]);
    expect(await page.title()).not.toBe('run');
  });

  test('nor is a redirect to a script followed', async ({ page, bare }) => {
    const elsewhere = await watchElsewhere(page);
    const introspect = await Introspect.on(page, bare);
    const address = page.url();
    for (const href of ['javascript:document.title="run"', 'data:text/html,steal', 'vbscript:x', 'file:///etc/passwd', 'about:blank']) {
      introspect.answer({ version: '1.0.0', stateHandle: 'x', success: { name: 'success-redirect', href } });
      await mountAgain(page);
      await expectWayOn(page, href);
      expect(page.url()).toBe(address);
    }
    expect(elsewhere).toEqual([]);
    expect(await page.title()).not.toBe('run');
  });
});
