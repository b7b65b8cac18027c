// Starts and stops the long-running parts: the identity server and the demo site.

import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { Failure, ROOT } from './run.mjs';

/** Where the demo is, unless something says otherwise. The configuration of the demo's server says the same. */
export const DEMO = { site: 4400, server: 4401, provider: 4402, webApp: 4403 };

/** The command that starts the identity server with the configuration in this file. */
export const serverCommand = (config) => [path.join(ROOT, 'target/debug/latchkey-server'), '--config', config];

/** The command that starts the demo site, for people who sign in at this issuer, beside the server-rendered application. */
export const siteCommand = (port, issuer, webApp = `http://localhost:${DEMO.webApp}`) => [
  process.execPath,
  path.join(ROOT, 'demo-site/serve.mjs'),
  ...['--port', String(port), '--issuer', issuer, '--web-app', webApp],
];

/** The command that starts the server-rendered application; what its configuration says can be said by variables instead. */
export const webAppCommand = (config = 'demo-site/web-app/demo.toml') => [
  path.join(ROOT, 'target/debug/latchkey-demo-web-app'),
  ...['--config', config],
];

/** The crates that programs are built from, in one go: what they share is then compiled once. */
export const BUILD_PROGRAMS = ['build', '--package', 'latchkey-server', '--package', 'latchkey-demo-web-app'];

/** Fails, naming the port, if somebody listens there already. */
export async function checkFree(port, what) {
  if (await isOpen(port)) throw new Failure(`port ${port} is taken, and ${what} needs it: stop what listens there and try again`);
}

/** Whether somebody accepts connections on localhost. */
export function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost', autoSelectFamily: true });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => (socket.destroy(), resolve(false)));
  });
}

/**
 * Starts a program that listens on `port`; resolves once it does, and fails if it ends before.
 *
 * @param {string[]} command the program and its arguments
 * @param {number} port
 * @param {{ stdio?: import('node:child_process').IOType, env?: Record<string, string> }} [options]
 * @returns {Promise<{ stop(): Promise<void>, ended: Promise<number | string> }>}
 */
export async function startService(command, port, { stdio = 'inherit', env = {} } = {}) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', stdio, stdio] });
  let isEnded = false;
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  }).finally(() => (isEnded = true));
  ended.catch(() => {}); // told below, or by whoever waits for it
  const stop = async () => {
    if (!isEnded) child.kill('SIGTERM');
    await ended.catch(() => {});
  };
  while (!(await isOpen(port))) {
    if (isEnded) throw new Failure(`\`${path.basename(program)}\` ended with ${await ended} before it listened on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { stop, ended };
}
