// What latchkey-tasks.js does in a page, in Chromium and under the strict policy: passkeys with a virtual authenticator, the
// frame for vendors' checks, the clipboard, and a page that stays alive while a proof of work is done.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { localServer } from './support/local-server.mjs';
import { openPage, startWorld } from './support/strict-page.mjs';

let world;
before(async () => (world = await startWorld()));
after(() => world.stop());

/** The answer to a task. */
const ask = (page, kind, argument, name) => page.evaluate(([...all]) => window.perform(...all), [kind, argument, name ?? 'it']);
const violations = (page) => page.evaluate(() => window.violations);
const frames = (page) => page.locator('iframe.latchkey-frame').count();

describe('given an authenticator', () => {
  const CHALLENGE = 'dGhlIHNlcnZlciBzYWlkIHRoaXM';
  const CREATION = {
    rp: { id: 'localhost', name: 'Example' },
    user: { id: 'cGF0', name: 'pat@example.com', displayName: 'Pat' },
    challenge: CHALLENGE,
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    extensions: { credProps: true },
  };
  const REQUEST = { rpId: 'localhost', challenge: CHALLENGE, userVerification: 'required' };

  async function openWithAuthenticator(t, { isPresent = true } = {}) {
    const page = await openPage(t, world);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: isPresent,
      },
    });
    const setPresence = (enabled) => devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    return { page, setPresence };
  }

  const clientData = ({ value }) => JSON.parse(Buffer.from(value.response.clientDataJSON, 'base64url'));

  test('a passkey is made, and signs in', async (t) => {
    const { page } = await openWithAuthenticator(t);
    const made = await ask(page, 'webauthn.create', CREATION);
    const { type, challenge, origin } = clientData(made);
    assert.deepEqual({ type, challenge, origin }, { type: 'webauthn.create', challenge: CHALLENGE, origin: world.site });
    assert.deepEqual(made.value.response.transports, ['internal']);
    assert.deepEqual(made.value.clientExtensionResults, { credProps: { rk: true } });
    const used = await ask(page, 'webauthn.get', REQUEST);
    assert.equal(clientData(used).type, 'webauthn.get');
    assert.equal(used.value.id, made.value.id);
    assert.equal(used.value.response.userHandle, 'cGF0');
    for (const member of ['authenticatorData', 'signature']) assert.match(used.value.response[member], /^[\w-]{40,}$/, member);
  });

  test('the same comes out where the browser has no JSON of its own, and where its JSON is broken', async (t) => {
    const { page } = await openWithAuthenticator(t);
    await page.evaluate(() => {
      delete PublicKeyCredential.parseCreationOptionsFromJSON;
      delete PublicKeyCredential.parseRequestOptionsFromJSON;
      PublicKeyCredential.prototype.toJSON = () => {
        throw new TypeError('Illegal invocation');
      };
    });
    const made = await ask(page, 'webauthn.create', CREATION);
    assert.equal(clientData(made).challenge, CHALLENGE);
    assert.match(made.value.response.attestationObject, /^[\w-]{100,}$/);
    assert.deepEqual(made.value.clientExtensionResults, { credProps: { rk: true } });
    const used = await ask(page, 'webauthn.get', { ...REQUEST, allowCredentials: [{ type: 'public-key', id: `${made.value.id}==` }] });
    assert.equal(used.value.rawId, made.value.rawId);
    assert.equal(used.value.response.userHandle, 'cGF0');
  });

  test('each refusal of the browser has its name', async (t) => {
    const { page } = await openWithAuthenticator(t);
    const made = await ask(page, 'webauthn.create', CREATION);
    const again = { ...CREATION, excludeCredentials: [{ type: 'public-key', id: made.value.id }] };
    assert.equal((await ask(page, 'webauthn.create', again)).error, 'InvalidStateError');
    assert.equal((await ask(page, 'webauthn.get', { ...REQUEST, rpId: 'example.com' })).error, 'SecurityError');
    assert.equal((await ask(page, 'webauthn.get', { ...REQUEST, timeout: 1, allowCredentials: [{ type: 'public-key', id: 'AQID' }] })).error, 'NotAllowedError');
    assert.equal((await ask(page, 'webauthn.create', { ...CREATION, pubKeyCredParams: [{ type: 'other', alg: -7 }] })).error, 'NotSupportedError');
    assert.equal((await ask(page, 'webauthn.get', {})).error, 'UnknownError');
  });

  test('autofill waits, and makes way for the button', async (t) => {
    const { page, setPresence } = await openWithAuthenticator(t);
    const made = await ask(page, 'webauthn.create', CREATION);
    await setPresence(false);
    const offered = ask(page, 'webauthn.autofill', REQUEST, 'autofill');
    assert.equal(await Promise.race([offered, turn(page)]), 'still open');
    const pressed = ask(page, 'webauthn.get', REQUEST, 'button');
    assert.equal((await offered).error, 'AbortError');
    assert.equal(await Promise.race([pressed, turn(page)]), 'still open');
    await setPresence(true);
    // Presence that is switched on does not answer what was asked before: the person presses the button again.
    const again = ask(page, 'webauthn.get', REQUEST, 'again');
    assert.equal((await pressed).error, 'AbortError');
    assert.equal((await again).value.id, made.value.id);
  });

  test('autofill gives the passkey that is picked', async (t) => {
    const { page } = await openWithAuthenticator(t);
    const made = await ask(page, 'webauthn.create', CREATION);
    const used = await ask(page, 'webauthn.autofill', REQUEST);
    assert.equal(used.value.id, made.value.id);
  });

  test('autofill ends with its signal, and can be offered again', async (t) => {
    const { page, setPresence } = await openWithAuthenticator(t);
    const made = await ask(page, 'webauthn.create', CREATION);
    await setPresence(false);
    const offered = ask(page, 'webauthn.autofill', REQUEST, 'first');
    await page.evaluate(() => window.give('first').abort());
    assert.deepEqual(await offered, { error: 'AbortError' });
    await setPresence(true);
    assert.equal((await ask(page, 'webauthn.autofill', REQUEST, 'second')).value.id, made.value.id);
  });

  test('a browser without autofill says so', async (t) => {
    const { page } = await openWithAuthenticator(t);
    for (const replace of ['delete PublicKeyCredential.isConditionalMediationAvailable', 'PublicKeyCredential.isConditionalMediationAvailable = async () => false']) {
      await page.evaluate(replace);
      assert.equal((await ask(page, 'webauthn.autofill', REQUEST)).error, 'Unsupported', replace);
    }
  });

  /** Long enough for the page to have done what it does at once. */
  const turn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50, 'still open'))));
});

