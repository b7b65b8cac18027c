// The package as npm would publish it, packed from what the build has left in dist/. Nothing is built here.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a program to its end and gives what it has written; one that fails has its whole output in the error. */
export async function output(command, args, options = {}) {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 26, ...options });
    return stdout;
  } catch (error) {
    throw new Error(`${[command, ...args].join(' ')}\n${error.stdout ?? ''}${error.stderr ?? ''}`, { cause: error });
  }
}

/** A folder that is gone after the test. */
export async function temporaryFolder(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-package-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/**
 * Packs into `folder`.
 *
 * @returns {Promise<{ file: string, size: number, unpackedSize: number, files: string[] }>} sizes in bytes
 */
export async function pack(folder) {
  const printed = await output('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  // A list, or since npm 12 an object by name.
  const [{ filename, size, unpackedSize, files }] = Object.values(JSON.parse(printed));
  return { file: path.join(folder, filename), size, unpackedSize, files: files.map((file) => file.path).sort() };
}

/** Puts the packed package into `folder`/node_modules, as an installation would: it has no dependencies. */
export async function install(file, folder) {
  const place = path.join(folder, 'node_modules/latchkey');
  await mkdir(place, { recursive: true });
  await output('tar', ['-xzf', file, '-C', place, '--strip-components', '1']);
  return place;
}
