// What latchkey-tasks.js does where no page is needed for it: encodings, the proof of work, the loopback probe, and who may
// be spoken to. Servers are real. What needs a browser is in tasks-page.test.mjs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { perform } from '../../dist/latchkey-tasks.js';
import { deadPort, localServer } from './support/local-server.mjs';
import { importTypeScript } from './support/typescript.mjs';

const { decodeBase64url, encodeBase64url } = await importTypeScript('widget/js/tasks/base64url.ts');
const { creationOptions, requestOptions } = await importTypeScript('widget/js/tasks/webauthn.ts');
const { responseToJson } = await importTypeScript('widget/js/tasks/webauthn-response.ts');
const { alone } = await importTypeScript('widget/js/tasks/ceremony.ts');
const { CAPTCHA_VENDORS, isDuoHost, isDuoPage, scriptUrl } = await importTypeScript('widget/js/frame/vendors.ts');

const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 14)';
/** Node 20 has no navigator at all; later versions have one that cannot be assigned to. */
const browse = (userAgent) => Object.defineProperty(globalThis, 'navigator', { value: { userAgent }, configurable: true, writable: true });
browse(DESKTOP);

/** The answer to a task, read. */
const ask = async (kind, argument, signal = new AbortController().signal) => JSON.parse(await perform(kind, JSON.stringify(argument), signal, undefined));

describe('given bytes as text', () => {
  test('every length and every byte comes back', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 151 + length) % 256);
      const text = encodeBase64url(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64url'));
      assert.deepEqual(decodeBase64url(text), bytes);
    }
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    assert.deepEqual(decodeBase64url(encodeBase64url(all.buffer)), all);
  });

  test('a view gives its own part of the buffer', () => {
    assert.equal(encodeBase64url(new Uint8Array([0, 1, 2, 3]).subarray(1, 3)), 'AQI');
  });

  test('other spellings of the same bytes are read', () => {
    for (const text of ['-_8', '+/8', '-_8=', '+/8=', '-_9', '-/_']) {
      assert.deepEqual([...decodeBase64url(text)].slice(0, 2), [0xfb, 0xff], text);
    }
  });

  test('what is no base64 at all is refused', () => {
    for (const text of ['A', 'AAAAA', 'ä', '{}', 'AA=A']) assert.throws(() => decodeBase64url(text), { name: 'InvalidCharacterError' }, text);
  });
});

describe('given WebAuthn options and a browser that cannot read them itself', () => {
  const bytes = (text) => Uint8Array.from(Buffer.from(text, 'base64url'));

  test('creation: the binary members become bytes, the others stay', () => {
    const options = creationOptions({
      rp: { name: 'Example' },
      user: { id: 'cGF0', name: 'pat@example.com', displayName: 'Pat' },
      challenge: 'Y2hhbGxlbmdl',
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: [{ type: 'public-key', id: 'AQI', transports: ['usb'] }],
      hints: ['security-key'],
      attestation: 'none',
    });
    assert.deepEqual(options, {
      rp: { name: 'Example' },
      user: { id: bytes('cGF0'), name: 'pat@example.com', displayName: 'Pat' },
      challenge: bytes('Y2hhbGxlbmdl'),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: [{ type: 'public-key', id: bytes('AQI'), transports: ['usb'] }],
      hints: ['security-key'],
      attestation: 'none',
    });
  });

  test('request: a challenge that is not spelt canonically is read all the same', () => {
    const options = requestOptions({ challenge: 'YQ==', rpId: 'example.com', userVerification: 'required', allowCredentials: [{ type: 'public-key', id: '+/9' }] });
    assert.deepEqual(options, {
      challenge: bytes('YQ'),
      rpId: 'example.com',
      userVerification: 'required',
      allowCredentials: [{ type: 'public-key', id: bytes('-_8') }],
    });
  });

  test('members that are absent stay absent', () => {
    assert.deepEqual(Object.keys(requestOptions({ challenge: 'YQ' })), ['challenge']);
  });
});