describe('given a captcha of a vendor', () => {
  /** Higher than what the frame has before it is asked. */
  const PUZZLE = 700;
  /** What the vendors document of their scripts, and no more: settings in the address, an object with `render`, callbacks. */
  const vendorScript = (global) => `
    window.${global} = { render(place, settings) {
      const query = new URL(document.currentScript?.src ?? window.vendorAddress).searchParams;
      place.innerHTML = '<div style="inline-size: 300px; block-size: 78px"><iframe title="box" style="display: block; border: 0; inline-size: 300px; block-size: 78px"></iframe></div>';
      const box = place.querySelector('iframe').contentDocument.body.appendChild(Object.assign(document.createElement('button'), { textContent: 'I am human' }));
      const puzzle = document.createElement('div');
      puzzle.innerHTML = '<iframe title="puzzle" style="visibility: hidden; border: 0; inline-size: 300px; block-size: ${PUZZLE}px; position: absolute; inset: 0 auto auto 0"></iframe>';
      document.body.append(puzzle);
      const says = { ...settings, language: query.get('hl') };
      try { says.title = parent.document.title; } catch (error) { says.title = error.name; }
      // The puzzle comes once there is room for it.
      box.onclick = function open() {
        if (innerHeight < 600) return addEventListener('resize', open, { once: true });
        puzzle.firstChild.style.visibility = 'visible';
        puzzle.firstChild.contentDocument.body.append(Object.assign(document.createElement('button'), { textContent: 'Solve', onclick: () => settings.callback(JSON.stringify(says)) }));
        puzzle.firstChild.contentDocument.body.append(Object.assign(document.createElement('button'), { textContent: 'Fail', onclick: () => settings['error-callback']('network-error') }));
      };
    } };
    window.vendorAddress = document.currentScript.src;
    setTimeout(window[new URL(vendorAddress).searchParams.get('onload')]);`;
  const put = (page, address, body) => page.context().route(`${address}*`, (route) => route.fulfill({ contentType: 'text/javascript', body }));
  const HCAPTCHA = 'https://js.hcaptcha.com/1/api.js';
  const argument = { type: 'HCAPTCHA', siteKey: 'site-key', language: 'pt-BR', title: 'Are you a person?' };
  const inside = (page, title) => page.frameLocator('iframe.latchkey-frame').frameLocator(`iframe[title=${title}]`);
  const boxOf = (page) => inside(page, 'box').getByRole('button', { name: 'I am human' });
  const puzzleOf = (page) => inside(page, 'puzzle');

  test('it runs in the frame, and its token comes back', async (t) => {
    const page = await openPage(t, world, { colorScheme: 'dark' });
    await put(page, HCAPTCHA, vendorScript('hcaptcha'));
    const token = ask(page, 'captcha', argument);
    await boxOf(page).click();
    assert.equal(await page.locator('iframe.latchkey-frame').getAttribute('title'), 'Are you a person?');
    await puzzleOf(page).getByRole('button', { name: 'Solve' }).click();
    const { sitekey, theme, language } = JSON.parse((await token).value);
    assert.deepEqual({ sitekey, theme, language }, { sitekey: 'site-key', theme: 'dark', language: 'pt-BR' });
    assert.equal(await frames(page), 0);
    assert.deepEqual(await violations(page), []);
  });

  test('the frame is as high as what is seen in it', async (t) => {
    const page = await openPage(t, world);
    await put(page, HCAPTCHA, vendorScript('hcaptcha'));
    void ask(page, 'captcha', argument).catch(() => {});
    const frame = page.locator('iframe.latchkey-frame[height="78"]');
    await frame.waitFor();
    assert.equal(await frame.getAttribute('style'), null);
    await boxOf(page).click();
    await page.locator(`iframe.latchkey-frame[height="${PUZZLE}"]`).waitFor();
  });

  test('files that lie on another origin keep its script away from the page', async (t) => {
    const page = await openPage(t, world, { policy: [`frame-src ${world.elsewhere}`] });
    await put(page, HCAPTCHA, vendorScript('hcaptcha'));
    await page.evaluate((assets) => (document.querySelector('#host').dataset.assetsUrl = assets), `${world.elsewhere}/latchkey`);
    const token = ask(page, 'captcha', argument);
    await boxOf(page).click();
    // Not waited for: the frame, a process of its own here, is gone before it can say that it was clicked.
    puzzleOf(page).getByRole('button', { name: 'Solve' }).click().catch(() => {});
    assert.equal(JSON.parse((await token).value).title, 'SecurityError');
  });

  test("reCAPTCHA comes from Google's other address where the first cannot be reached", async (t) => {
    const page = await openPage(t, world);
    await put(page, 'https://www.recaptcha.net/recaptcha/api.js', vendorScript('grecaptcha'));
    const token = ask(page, 'captcha', { type: 'RECAPTCHA_V2', siteKey: 'k' });
    await boxOf(page).click();
    assert.equal(await page.locator('iframe.latchkey-frame').getAttribute('title'), 'reCAPTCHA');
    await puzzleOf(page).getByRole('button', { name: 'Solve' }).click();
    assert.equal(JSON.parse((await token).value).sitekey, 'k');
  });

  test('what the vendor says of a failure is passed on', async (t) => {
    const page = await openPage(t, world);
    await put(page, HCAPTCHA, vendorScript('hcaptcha'));
    const token = ask(page, 'captcha', argument);
    await boxOf(page).click();
    await puzzleOf(page).getByRole('button', { name: 'Fail' }).click();
    assert.deepEqual(await token, { error: 'VendorError', message: 'network-error' });
    assert.equal(await frames(page), 0);
  });

  test('a vendor that is out of reach is said to be', async (t) => {
    const page = await openPage(t, world);
    assert.deepEqual(await ask(page, 'captcha', argument), { error: 'Unreachable', message: `${HCAPTCHA} could not be loaded` });
    assert.equal(await frames(page), 0);
  });

  test('given up, the frame is gone', async (t) => {
    const page = await openPage(t, world);
    await put(page, HCAPTCHA, vendorScript('hcaptcha'));
    const token = ask(page, 'captcha', argument);
    await boxOf(page).waitFor();
    await page.evaluate(() => window.give('it').abort());
    assert.deepEqual(await token, { error: 'AbortError' });
    assert.equal(await frames(page), 0);
  });

  test("the page's own policy decides whether there is a frame", async (t) => {
    const page = await openPage(t, world, { policy: [] });
    const { error, message } = await ask(page, 'captcha', argument);
    assert.equal(error, 'Blocked');
    assert.match(message, /frame-src does not allow .*latchkey-frame\.html$/);
  });

  test('a policy that comes with the frame page and forbids the vendor is named', async (t) => {
    const page = await openPage(t, world);
    await page.context().route('**/latchkey-frame.html', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': "script-src 'self'" } });
    });
    assert.equal((await ask(page, 'captcha', argument)).error, 'Blocked');
  });

  test('a frame page that is not there does not keep the person waiting for ever', async (t) => {
    const page = await openPage(t, world);
    await page.clock.install();
    await page.context().route('**/latchkey-frame.html', (route) => route.fulfill({ status: 404 }));
    const token = ask(page, 'captcha', argument);
    await page.locator('iframe.latchkey-frame').waitFor({ state: 'attached' });
    await page.clock.runFor(15_000);
    assert.equal((await token).error, 'Unreachable');
  });
});

