// A browser and an authorization server for tests of `latchkey/tokens`: both in memory, both with a clock that the test sets.
// Keys, signatures and digests are real.
//
// The server keeps to the rules: codes and refresh tokens work once, a refresh token that comes again ends the sign-in, and
// PKCE and DPoP proofs are checked.

import { importTypeScript } from './typescript.mjs';

const { Session } = await importTypeScript('widget/js/tokens/session.ts');

export const ISSUER = 'https://id.example.com/oauth2/default';
export const CLIENT = 'spa';
export const PAGE = 'https://app.example.com/account?tab=1#part';
export const API = 'https://api.example.com';
/** Friday, by both clocks. */
export const NOW = Date.parse('2026-03-06T09:00:00Z');

const encode = (value) => Buffer.from(typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value)).toString('base64url');
export const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
export const sha256 = async (text) => Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('base64url');

const KINDS = {
  RS256: { generate: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, sign: 'RSASSA-PKCS1-v1_5' },
  ES256: { generate: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
};

/** A key that signs tokens, and what the key set says of it. */
export async function signer(alg = 'ES256', kid = `key-${alg}`) {
  const { generate, sign } = KINDS[alg];
  const { privateKey, publicKey } = await crypto.subtle.generateKey(generate, true, ['sign', 'verify']);
  return {
    jwk: { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid, use: 'sig', alg },
    async sign(claims, header = {}) {
      const signed = `${encode({ alg, kid, ...header })}.${encode(claims)}`;
      return `${signed}.${encode(new Uint8Array(await crypto.subtle.sign(sign, privateKey, Buffer.from(signed))))}`;
    },
  };
}

const key = await signer();

/** See the head of the file. */
export class FakeServer {
  now = NOW;
  /** Whether answers have a `Date` that pages may read. */
  tellsTime = true;
  keys = [key.jwk];
  signer = key;
  /** Claims that a test wants otherwise, for the next ID token and all after it. */
  claims = {};
  lifetime = 3600;
  requests = [];
  revoked = [];
  /** By path: what answers instead of the server. */
  instead = {};
  #grants = new Map();
  #refreshTokens = new Map();
  #count = 0;

  /** `fetch`, for a browser. */
  fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    const body = request.method === 'POST' ? Object.fromEntries(new URLSearchParams(await request.clone().text())) : {};
    this.requests.push({ path: pathname, body, headers: request.headers, method: request.method, url: request.url });
    const name = pathname.slice(pathname.lastIndexOf('/') + 1);
    const instead = this.instead[name];
    if (instead) return instead(request, body);
    const answer = this[`answer_${name}`]?.(body, request);
    return (await answer) ?? new Response('{}', { status: 404 });
  };

  /** How often this path was asked, and with what. */
  asked(name) {
    return this.requests.filter(({ path }) => path.endsWith(`/${name}`));
  }

  json(body, status = 200, headers = {}) {
    const date = this.tellsTime ? { date: new Date(this.now).toUTCString() } : {};
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...date, ...headers } });
  }

  /** What `authorize` would do once the person is through: gives the query of the way back. */
  authorize(address) {
    const params = Object.fromEntries(new URL(address).searchParams);
    const code = `code-${++this.#count}`;
    this.#grants.set(code, params);
    return new URLSearchParams({ code, state: params.state, iss: ISSUER });
  }

  /** What the widget would say once the person is through, given these options. */
  finish({ scopes, codeChallenge, nonce, state }) {
    const code = `code-${++this.#count}`;
    this.#grants.set(code, { scope: scopes.join(' '), code_challenge: codeChallenge, nonce });
    return { status: 'interaction-code', interactionCode: code, state };
  }

  /** Tokens for somebody who is signed in already. */
  async issue({ sub = 'pat', scope = 'openid profile offline_access', nonce, thumbprint } = {}) {
    const count = ++this.#count;
    const seconds = Math.floor(this.now / 1000);
    const accessToken = `access-${count}`;
    const at_hash = Buffer.from(await sha256(accessToken), 'base64url').subarray(0, 16).toString('base64url');
    const claims = { iss: ISSUER, aud: CLIENT, sub, iat: seconds, exp: seconds + 3600, auth_time: seconds, at_hash, ...(nonce && { nonce }), ...this.claims };
    const refresh = scope.includes('offline_access') ? `refresh-${count}` : undefined;
    if (refresh) this.#refreshTokens.set(refresh, { sub, scope, thumbprint, isUsed: false, isEnded: false });
    return {
      token_type: thumbprint ? 'DPoP' : 'Bearer',
      expires_in: this.lifetime,
      access_token: accessToken,
      scope,
      id_token: await this.signer.sign(claims),
      refresh_token: refresh,
    };
  }

  async answer_token({ grant_type, interaction_code, code = interaction_code, code_verifier, refresh_token }, request) {
    const thumbprint = await thumbprintOfProof(request);
    if (grant_type !== 'refresh_token') {
      const grant = this.#grants.get(code);
      this.#grants.delete(code);
      if (!grant || grant.code_challenge !== (await sha256(code_verifier))) return this.json({ error: 'invalid_grant', error_description: 'PKCE verification failed.' }, 400);
      return this.json(await this.issue({ scope: grant.scope, nonce: grant.nonce, thumbprint }));
    }
    const grant = this.#refreshTokens.get(refresh_token);
    if (grant?.isUsed) for (const other of this.#refreshTokens.values()) other.isEnded = true;
    if (!grant || grant.isUsed || grant.isEnded) return this.json({ error: 'invalid_grant', error_description: 'The refresh token is invalid or expired.' }, 400);
    grant.isUsed = true;
    return this.json(await this.issue({ ...grant, thumbprint }));
  }

  answer_keys() {
    return this.json({ keys: this.keys });
  }

  answer_revoke({ token }) {
    this.revoked.push(token);
    return new Response(null, { status: 200 });
  }

  answer_userinfo() {
    return this.json({ sub: 'pat', email: 'pat@example.com' });
  }
}

