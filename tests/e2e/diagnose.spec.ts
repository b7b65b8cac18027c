/**
 * `latchkey/diagnose`: each thing that can be wrong is made wrong, for real where that can be, and its finding says so, with a way
 * out, and nothing else is blamed.
 */
import { readFile } from 'node:fs/promises';
import type { Frame, Route } from '@playwright/test';
import type { Finding, FindingCode, SignInOptions } from '../../widget/js/diagnose.js';
import type { BareWindow } from './support/bare-page.js';
import { expect, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import type { World } from './support/world.js';

const { folder } = JSON.parse(await readFile(new URL('../../dist/integrity.json', import.meta.url), 'utf8')) as { folder: string };

/** Looks, with these options on top of those that work there. */
async function diagnose(place: Page | Frame, options: Partial<SignInOptions> | Record<string, unknown> = {}, entry = '/latchkey/latchkey-diagnose.js'): Promise<readonly Finding[]> {
  return place.evaluate(
    async ([own, address]) => {
      const { diagnose: look } = (await import(address)) as typeof import('../../widget/js/diagnose.js');
      return look({ ...(window as unknown as BareWindow).options, ...own });
    },
    [options, entry] as const,
  );
}

const failed = (findings: readonly Finding[]): readonly FindingCode[] => findings.flatMap(({ code, ok }) => (ok === false ? [code] : []));

/** These checks fail and no others, and each that does has a way out. */
function expectFailed(findings: readonly Finding[], ...codes: readonly FindingCode[]): void {
  expect(failed(findings), JSON.stringify(findings.filter(({ ok }) => ok === false), null, 1)).toEqual(codes);
  for (const { ok, what, fix } of findings) {
    expect(what).toMatch(/\.$/);
    if (ok !== true) expect(fix).toMatch(/\.$/);
  }
}

const finding = (findings: readonly Finding[], code: FindingCode): Finding | undefined => findings.find((known) => known.code === code);

/** Goes to the empty page, served with a policy in which this stands instead of that. */
async function openChanged(page: Page, { bare }: World, from: string, to: string): Promise<void> {
  await page.goto(`${bare}/?${new URLSearchParams([['change', from], ['change', to]])}`);
  await page.waitForFunction(() => 'latchkey' in window);
}

test.describe('given a page on which all is well', () => {
  test('nothing fails, the console says so, and the widget is not disturbed', async ({ page, bare }) => {
    await bare.mount();
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await identify.username.fill('half-ty');
    const printed = page.waitForEvent('console', (message) => message.text().startsWith('Latchkey '));
    const findings = await diagnose(page);
    expectFailed(findings);
    expect(findings.length).toBeGreaterThan(25);
    expect((await printed).text()).toMatch(/^Latchkey \d+\.\d+\.\d+: nothing is wrong/);
    expect(finding(findings, 'files.versions')?.details).toMatchObject({ changed: [] });
    expect(Number(finding(findings, 'files.versions')?.details?.['same']), 'files were compared').toBeGreaterThan(2);
    await expect(identify.username).toHaveValue('half-ty');
    await expect(page.locator('.latchkey')).toHaveCount(1);
  });

  test('`mode: redirect`: what only a form needs is not looked at, and discovery, keys and token are', async ({ page, bare }) => {
    await bare.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const findings = await diagnose(page, { mode: 'redirect' });
    expectFailed(findings);
    for (const code of ['server.discovery', 'server.keys', 'server.token'] as const) expect(finding(findings, code)?.ok, code).toBe(true);
    for (const code of ['browser.wasm', 'policy.compile', 'server.begins'] as const) expect(finding(findings, code)?.ok, code).toBe('unknown');
    expect(asked.filter((path) => path.endsWith('/interact'))).toEqual([]);
  });

  test('passkeys are found where the server asks for them', async ({ page, bare, places }) => {
    await bare.open();
    const findings = await diagnose(page, { issuer: places.passkeys.issuer });
    expectFailed(findings);
    expect(finding(findings, 'passkeys.rp_id')).toMatchObject({ ok: true, });
  });

  test('nothing is printed if nothing is to be', async ({ page, bare }) => {
    await bare.open();
    const printed: string[] = [];
    // What the browser writes by itself about refused requests is an error.
    page.on('console', (message) => message.type() !== 'error' && printed.push(message.text()));
    await page.evaluate(async () => {
      const entry = '/latchkey/latchkey-diagnose.js';
      const { diagnose: look } = (await import(entry)) as typeof import('../../widget/js/diagnose.js');
      await look((window as unknown as BareWindow).options, { print: false });
    });
    expect(printed).toEqual([]);
  });
});

/** What is wrong in the options alone, and the finding. */
const OPTIONS: readonly (readonly [FindingCode, Record<string, unknown>, RegExp])[] = [
  ['options.valid', { clientID: 'x' }, /did you mean `clientId`/],
  ['server.client', { clientId: 'nobody' }, /client_id/],
  ['server.redirect_uri', { redirectUri: '/nowhere' }, /nowhere/],
  ['server.scopes', { scopes: ['openid', 'nonsense'] }, /nonsense/],
  ['server.begins', { acrValues: 'urn:nonsense' }, /acr_values/],
];

test.describe('given options that do not fit the server', () => {
  for (const [code, options, said] of OPTIONS) {
    test(code, async ({ page, bare }) => {
      await bare.open();
      const findings = await diagnose(page, options);
      expectFailed(findings, code);
      expect(JSON.stringify(finding(findings, code)?.details)).toMatch(said);
    });
  }

  test('server.grant_type: a client that may not use interaction codes', async ({ page, places }) => {
    await page.goto(`${places.tour.site}/`);
    const findings = await diagnose(page, { issuer: places.tour.issuer, clientId: 'demo-device', redirectUri: '/callback' });
    expectFailed(findings, 'server.grant_type');
    expect(finding(findings, 'server.client')?.ok).toBe(true);
  });

  test('server.discovery: a slash too many', async ({ page, bare, places }) => {
    await bare.open();
    const findings = await diagnose(page, { issuer: `${places.identifierFirst.issuer}/` });
    expectFailed(findings, 'server.discovery');
    expect(finding(findings, 'server.discovery')?.details?.['issuer']).toBe(places.identifierFirst.issuer);
  });
});

test.describe('given a server that cannot be used from the page', () => {
  test('server.reachable: nobody answers', async ({ page, bare, places, guard }) => {
    guard.expectProblem(/Failed to load resource/);
    await bare.open();
    await page.route(`${places.identifierFirst.server}/**`, (route) => route.abort('connectionrefused'));
    const findings = await diagnose(page);
    expectFailed(findings, 'server.reachable');
    expect(finding(findings, 'server.origin')?.ok).toBe('unknown');
  });

  test('server.origin: the page’s origin is not registered', async ({ page, places, guard }) => {
    guard.expectProblem(/CORS policy|Failed to load resource/);
    await openChanged(page, places, 'connect-src', `connect-src ${places.tour.server}`);
    const findings = await diagnose(page, { issuer: places.tour.issuer });
    expectFailed(findings, 'server.origin');
    expect(finding(findings, 'server.origin')?.details).toMatchObject({ origin: places.bare });
    expect(finding(findings, 'server.reachable')?.ok).toBe(true);
  });

  test('server.token: only the token endpoint is closed to the page', async ({ page, bare, guard }) => {
    guard.expectProblem(/CORS policy|Failed to load resource/);
    await bare.open();
    const headers = { 'access-control-allow-origin': 'https://www.example.com' };
    await page.route('**/v1/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' }, headers }));
    expectFailed(await diagnose(page), 'server.token');
  });

  test('page.cookies, server.discovery, server.addresses: another name of the same server', async ({ page, places, guard }) => {
    guard.expectProblem(/status of 400/);
    const other = places.identifierFirst.server.replace('localhost', '127.0.0.1');
    await openChanged(page, places, 'connect-src', `connect-src ${other}`);
    const findings = await diagnose(page, { issuer: `${other}/oauth2/default` });
    expectFailed(findings, 'page.cookies', 'server.discovery', 'server.addresses');
  });

  test('server.begins: a page in the place of an answer', async ({ page, bare }) => {
    await bare.open();
    await page.route('**/v1/interact', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: '<!doctype html><title>App</title>', contentType: 'text/html' });
    });
    expectFailed(await diagnose(page), 'server.begins');
  });

  test('server.addresses is unknown where the first step cannot be read', async ({ page, bare, guard }) => {
    guard.expectProblem(/Failed to load resource|CORS policy/);
    await bare.open();
    for (const handler of [
      (route: Route) => route.fulfill({ json: {} }),
      (route: Route) => route.fulfill({ json: {}, headers: { 'access-control-allow-origin': 'https://www.example.com' } }),
      async (route: Route) => route.fulfill({ response: await route.fetch(), status: 500 }),
    ]) {
      await page.route('**/idp/idx/introspect', handler);
      const findings = await diagnose(page);
      expectFailed(findings);
      expect(finding(findings, 'server.addresses')?.ok).toBe('unknown');
      await page.unroute('**/idp/idx/introspect');
    }
  });

  test('server.keys: they are closed to the page', async ({ page, bare, guard }) => {
    guard.expectProblem(/Failed to load resource|CORS policy/);
    await bare.open();
    await page.route('**/v1/keys', (route) => route.fulfill({ json: { keys: [] }, headers: { 'access-control-allow-origin': 'https://www.example.com' } }));
    expectFailed(await diagnose(page), 'server.keys');
  });

  test('clock.skew: the device is a day behind', async ({ page, bare }) => {
    await page.clock.install({ time: Date.now() - 24 * 3600 * 1000 });
    await bare.open();
    const findings = await diagnose(page);
    expectFailed(findings, 'clock.skew');
    expect(Math.round(Number(finding(findings, 'clock.skew')?.details?.['seconds']) / 3600)).toBe(-24);
  });

  test('clock.skew is unknown where the server hides its clock', async ({ page, bare }) => {
    await bare.open();
    await page.route('**/v1/interact', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'access-control-expose-headers': 'retry-after' } });
    });
    const findings = await diagnose(page);
    expectFailed(findings);
    expect(finding(findings, 'clock.skew')).toMatchObject({ ok: 'unknown', details: { reason: 'the server does not expose `Date`' } });
  });

  test('passkeys.rp_id: passkeys of another domain', async ({ page, bare, places }) => {
    await bare.open();
    await page.route('**/idp/idx/introspect', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replaceAll('"rpId":"localhost"', '"rpId":"login.example.com"') });
    });
    const findings = await diagnose(page, { issuer: places.passkeys.issuer });
    expectFailed(findings, 'passkeys.rp_id');
    expect(finding(findings, 'passkeys.rp_id')?.details).toEqual({ rpId: 'login.example.com', host: 'localhost' });
  });
});