describe('given a credential of a password manager', () => {
  const buffer = (...bytes) => Uint8Array.from(bytes).buffer;
  const illegal = () => {
    throw new TypeError('Illegal invocation');
  };
  const base = { id: 'AQI', rawId: buffer(1, 2), type: 'public-key', toJSON: illegal, getClientExtensionResults: illegal };

  test('a registration whose toJSON throws is written by hand', () => {
    const response = { clientDataJSON: buffer(1), attestationObject: buffer(2), getTransports: () => ['internal'], getPublicKey: illegal };
    assert.deepEqual(responseToJson({ ...base, response, authenticatorAttachment: 'platform' }), {
      id: 'AQI',
      rawId: 'AQI',
      type: 'public-key',
      response: { clientDataJSON: 'AQ', attestationObject: 'Ag', transports: ['internal'] },
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
    });
  });

  test('an assertion likewise, without the user handle that it does not have', () => {
    const response = { clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3), userHandle: null };
    assert.deepEqual(responseToJson({ ...base, response }).response, { clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw' });
    assert.equal(responseToJson({ ...base, response: { ...response, userHandle: buffer(4) } }).response.userHandle, 'BA');
  });

  test('a toJSON that works is believed, one that leaves out the response is not', () => {
    const json = { id: 'AQI', response: { clientDataJSON: 'native' } };
    const response = { clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3) };
    assert.equal(responseToJson({ ...base, response, toJSON: () => json }), json);
    assert.equal(responseToJson({ ...base, response, toJSON: () => ({ id: 'AQI', response: {} }) }).response.clientDataJSON, 'AQ');
  });

  test('bytes in the results of extensions become text', () => {
    const results = { credProps: { rk: true }, prf: { results: { first: buffer(255) } } };
    const response = { clientDataJSON: buffer(1), attestationObject: buffer(2) };
    const { clientExtensionResults } = responseToJson({ ...base, response, getClientExtensionResults: () => results });
    assert.deepEqual(clientExtensionResults, { credProps: { rk: true }, prf: { results: { first: '_w' } } });
  });

  test('none at all is a refusal', () => {
    assert.throws(() => responseToJson(null), { name: 'NotAllowedError' });
  });
});

describe('given several ceremonies', () => {
  /** Behaves as browsers do: an error while another is open, and the end of the first some time after the signal. */
  function browser() {
    const log = [];
    let isBusy = false;
    const request = (name) => (signal) =>
      new Promise((resolve, reject) => {
        assert.equal(isBusy, false, `${name} began while another was open`);
        isBusy = true;
        log.push(`${name} begins`);
        signal.addEventListener('abort', () =>
          setImmediate(() => {
            isBusy = false;
            log.push(`${name} ends`);
            reject(new DOMException('', 'AbortError'));
          }),
        );
        if (name === 'last') setImmediate(() => resolve('credential'));
      });
    return { log, request };
  }
  const never = new AbortController().signal;

  test('each ends the one before it, and begins when that is over', async () => {
    const { log, request } = browser();
    const first = assert.rejects(alone(never, request('first')), { name: 'AbortError' });
    await new Promise(setImmediate);
    const second = assert.rejects(alone(never, request('second')), { name: 'AbortError' });
    const third = alone(never, request('last'));
    assert.equal(await third, 'credential');
    await Promise.all([first, second]);
    // The second was given up before its turn came.
    assert.deepEqual(log, ['first begins', 'first ends', 'last begins']);
  });

  test('one whose own signal is aborted does not begin', async () => {
    await assert.rejects(alone(AbortSignal.abort(), () => assert.fail('it began')), { name: 'AbortError' });
  });

  test('one that does not hear its signal locks nobody out', async () => {
    const deaf = alone(never, () => new Promise(() => {}));
    deaf.catch(() => {});
    await new Promise(setImmediate);
    assert.equal(await alone(never, async () => 'credential'), 'credential');
  });
});