describe("given Duo's prompt", () => {
  const HOST = 'api-1234.duosecurity.com';
  const argument = { host: HOST, signedToken: 'TX|part:APP|part', script: 'https://example.com/any.js' };
  const SAYS = (text) => `<script>addEventListener('click', () => parent.postMessage('${text}', '*'))</script><button>Approve</button>`;
  const put = (page, body) => {
    const asked = [];
    return page.context().route(`https://${HOST}/**`, (route) => {
      asked.push(new URL(route.request().url()));
      return route.fulfill({ contentType: 'text/html', body });
    }).then(() => asked);
  };
  /** All the heights that the frame has had, later. */
  const watchHeights = async (page) => {
    await page.evaluate(() => {
      window.heights = [];
      const note = () => window.heights.push(document.querySelector('iframe')?.height);
      new MutationObserver(note).observe(document.body, { subtree: true, attributeFilter: ['height'] });
    });
    return () => page.evaluate(() => window.heights.filter((height) => Number(height) > 0));
  };
  const press = (page) => page.frameLocator('iframe.latchkey-frame').frameLocator('iframe').getByRole('button', { name: 'Approve' }).click();

  test("what Duo's server answers comes back with the application's part", async (t) => {
    const page = await openPage(t, world);
    const asked = await put(page, SAYS('AUTH|cGF0|c2ln'));
    const heights = await watchHeights(page);
    const answer = ask(page, 'duo', argument);
    await press(page);
    assert.deepEqual(await answer, { value: 'AUTH|cGF0|c2ln:APP|part' });
    assert.deepEqual(await heights(page), ['480']);
    const [{ pathname, searchParams }] = asked;
    assert.equal(pathname, '/frame/web/v1/auth');
    assert.deepEqual(Object.fromEntries(searchParams), { tx: 'TX|part', parent: `${world.site}/latchkey/latchkey-frame.html`, v: '2.8' });
    assert.deepEqual(await violations(page), []);
  });

  test("a refusal of Duo's is passed on", async (t) => {
    const page = await openPage(t, world);
    await put(page, SAYS('ERR|Access denied.'));
    const answer = ask(page, 'duo', argument);
    await press(page);
    assert.deepEqual(await answer, { error: 'VendorError', message: 'Access denied.' });
  });

  test('another window cannot answer for it', async (t) => {
    const page = await openPage(t, world);
    await put(page, SAYS('AUTH|cGF0|c2ln'));
    const answer = ask(page, 'duo', argument);
    const button = page.frameLocator('iframe.latchkey-frame').frameLocator('iframe').getByRole('button', { name: 'Approve' });
    await button.waitFor();
    await page.evaluate(() => document.querySelector('iframe.latchkey-frame').contentWindow.postMessage('AUTH|Zm9yZ2Vk|c2ln', '*'));
    await button.click();
    assert.equal((await answer).value, 'AUTH|cGF0|c2ln:APP|part');
  });

  test('only Duo is Duo', async (t) => {
    const page = await openPage(t, world);
    for (const host of ['api.example.com', 'api.duosecurity.com.example.com']) assert.equal((await ask(page, 'duo', { ...argument, host })).error, 'Forbidden', host);
  });

  test('a token that says what is wrong is told', async (t) => {
    const page = await openPage(t, world);
    assert.deepEqual(await ask(page, 'duo', { ...argument, signedToken: 'ERR|The username is invalid.' }), { error: 'UnknownError', message: 'The username is invalid.' });
    assert.equal((await ask(page, 'duo', { ...argument, signedToken: 'a:b:c' })).error, 'UnknownError');
  });
});

