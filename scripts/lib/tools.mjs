// Where the tools are that npm does not bring: wasm-bindgen in the version of Cargo.lock, the sources of
// Rust's standard library, Chromium and its driver.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ask, ROOT } from './run.mjs';

/** Tools that set-up installs; nothing outside the project's folder is touched. */
export const TOOLS = path.join(ROOT, '.cache/tools');

/** The version that Cargo.lock fixes. The glue and the module must come from the same one. */
export function wasmBindgenVersion() {
  const lock = readFileSync(path.join(ROOT, 'Cargo.lock'), 'utf8');
  const [, version] = /\[\[package\]\]\nname = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock) ?? [];
  if (!version) throw new Error('Cargo.lock names no wasm-bindgen');
  return version;
}

/**
 * The path of a program of wasm-bindgen-cli in the right version: the one that set-up installed, or one on PATH.
 *
 * @param {'wasm-bindgen' | 'wasm-bindgen-test-runner'} program
 */
export function wasmBindgen(program = 'wasm-bindgen') {
  const wanted = wasmBindgenVersion();
  const candidates = [path.join(TOOLS, 'bin', program), ...onPath(program)];
  return candidates.find((candidate) => ask(candidate, '--version')?.split(' ')[1] === wanted);
}

/** The folder with the sources of the standard library, which the build compiles anew; rustup's component `rust-src`. */
export function librarySources() {
  const folder = path.join(ask('rustc', '--print', 'sysroot') ?? '', 'lib/rustlib/src/rust/library');
  return existsSync(path.join(folder, 'Cargo.lock')) ? folder : undefined;
}

/** Chromium's path: the one of `CHROMIUM`, or the first one that is installed. */
export const chromium = () =>
  process.env.CHROMIUM ?? firstOnPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');

/** The path of the driver, which must be of Chromium's own version. */
export const chromedriver = () => process.env.CHROMEDRIVER ?? firstOnPath('chromedriver');

/** Whether a program can be started by its name. */
export const isOnPath = (program) => onPath(program).length > 0;

const firstOnPath = (...programs) => programs.flatMap(onPath)[0];

const onPath = (program) =>
  (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, program)).filter((file) => existsSync(file));