async function thumbprintOfProof(request) {
  const proof = request.headers.get('dpop');
  if (!proof) return undefined;
  const { crv, kty, x, y } = decode(proof.split('.')[0]).jwk;
  return sha256(JSON.stringify({ crv, kty, x, y }));
}

/** Storage as browsers have it. */
export class FakeStorage {
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }
  setItem(name, text) {
    this[name] = String(text);
  }
  removeItem(name) {
    delete this[name];
  }
}

/** IndexedDB, as far as one value by name needs it. Requests are answered in turns of their own, as in browsers. */
export class FakeIndexedDB {
  #values = new Map();

  open() {
    const store = {
      get: (name) => this.#request(() => this.#values.get(name)),
      put: (value, name) => this.#request(() => this.#values.set(name, value)),
      delete: (name) => this.#request(() => this.#values.delete(name)),
    };
    const transaction = () => {
      const made = { objectStore: () => store };
      // Two turns: what the answer to a request asks for belongs to the same transaction.
      setImmediate(() => setImmediate(() => made.oncomplete()));
      return made;
    };
    return this.#request(() => ({ transaction, close: () => {} }));
  }

  #request(work) {
    const request = {};
    queueMicrotask(() => {
      request.result = work();
      request.onsuccess?.();
    });
    return request;
  }
}

/** One browser with any number of tabs of one origin. */
export class FakeBrowser {
  server = new FakeServer();
  /** The device's clock, wrong if a test wants it. */
  day = NOW;
  localStorage = new FakeStorage();
  indexedDB = new FakeIndexedDB();
  #elapsed = 0;
  #timers = new Set();
  #channels = new Set();
  #lockQueues = new Map();
  #sessions = [];