/** What is changed in the page's policy, and the findings that it brings. */
const POLICIES: readonly (readonly [string, string, string, readonly FindingCode[]])[] = [
  ['no compiling', " 'wasm-unsafe-eval'", '', ['policy.compile']],
  ['no requests to the server', "connect-src 'self'", "connect-src 'self'; media-src", ['policy.connect']],
  ['no style sheet', "style-src 'self'", "style-src 'none'", ['files.style', 'policy.style']],
  ['no data: images', ' data:', '', ['policy.images']],
];

test.describe('given a page whose policy is too strict', () => {
  for (const [name, from, to, codes] of POLICIES) {
    test(`${codes.join(', ')}: ${name}`, async ({ page, places, guard }) => {
      guard.expectProblem(/^policy: |Content Security Policy/);
      await openChanged(page, places, from, to);
      expectFailed(await diagnose(page), ...codes);
    });
  }

  test('policy.trusted_types: a default policy that throws', async ({ page, places }) => {
    await page.addInitScript(() => {
      const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } };
      const createHTML = (): never => {
        throw new Error('nobody sets markup here');
      };
      trustedTypes.createPolicy('default', { createHTML });
    });
    await openChanged(page, places, "trusted-types 'none'", 'trusted-types default');
    expectFailed(await diagnose(page), 'policy.trusted_types');
  });
});