describe('given an app on this machine', () => {
  /** Answers as such apps do: any site may ask, and its challenge says whether it should have. */
  const app = (t) =>
    localServer(t, (request, response) => {
      const allowed = { 'access-control-allow-origin': request.headers.origin, 'access-control-allow-headers': 'content-type' };
      response.writeHead(request.method === 'OPTIONS' ? 204 : 200, allowed).end();
    });
  const argument = ({ port }) => ({ domain: 'http://127.0.0.1', ports: [port], challengeRequest: 'eyJ', probeTimeoutMillis: 10_000 });

  test('a page whose policy lets it look finds it', async (t) => {
    const page = await openPage(t, world, { policy: ["connect-src 'self' http://127.0.0.1:*"] });
    const server = await app(t);
    assert.deepEqual(await ask(page, 'probe', argument(server)), { value: 'answered' });
    const sent = server.requests.filter(({ method }) => method !== 'OPTIONS');
    assert.deepEqual(sent.map(({ path, body }) => [path, body]), [['/probe', ''], ['/challenge', '{"challengeRequest":"eyJ"}']]);
    for (const { headers } of sent) assert.deepEqual([headers.cookie, headers.referer], [undefined, undefined]);
  });

  test('a page whose policy does not has nothing to find', async (t) => {
    const page = await openPage(t, world);
    const server = await app(t);
    assert.deepEqual(await ask(page, 'probe', argument(server)), { error: 'OV_UNREACHABLE_BY_LOOPBACK' });
    assert.deepEqual(server.requests, []);
  });

  test('a person who has forbidden it is told so', async (t) => {
    const page = await openPage(t, world);
    // The answer of Chromium's own settings page, which cannot be reached from here.
    await page.evaluate(() => (navigator.permissions.query = async ({ name }) => Object.assign(new EventTarget(), { name, state: 'denied' })));
    assert.deepEqual(await ask(page, 'probe', argument(await app(t))), { error: 'OV_PERMISSION_DENIED' });
  });

  test('the time of a port begins when the browser has its answer', async (t) => {
    // A page of this machine itself is never asked.
    const page = await openPage(t, { ...world, site: world.elsewhere }, { policy: ["connect-src 'self' http://127.0.0.1:*"] });
    const { port } = await app(t);
    const answer = page.evaluate(async (argument) => {
      const permission = Object.assign(new EventTarget(), { state: 'prompt' });
      navigator.permissions.query = async () => permission;
      const fetched = window.fetch;
      // As a browser that asks: the request waits for the person, here for longer than a port has.
      window.fetch = async (address, init) => {
        if (permission.state === 'prompt') await new Promise((resolve) => setTimeout(resolve, 300));
        permission.state = 'granted';
        permission.dispatchEvent(new Event('change'));
        return init.signal.aborted ? Promise.reject(init.signal.reason) : fetched(address, init);
      };
      return window.perform('probe', argument);
    }, { ...argument({ port }), probeTimeoutMillis: 250 });
    assert.deepEqual(await answer, { value: 'answered' });
  });
});