  /** A tab: its platform, and what it did. `locks: false` is an old browser, `channel: false` an odd one. */
  tab({ href = PAGE, locks = true, channel = true, sessionStorage = new FakeStorage() } = {}) {
    const tab = { href, visits: [], sessionStorage, wake: () => {} };
    tab.platform = {
      fetch: this.server.fetch,
      now: () => this.day,
      elapsed: () => this.#elapsed,
      setTimeout: (work, milliseconds) => this.#setTimeout(work, milliseconds),
      clearTimeout: (timer) => this.#clear(timer),
      href: () => tab.href,
      go: (url, how) => tab.visits.push(how === 'replace' ? `replace ${url}` : url),
      rewrite: (url) => (tab.href = new URL(url, tab.href).href),
      sessionStorage,
      localStorage: this.localStorage,
      locks: locks ? { request: (name, work) => this.#lock(name, work) } : undefined,
      indexedDB: this.indexedDB,
      channel: channel ? (name) => this.#channel(name) : undefined,
      onWake: (listener) => ((tab.wake = listener), () => (tab.wake = () => {})),
    };
    return tab;
  }

  /** A session in a tab of its own, with the events it had. */
  open(options = {}, tab = this.tab()) {
    const session = new Session({ issuer: ISSUER, clientId: CLIENT, redirectUri: '/callback', ...options }, tab.platform);
    this.#sessions.push(session);
    const events = [];
    for (const name of ['change', 'clockSkew', 'stepUp', 'error']) {
      session.on(name, (event) => events.push(name === 'change' ? event.reason : name === 'error' ? `error ${event.code}` : { [name]: event }));
    }
    return { session, tab, events };
  }

  /** A session of somebody who has just signed in with the widget. */
  async signedIn(options, grant, tab) {
    const opened = this.open(options, tab);
    await opened.session.ready;
    opened.session.accept(this.outcome(await this.server.issue(grant)));
    return opened;
  }

  /** What the widget hands over for an answer of the token endpoint. */
  outcome({ access_token, token_type, expires_in, scope, id_token, refresh_token }) {
    const tokens = {
      accessToken: access_token,
      tokenType: token_type,
      expiresAt: Math.floor(this.day / 1000) + expires_in,
      scopes: scope.split(' '),
      idToken: { raw: id_token, claims: decode(id_token.split('.')[1]) },
      ...(refresh_token && { refreshToken: refresh_token }),
    };
    return { status: 'signed-in', tokens };
  }

  /** Time goes by, for all clocks alike; timers that are due fire in their order. */
  pass(seconds) {
    const until = this.#elapsed + seconds * 1000;
    for (;;) {
      const next = [...this.#timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      this.#moveTo(next?.due ?? until);
      if (!next) return;
      this.#timers.delete(next);
      next.work();
    }
  }

  /** Ends all sessions, so that nothing of one test is heard in another. */
  close() {
    for (const session of this.#sessions) session.destroy();
  }

  /** How many timers wait. */
  get timers() {
    return this.#timers.size;
  }

  #moveTo(elapsed) {
    const passed = elapsed - this.#elapsed;
    this.#elapsed += passed;
    this.day += passed;
    this.server.now += passed;
  }

  /** Waiting for other tabs takes no time; what is longer waits for `pass`. */
  #setTimeout(work, milliseconds) {
    if (milliseconds > 0 && milliseconds <= 100) return void setImmediate(() => setImmediate(work));
    const timer = { work, due: this.#elapsed + milliseconds };
    this.#timers.add(timer);
    return timer;
  }

  #clear(timer) {
    this.#timers.delete(timer);
  }

  #channel(name) {
    const channel = {
      onmessage: undefined,
      postMessage: (data) => {
        if (!this.#channels.has(channel)) throw new DOMException('Channel is closed', 'InvalidStateError');
        const copy = structuredClone(data);
        for (const other of this.#channels) if (other !== channel && other.name === name) queueMicrotask(() => other.onmessage?.({ data: copy }));
      },
      close: () => this.#channels.delete(channel),
      name,
    };
    this.#channels.add(channel);
    return channel;
  }

  #lock(name, work) {
    const before = this.#lockQueues.get(name) ?? Promise.resolve();
    const done = before.then(work);
    this.#lockQueues.set(name, done.catch(() => {}));
    return done;
  }
}

/** The next event of this name, when all that follows from it at once has happened. */
export const next = (session, name) =>
  new Promise((resolve) => {
    const stop = session.on(name, (event) => {
      stop();
      setImmediate(() => resolve(event));
    });
  });

/** The error's code, or `fulfilled`. */
export const codeOf = (promise) => Promise.resolve(promise).then(() => 'fulfilled', (error) => error.code ?? String(error));