describe('given a task', () => {
  test('one that does not exist is answered, not thrown', async () => {
    for (const kind of ['nothing', 'toString', '__proto__']) assert.equal((await ask(kind, {})).error, 'Unsupported', kind);
  });

  test('an argument that is not JSON is answered, not thrown', async () => {
    assert.equal(JSON.parse(await perform('captcha', '{', new AbortController().signal, undefined)).error, 'UnknownError');
  });

  test('a signal that is aborted already means that nothing is done', async (t) => {
    const server = await localServer(t, (_, response) => response.end());
    const argument = { domain: 'http://127.0.0.1', ports: [server.port], challengeRequest: 'c' };
    assert.deepEqual(await ask('probe', argument, AbortSignal.abort()), { error: 'AbortError' });
    assert.deepEqual(server.requests, []);
  });

  test('passkeys and the clipboard are said to be missing where they are', async () => {
    for (const kind of ['webauthn.create', 'webauthn.get', 'webauthn.autofill', 'copy']) assert.equal((await ask(kind, {})).error, 'Unsupported', kind);
  });

  test('a captcha that nobody has heard of is said to be missing', async () => {
    assert.equal((await ask('captcha', { type: 'TURNSTILE', siteKey: 'k' })).error, 'Unsupported');
  });
});

describe('given a proof of work', () => {
  const SALT = '5f1b?expires=1900000000&';
  const makeChallenge = (number, { algorithm = 'SHA-256', maxnumber = 5000 } = {}) => ({
    algorithm,
    challenge: createHash(algorithm.replace('-', '')).update(`${SALT}${number}`).digest('hex'),
    salt: SALT,
    signature: 'of the server',
    maxnumber,
  });
  const serve = (t, challenge) => localServer(t, (_, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(challenge)));
  const solve = async (t, challenge, signal) => ask('captcha', { type: 'ALTCHA', challengeUrl: `${(await serve(t, challenge)).origin}/challenge` }, signal);

  test('the number is found, wherever it lies', async (t) => {
    for (const number of [0, 1, 249, 250, 251, 4321, 5000]) {
      const challenge = makeChallenge(number);
      const { value } = await solve(t, challenge);
      const { took, ...token } = JSON.parse(Buffer.from(value, 'base64').toString());
      const { maxnumber, ...rest } = challenge;
      assert.deepEqual(token, { ...rest, number });
      assert.ok(Number.isInteger(took) && took >= 0);
    }
  });

  test('other hashes are known, and hexadecimal in capitals is read', async (t) => {
    for (const algorithm of ['SHA-1', 'SHA-512']) {
      const challenge = makeChallenge(77, { algorithm });
      const { value } = await solve(t, { ...challenge, challenge: challenge.challenge.toUpperCase() });
      assert.equal(JSON.parse(Buffer.from(value, 'base64').toString()).number, 77, algorithm);
    }
  });

  test('one without a solution ends', async (t) => {
    assert.deepEqual(await solve(t, makeChallenge(5001)), { error: 'UnknownError', message: 'the challenge has no solution' });
  });

  test('what is no challenge, or one for hours, is not worked on', async (t) => {
    for (const challenge of [{}, null, [], makeChallenge(1, { maxnumber: 1e12 }), { ...makeChallenge(1), algorithm: 'MD5' }, { ...makeChallenge(1), salt: 5 }]) {
      assert.equal((await solve(t, challenge)).error, 'UnknownError', JSON.stringify(challenge));
    }
  });

  test('a server that gives none is out of reach', async (t) => {
    const broken = await localServer(t, (_, response) => response.writeHead(500).end());
    const elsewhere = await localServer(t, (_, response) => response.writeHead(302, { location: '/other' }).end());
    for (const url of [broken.origin, elsewhere.origin, `http://127.0.0.1:${await deadPort()}/`]) {
      assert.equal((await ask('captcha', { type: 'ALTCHA', challengeUrl: url })).error, 'Unreachable', url);
    }
  });

  test('it can be given up', async (t) => {
    const controller = new AbortController();
    const { origin } = await localServer(t, (_, response) => {
      response.end(JSON.stringify(makeChallenge(-1, { maxnumber: 20_000_000 })));
      response.on('close', () => setImmediate(() => controller.abort()));
    });
    assert.deepEqual(await ask('captcha', { type: 'ALTCHA', challengeUrl: origin }, controller.signal), { error: 'AbortError' });
  });
});