describe('given the rest of the page', () => {
  test('it has its turn while a proof of work is done', async (t) => {
    const page = await openPage(t, world);
    const number = 60_000;
    const challenge = createHash('sha256').update(`salt${number}`).digest('hex');
    const json = JSON.stringify({ algorithm: 'SHA-256', challenge, salt: 'salt', signature: 's', maxnumber: 100_000 });
    const { answer, longest } = await page.evaluate(async (challengeUrl) => {
      let longest = 0;
      let last = performance.now();
      let isDone = false;
      const tick = () => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
        if (!isDone) setTimeout(tick);
      };
      tick();
      const answer = await window.perform('captcha', { type: 'ALTCHA', challengeUrl });
      isDone = true;
      tick();
      return { answer, longest };
    }, `${world.site}/challenge?${new URLSearchParams({ json })}`);
    const { took, ...token } = JSON.parse(atob(answer.value));
    assert.equal(token.number, number);
    // A share and not a time, since a machine that is busy with other things makes both longer.
    assert.ok(longest < took / 3, `of ${took} ms, the page had no turn for ${Math.round(longest)}`);
    assert.deepEqual(await violations(page), []);
  });

  test('a text is put on the clipboard, or the refusal is told', async (t) => {
    const page = await openPage(t, world, { permissions: ['clipboard-read', 'clipboard-write'] });
    assert.deepEqual(await ask(page, 'copy', 'JBSW Y3DP'), { value: true });
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'JBSW Y3DP');
    await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))));
    assert.deepEqual(await ask(page, 'copy', 'x'), { error: 'NotAllowedError', message: 'no' });
  });
});