test('given a default policy of Trusted Types without `createHTML`, nothing is blamed', async ({ page, places }) => {
  await page.addInitScript(() => {
    const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } };
    trustedTypes.createPolicy('default', { createScript: (text: string) => text });
  });
  await openChanged(page, places, "trusted-types 'none'", 'trusted-types default');
  const findings = await diagnose(page);
  expectFailed(findings);
  expect(finding(findings, 'policy.trusted_types')?.ok).toBe('unknown');
});

test.describe('given files that do not belong together', () => {
  test('files.versions: the style sheet of another version', async ({ page, bare }) => {
    await page.route('**/latchkey.css', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace(/(--latchkey-version:")[^"]*/, '$10.0.1') });
    });
    await bare.open();
    const findings = await diagnose(page);
    expectFailed(findings, 'files.versions');
    expect(finding(findings, 'files.versions')?.details?.['versions']).toContain('0.0.1');
  });

  test('files.versions: a script of the same version and another build', async ({ page, bare }) => {
    await page.route('**/latchkey.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}// patched` });
    });
    await bare.open();
    const findings = await diagnose(page);
    expectFailed(findings, 'files.versions');
    expect(String(finding(findings, 'files.versions')?.details?.['changed'])).toMatch(/\/latchkey\.js$/);
  });

  test('page.duplicates: the script from two addresses', async ({ page, bare }) => {
    await bare.open();
    await page.evaluate((address) => import(address), `/latchkey/${folder}/latchkey.js`);
    expectFailed(await diagnose(page), 'page.duplicates');
  });

  test('files.style: nobody has linked the style sheet', async ({ page, bare }) => {
    await bare.open();
    await page.evaluate(() => document.querySelector('link[rel="stylesheet"]')?.remove());
    const findings = await diagnose(page);
    expectFailed(findings, 'files.style');
    expect(finding(findings, 'policy.style')?.ok).toBe('unknown');
  });
});

