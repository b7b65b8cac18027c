// A real server for a client that is not ours: the built binary on a port of its own, with an empty database and an inbox.

import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OktaAuth } from '@okta/okta-auth-js';

const BINARY = fileURLToPath(new URL('../../target/debug/latchkey-server', import.meta.url));

/** Who is there from the start. */
export const PAT = { email: 'pat@example.com', password: 'Correct-Horse-42', name: 'Pat Example' };

/** The configuration of the demonstration with all that people may set up, as `startServer` takes it. */
export const EVERYTHING = new URL('everything.toml', import.meta.url);

/** Where ports are taken from: below those that systems give to outgoing connections, and each process begins elsewhere. */
const PORTS = { first: 10_240, count: 20_000 };
let nextPort = (process.pid * 37) % PORTS.count;

/**
 * Starts a server.
 *
 * @param {string | URL} configuration TOML that the usual configuration ends with, or the file of another one
 * @param {{ origins?: string[] }} [pages] origins of pages that the demo client has on top
 */
export async function startServer(configuration = '', { origins = [] } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-interop-'));
  const { child, port } = await listening(async (port) => {
    const config = path.join(folder, 'server.toml');
    await writeFile(config, await written(configuration, { port, database: path.join(folder, 'server.sqlite'), origins }));
    return spawn(BINARY, ['--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  });
  const origin = `http://localhost:${port}`;
  return {
    origin,
    issuer: `${origin}/oauth2/default`,
    codesFor: (address) => codesFor(origin, address),
    codeFor: async (address) => (await codesFor(origin, address))[0],
    linkFor: (address) => linkFor(origin, address),
    answerDevice: (answer) => answerDevice(origin, answer),
    /** Runs another command of the program, with the same configuration. */
    command: (name) => promisify(execFile)(BINARY, [name, '--config', path.join(folder, 'server.toml')]),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}

/** A client of that server. Its storage is its own, as a browser tab's is; by default a process shares one. */
export function client(issuer, options = {}) {
  const sections = ['token', 'cache', 'transaction', 'shared-transaction', 'original-uri', 'idx-response'];
  const storageManager = Object.fromEntries(sections.map((section) => [section, { storageProvider: memory() }]));
  return new OktaAuth({
    issuer,
    clientId: 'demo-spa',
    redirectUri: 'http://localhost:4400/callback',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    storageManager,
    ...options,
  });
}

function memory() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** The configuration as the server reads it, with this port and this database. */
async function written(configuration, { port, database, origins }) {
  const toml = configuration instanceof URL ? await readFile(configuration, 'utf8') : `${USUAL}\n${configuration}\n`;
  const registered = (field, addresses) => (line) => line.replace(`${field} = [`, `${field} = [${addresses.map((it) => `${JSON.stringify(it)}, `).join('')}`);
  return toml
    .replaceAll('127.0.0.1:4401', `127.0.0.1:${port}`)
    .replaceAll('localhost:4401', `localhost:${port}`)
    .replace(/^database = .*$/m, `database = ${JSON.stringify(database)}`)
    .replace(/^origins = .*$/m, registered('origins', origins))
    .replace(/^redirect_uris = .*$/m, registered('redirect_uris', origins.map((it) => `${it}/callback`)))
    .replace(/^post_logout_redirect_uris = .*$/m, registered('post_logout_redirect_uris', origins.map((it) => `${it}/`)));
}

const USUAL = `
[server]
listen = "127.0.0.1:4401"
issuer = "http://localhost:4401/oauth2/default"
database = "server.sqlite"

[[clients]]
client_id = "demo-spa"
name = "Demo app"
redirect_uris = ["http://localhost:4400/callback"]
post_logout_redirect_uris = ["http://localhost:4400/"]
origins = ["http://localhost:4400"]

[[users]]
email = "${PAT.email}"
password = "${PAT.password}"
first_name = "Pat"
last_name = "Example"

[mail]
inbox = true
`;

/**
 * A server that listens, and its port. Whoever asks for a free port first and takes it later may come second; so the server
 * itself takes each in turn, until it has one.
 */
async function listening(start) {
  for (;;) {
    const port = PORTS.first + (nextPort++ % PORTS.count);
    const child = await start(port);
    if (await hasPort(child)) return { child, port };
  }
}

/** Whether the server says that it listens; false if the port is somebody else's. Fails with what it said if it ends otherwise. */
async function hasPort(child) {
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'close').then(() => {
    if (said.includes('another program listens there')) return false;
    throw new Error(`the server ended: ${said}`);
  });
  ended.catch(() => {}); // told below, or the end of the tests
  const line = once(createInterface(child.stdout), 'line').then(([line]) => {
    if (!line.startsWith('latchkey-server listens on')) throw new Error(`the server said: ${line}`);
    return true;
  });
  return Promise.race([line, ended]);
}

/** The codes in the mails to this address, newest first. */
async function codesFor(origin, address) {
  const answer = await fetch(`${origin}/inbox.json?to=${encodeURIComponent(address)}`);
  const { mails } = await answer.json();
  return mails.map(({ code }) => code).filter(Boolean);
}

/** The link in the newest mail to this address. */
async function linkFor(origin, address) {
  const answer = await fetch(`${origin}/inbox.json?to=${encodeURIComponent(address)}`);
  const { mails } = await answer.json();
  return new URL(mails[0].link);
}

/** Answers what waits on the device: "approve", "deny" or a number. */
async function answerDevice(origin, answer) {
  const { waiting } = await (await fetch(`${origin}/simulator.json`)).json();
  await submit(`${origin}/simulator`, { id: waiting[0].id, answer });
}

/** Sends a form of one of the server's own pages. */
export async function submit(address, fields) {
  const { ok, status } = await fetch(address, { method: 'POST', body: new URLSearchParams(fields) });
  if (!ok) throw new Error(`${address} answered ${status}`);
}

/** What an authenticator app shows: RFC 6238 over a secret in Base32. */
export function totp(secret, seconds) {
  const bits = [...secret].map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const tag = createHmac('sha1', key).update(counter).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