describe('given an app on this machine', () => {
  /** An app with these statuses. */
  const app = (t, { probe = 200, challenge = 200 } = {}) =>
    localServer(t, (request, response) => response.writeHead(request.url === '/probe' ? probe : challenge).end());
  /** With time enough for a machine that has other things to do. */
  const PATIENT = 10_000;
  const probe = (ports, rest = {}, signal) =>
    ask('probe', { domain: 'http://127.0.0.1', ports, challengeRequest: 'eyJ', probeTimeoutMillis: PATIENT, ...rest }, signal);

  test('it is given the challenge, and nothing else', async (t) => {
    const { port, requests } = await app(t);
    assert.deepEqual(await probe([port]), { value: 'answered' });
    assert.deepEqual(requests.map(({ method, path, body }) => [method, path, body]), [
      ['GET', '/probe', ''],
      ['POST', '/challenge', '{"challengeRequest":"eyJ"}'],
    ]);
    assert.equal(requests[1].headers['content-type'], 'application/json');
    for (const { headers } of requests) for (const name of ['cookie', 'authorization', 'referer']) assert.equal(headers[name], undefined, name);
  });

  test('the ports are tried in turn, until one answers', async (t) => {
    const [absent, other, right, unasked] = [await deadPort(), await app(t, { probe: 404 }), await app(t), await app(t)];
    assert.deepEqual(await probe([absent, other.port, right.port, unasked.port]), { value: 'answered' });
    assert.deepEqual(other.requests.map(({ path }) => path), ['/probe']);
    assert.equal(right.requests.length, 2);
    assert.deepEqual(unasked.requests, []);
  });

  test('one that is not the right one (503) is passed over', async (t) => {
    const [wrong, right] = [await app(t, { challenge: 503 }), await app(t)];
    assert.deepEqual(await probe([wrong.port, right.port]), { value: 'answered' });
    assert.deepEqual(await probe([wrong.port]), { error: 'OV_UNREACHABLE_BY_LOOPBACK' });
  });

  test('one that refuses ends the search', async (t) => {
    const [broken, right] = [await app(t, { challenge: 500 }), await app(t)];
    assert.deepEqual(await probe([broken.port, right.port]), { error: 'OV_RETURNED_ERROR', status: 500 });
    assert.deepEqual(right.requests, []);
  });

  test('one that hangs up has no status', async (t) => {
    const { port } = await localServer(t, (request, response) => (request.url === '/probe' ? response.end() : response.destroy()));
    assert.deepEqual(await probe([port]), { error: 'OV_RETURNED_ERROR', status: null });
  });

  test('none is said to be none', async () => {
    assert.deepEqual(await probe([await deadPort(), await deadPort()]), { error: 'OV_UNREACHABLE_BY_LOOPBACK' });
    assert.deepEqual(await probe([]), { error: 'OV_UNREACHABLE_BY_LOOPBACK' });
  });

  test('one that is silent is left after the time that the server names', async (t) => {
    const [silent, right] = [await localServer(t, () => {}), await app(t)];
    assert.deepEqual(await probe([silent.port, right.port], { probeTimeoutMillis: 400 }), { value: 'answered' });
  });

  test('it may be slower on Android, where it has to be started', async (t) => {
    const { port } = await localServer(t, (_, response) => setTimeout(() => response.end(), 200));
    assert.deepEqual(await probe([port], { probeTimeoutMillis: undefined }), { error: 'OV_UNREACHABLE_BY_LOOPBACK' });
    browse(ANDROID);
    t.after(() => browse(DESKTOP));
    assert.deepEqual(await probe([port], { probeTimeoutMillis: 20 }), { value: 'answered' });
  });

  test('a redirect is not followed', async (t) => {
    const target = await app(t);
    const { port } = await localServer(t, (_, response) => response.writeHead(307, { location: `${target.origin}/probe` }).end());
    assert.deepEqual(await probe([port]), { error: 'OV_UNREACHABLE_BY_LOOPBACK' });
    assert.deepEqual(target.requests, []);
  });

  test('the challenge can be given up while the person thinks', async (t) => {
    const controller = new AbortController();
    const { port } = await localServer(t, (request, response) => (request.url === '/probe' ? response.end() : controller.abort()));
    assert.deepEqual(await probe([port], {}, controller.signal), { error: 'AbortError' });
  });

  test('an address that is not of this machine is never asked', async (t) => {
    const { port, requests } = await app(t);
    const domains = [
      'http://192.168.0.1', 'http://example.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com', 'http://127.0.0.1@example.com',
      'https://localhost', 'http://localhost/path', 'http://localhost?', 'http://localhost#', 'http://user@localhost', 'http://127.0.0.2', 'http://0.0.0.0',
      'http://[::1]', 'file://localhost', 'localhost', '//localhost', `http://127.0.0.1:${port}`, ' http://localhost', 'http://localhost\n', '',
    ];
    for (const domain of domains) assert.equal((await probe([port], { domain })).error, 'Forbidden', domain);
    for (const odd of ['0', '65536', '080', `${port}/x`, `@example.com`, `${port}@example.com`, '', ' 80', '-1', '8e3']) {
      assert.equal((await probe([port, odd])).error, 'Forbidden', odd);
    }
    assert.equal((await probe(Array(33).fill(port))).error, 'Forbidden');
    assert.deepEqual(requests, []);
  });
});

