// How the scripts start programs and tell what they are doing. Node's built-ins only, since set-up runs before `npm ci`.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's folder: every path of the scripts begins here, wherever they are called from. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What the person can mend. Printed without a stack trace. */
export class Failure extends Error {}

/** Prints what is being done, does it, and prints how long it took. */
export async function step(title, work) {
  console.log(`\n▸ ${title}`);
  const begun = performance.now();
  const result = await work();
  console.log(`  done in ${seconds(performance.now() - begun)}`);
  return result;
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Runs a program with its output on the terminal; fails with the command line if it does. */
export async function run(command, args = [], options = {}) {
  const code = await runForCode(command, args, options);
  if (code !== 0) throw new Failure(`\`${[command, ...args].join(' ')}\` failed (${code})`);
}

/** The same, for callers who want to go on after a failure: gives the exit code, or the name of the signal. */
export function runForCode(command, args = [], { env = {}, cwd = ROOT } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(new Failure(`\`${command}\` could not be started: ${cause.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? signal));
  });
}

/** What a program prints, or undefined if it is not there or fails. For asking about versions. */
export function ask(command, ...args) {
  const { status, stdout } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}

/** The main function of a script: a failure that a person can mend is one line, anything else keeps its stack. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`\n✗ ${error.message}`);
    process.exitCode = 1;
  }
}

/** Whether `file` (from the project's folder) is there. */
export const isThere = (file) => existsSync(new URL(`../../${file}`, import.meta.url));
