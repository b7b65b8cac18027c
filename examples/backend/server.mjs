// A backend that keeps the tokens: the page signs in with the widget, gets a code that it cannot use, and hands it over. The
// browser has a session cookie and nothing else.
//
// The widget is given `codeChallenge`; the `code_verifier` behind it never leaves this process (RFC 7636). Sessions are in
// memory, since this is an example.
//
// environment: ISSUER, CLIENT_ID, PORT, and CLIENT_SECRET where the client has one

import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const { ISSUER = 'http://localhost:4401/oauth2/default', CLIENT_ID = 'demo-spa', CLIENT_SECRET, PORT = '4400' } = process.env;
const ORIGIN = `http://localhost:${PORT}`;
const REDIRECT_URI = `${ORIGIN}/callback`;
const PACKAGE = new URL('.', import.meta.resolve('latchkey/latchkey.css'));
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
  `connect-src 'self' ${new URL(ISSUER).origin}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'";
const TYPES = { js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' };

/** By the value of the cookie: a sign-in that has begun, or somebody who is signed in. */
const sessions = new Map();
const random = () => randomBytes(32).toString('base64url');

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error.message);
    response.writeHead(500).end();
  });
}).listen(Number(PORT), 'localhost', () => console.log(ORIGIN));

async function answer(request, response) {
  const { pathname } = new URL(request.url, ORIGIN);
  const id = /(?:^|; )latchkey-backend=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const session = sessions.get(id);
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /' || route === 'GET /callback') return session?.claims ? welcome(response, session) : signIn(response, id, session);
  if (request.method === 'GET') return file(pathname, response);
  // Cookies are sent along by other pages of the same site too; the origin tells them apart.
  if (request.headers.origin !== ORIGIN) return response.writeHead(403).end();
  if (route === 'POST /session') return redeem(await form(request), response, id, session);
  if (route === 'POST /sign-out') return signOut(response, id, session);
  return response.writeHead(404).end();
}

/** The page with the widget, and what it is to ask for; a reload goes on with the same sign-in. */
async function signIn(response, id, begun) {
  const session = begun ?? { verifier: random(), state: random(), nonce: random() };
  const options = {
    issuer: ISSUER,
    clientId: CLIENT_ID,
    redirectUri: REDIRECT_URI,
    state: session.state,
    nonce: session.nonce,
    codeChallenge: createHash('sha256').update(session.verifier).digest('base64url'),
    codeChallengeMethod: 'S256',
  };
  const page = await readFile(new URL('index.html', import.meta.url), 'utf8');
  html(response, page.replace('{{options}}', escape(JSON.stringify(options))), begun ? id : begin(session));
}

function welcome(response, { claims }) {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Welcome</title>
    <h1>Welcome, ${escape(claims.name ?? claims.sub)}</h1><form method="post" action="/sign-out"><button>Sign out</button></form></html>`;
  html(response, page);
}

/** The code for tokens, over a connection of our own (RFC 6749 section 4.1.3). */
async function redeem({ interactionCode, state }, response, id, session) {
  if (!session?.verifier || state !== session.state) return response.writeHead(400).end();
  // Whatever comes of it, this sign-in is over.
  sessions.delete(id);
  const params = { grant_type: 'interaction_code', client_id: CLIENT_ID, interaction_code: interactionCode, redirect_uri: REDIRECT_URI, code_verifier: session.verifier };
  const tokens = await post('token', params);
  const claims = tokens && claimsOf(tokens.id_token, session.nonce);
  if (!claims) return response.writeHead(403).end();
  // Another id than before: whoever knew that one is not signed in with it.
  response.writeHead(204, { 'set-cookie': cookie(begin({ claims, tokens })) }).end();
}

async function signOut(response, id, session) {
  sessions.delete(id);
  if (session?.tokens) await post('revoke', { client_id: CLIENT_ID, token: session.tokens.access_token, token_type_hint: 'access_token' });
  response.writeHead(303, { location: '/', 'set-cookie': cookie('', '; Max-Age=0') }).end();
}

async function post(endpoint, params) {
  const headers = CLIENT_SECRET ? { authorization: `Basic ${btoa(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`)}` } : {};
  const answer = await fetch(`${ISSUER}/v1/${endpoint}`, { method: 'POST', headers, body: new URLSearchParams(params), redirect: 'error' });
  return answer.ok ? answer.json().catch(() => undefined) : undefined;
}

/** OIDC Core 3.1.3.7. It came from the token endpoint itself, so that the signature may go unchecked (step 6). */
function claimsOf(idToken, nonce) {
  const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString());
  const isOurs = claims.iss === ISSUER && claims.aud === CLIENT_ID && claims.nonce === nonce && claims.exp > Date.now() / 1000 - 300;
  return isOurs ? claims : undefined;
}

function begin(session) {
  const id = random();
  sessions.set(id, session);
  return id;
}

/** `Secure` where it is not an example on this machine. */
const cookie = (id, more = '') => `latchkey-backend=${id}; HttpOnly; SameSite=Lax; Path=/${more}`;

function html(response, page, id) {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY, 'cache-control': 'no-store' };
  response.writeHead(200, id ? { ...headers, 'set-cookie': cookie(id) } : headers).end(page);
}

/** main.js, and the files of the package. */
async function file(pathname, response) {
  const name = /^\/latchkey\/([\w-]+\.(?:js|css|wasm))$/.exec(pathname)?.[1];
  const address = pathname === '/main.js' ? new URL('main.js', import.meta.url) : name && new URL(name, PACKAGE);
  const body = address && (await readFile(fileURLToPath(address)).catch(() => undefined));
  if (!body) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[pathname.split('.').pop()] }).end(body);
}

async function form(request) {
  let text = '';
  for await (const chunk of request) if ((text += chunk).length > 10_000) throw new Error('too long');
  return Object.fromEntries(new URLSearchParams(text));
}

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