describe('given the vendors', () => {
  const html = readFileSync(new URL('../../dist/latchkey-frame.html', import.meta.url), 'utf8');
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html);
  const directives = new Map(policy.split(';').map((directive) => directive.trim().split(/\s+/)).map(([name, ...sources]) => [name, sources]));
  const isAllowed = (name, address) => directives.get(name).some((source) => matches(source, new URL(address)));
  /** CSP 3 section 6.7.2.8, as far as the policy uses it. */
  function matches(source, { origin, hostname, pathname }) {
    if (!source.startsWith('https://')) return false;
    const [, host, path = ''] = /^https:\/\/([^/]+)(\/.*)?$/.exec(source);
    const isHost = host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;
    return origin.startsWith('https:') && isHost && pathname.startsWith(path);
  }

  test('the scripts of the table are those of the vendors, and the frame may load them', () => {
    const scripts = Object.values(CAPTCHA_VENDORS).flatMap((vendor) => vendor.scripts);
    assert.deepEqual(scripts, ['https://js.hcaptcha.com/1/api.js', 'https://www.google.com/recaptcha/api.js', 'https://www.recaptcha.net/recaptcha/api.js']);
    for (const script of scripts) assert.ok(isAllowed('script-src', script), script);
  });

  test('nobody else may', () => {
    for (const script of ['https://www.google.com/complete/search', 'https://example.com/x.js', 'https://hcaptcha.com.example.com/', 'http://js.hcaptcha.com/1/api.js']) {
      assert.ok(!isAllowed('script-src', script), script);
    }
    assert.deepEqual(directives.get('default-src'), ["'none'"]);
    for (const [name, sources] of directives) {
      const odd = sources.filter((source) => /^\*|^https?:$|unsafe/.test(source));
      assert.deepEqual(odd, name === 'style-src' ? ["'unsafe-inline'"] : [], name);
    }
  });

  test('a language cannot become another setting', () => {
    const address = (language) => scriptUrl('https://js.hcaptcha.com/1/api.js', 'ready', language);
    assert.equal(address('pt-BR'), 'https://js.hcaptcha.com/1/api.js?render=explicit&onload=ready&hl=pt-BR');
    for (const odd of [undefined, '', 'de&onload=x', '../x', 'de_DE']) assert.equal(address(odd), 'https://js.hcaptcha.com/1/api.js?render=explicit&onload=ready', odd);
  });

  test("Duo's prompt comes from Duo, and leads to Duo", () => {
    for (const host of ['api-1234abcd.duosecurity.com', 'api-x.duofederal.com']) {
      assert.ok(isDuoHost(host), host);
      assert.ok(isAllowed('frame-src', `https://${host}/frame/web/v1/auth`), host);
    }
    const strangers = [
      'duosecurity.com', 'api.duosecurity.com.example.com', 'apiduosecurity.com', 'x@api.duosecurity.com', 'api.duosecurity.com:8443', 'api.duosecurity.com/', 'example.com#.duosecurity.com',
      'example.com?.duosecurity.com', 'a.b.duosecurity.com', '.duosecurity.com', 'api.duosecurity.com\n', '',
    ];
    for (const host of strangers) assert.ok(!isDuoHost(host), host);
    for (const page of ['https://duo.com/help', 'https://guide.duo.com', 'https://help.duosecurity.com/?a=b']) assert.ok(isDuoPage(page), page);
    for (const page of ['http://duo.com/', 'https://duo.com.example.com/', 'https://duo.com@example.com/', 'https://example.com/duo.com', 'javascript:alert(1)//duo.com']) {
      assert.ok(!isDuoPage(page), page);
    }
  });
});