test.describe('given a browser that lacks something', () => {
  test('browser.wasm', async ({ page, bare }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
    await bare.open();
    expectFailed(await diagnose(page), 'browser.wasm');
  });

  test('passkeys.available', async ({ page, bare }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'PublicKeyCredential'));
    await bare.open();
    expectFailed(await diagnose(page), 'passkeys.available');
  });
});

test.describe('given a page in a frame', () => {
  /** Puts the page into a frame of a page of another site; the browser takes every name below `localhost` for this machine. */
  async function framed(page: Page, { bare }: World, attributes: Readonly<Record<string, string>>): Promise<Frame> {
    const change = (from: string, to: string): string => `?${new URLSearchParams([['change', from], ['change', to]])}`;
    await page.goto(`${bare.replace('localhost', 'www.localhost')}/${change("frame-src 'self'", `frame-src ${bare}`)}`);
    const loaded = page.waitForEvent('framenavigated', (frame) => frame.url().startsWith(`${bare}/`));
    await page.evaluate(
      ([address, more]) => {
        const frame = document.createElement('iframe');
        for (const [name, value] of Object.entries({ ...more, src: address })) frame.setAttribute(name, value);
        document.body.append(frame);
      },
      [`${bare}/${change("frame-ancestors 'none'", 'frame-ancestors *')}`, attributes] as const,
    );
    const frame = await loaded;
    await frame.waitForLoadState();
    return frame;
  }

  test('page.frame, page.storage, passkeys.allowed: of another origin, without `allow`, by a browser that keeps nothing for third parties', async ({ page, places }) => {
    const frame = await framed(page, places, {});
    expectFailed(await diagnose(frame), 'page.frame', 'page.storage', 'passkeys.allowed');
  });

  test('with `allow` there are passkeys', async ({ page, places }) => {
    const frame = await framed(page, places, { allow: 'publickey-credentials-get; publickey-credentials-create' });
    expectFailed(await diagnose(frame), 'page.frame', 'page.storage');
  });

  test('page.origin, page.storage, page.cookies: of a sandbox', async ({ page, places, guard }) => {
    guard.expectProblem(/CORS policy|Failed to load resource|Not allowed to navigate/);
    const frame = await framed(page, places, { sandbox: 'allow-scripts' });
    const options = { issuer: places.identifierFirst.issuer, clientId: 'demo-spa', redirectUri: `${places.bare}/callback` };
    const findings = await diagnose(frame, options, `${places.bare}/latchkey/${folder}/latchkey-diagnose.js`);
    expect(failed(findings)).toEqual(expect.arrayContaining(['page.origin', 'page.frame', 'page.storage', 'page.cookies', 'server.origin']));
  });
});

test.describe('given a page that came over http', () => {
  test('page.secure_context, and the widget says so itself', async ({ page, places, guard }) => {
    guard.expectProblem(/CORS policy|Failed to load resource|Cross-Origin-Opener-Policy/);
    await page.route('http://shop.example/**', async (route) => {
      const { pathname, search } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: places.bare + pathname + search }) });
    });
    await page.goto('http://shop.example/');
    await page.waitForFunction(() => 'latchkey' in window);
    const code = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const bare = window as unknown as BareWindow;
          bare.latchkey.createSignIn({ ...bare.options, redirectUri: 'http://localhost/callback', onError: (error) => resolve(error.code) }).mount('#sign-in');
        }),
    );
    expect(code).toBe('setup.insecure_context');
    const findings = await diagnose(page, { redirectUri: 'http://localhost/callback' });
    expect(failed(findings)).toEqual(expect.arrayContaining(['page.secure_context', 'passkeys.available']));
  });
});
