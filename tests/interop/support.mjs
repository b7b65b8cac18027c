// A real server for a client that is not ours: the built binary on a free port, with an empty database and an inbox.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { OktaAuth } from '@okta/okta-auth-js';

const BINARY = fileURLToPath(new URL('../../target/debug/latchkey-server', import.meta.url));

/** Who is there from the start. */
export const PAT = { email: 'pat@example.com', password: 'Correct-Horse-42', name: 'Pat Example' };

/**
 * Starts a server; `policy` is TOML that its configuration ends with.
 *
 * @returns {Promise<{ issuer: string, codesFor(address: string): Promise<string[]>, codeFor(address: string): Promise<string>, linkFor(address: string): Promise<URL>, answerDevice(answer: string): Promise<void>, stop(): Promise<void> }>}
 */
export async function startServer(policy = '') {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-interop-'));
  const port = await freePort();
  const config = path.join(folder, 'server.toml');
  await writeFile(config, configuration(port, path.join(folder, 'server.sqlite'), policy));
  const child = spawn(BINARY, ['--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  await listening(child);
  const origin = `http://localhost:${port}`;
  return {
    issuer: `${origin}/oauth2/default`,
    codesFor: (address) => codesFor(origin, address),
    codeFor: async (address) => (await codesFor(origin, address))[0],
    linkFor: (address) => linkFor(origin, address),
    answerDevice: (answer) => answerDevice(origin, answer),
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

function configuration(port, database, policy) {
  return `
[server]
listen = "127.0.0.1:${port}"
issuer = "http://localhost:${port}/oauth2/default"
database = ${JSON.stringify(database)}

[[clients]]
client_id = "demo-spa"
name = "Demo app"
redirect_uris = ["http://localhost:4400/callback"]
origins = ["http://localhost:4400"]

[[users]]
email = "${PAT.email}"
password = "${PAT.password}"
first_name = "Pat"
last_name = "Example"

[mail]
inbox = true

${policy}
`;
}

/** Resolves once the server says that it listens; fails with what it said if it ends before. */
async function listening(child) {
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the server ended: ${said}`)));
  ended.catch(() => {}); // told below, or the end of the tests
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  if (!line.startsWith('latchkey-server listens on')) throw new Error(`the server said: ${line}`);
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

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
