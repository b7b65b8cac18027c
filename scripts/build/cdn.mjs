// The files that a CDN serves: copies of what is in dist/, in a folder whose name changes with every byte of them. So they may be
// kept for ever, and files that belong together stay together: they find one another by relative addresses. Beside it
// dist/integrity.json, with the values for `integrity` attributes (Subresource Integrity, W3C).

import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What browsers fetch; declarations and the JSON Schema are for tools. */
const SERVED = /^[\w.-]+\.(js|css|wasm|html)$|^locales\/[\w-]+\.json$/;

/**
 * Writes `cdn/<version>-<hash>/` and `integrity.json` into `dist`.
 *
 * @param {string} dist
 * @param {string} version
 */
export async function writeCdn(dist, version) {
  const files = await integrityOf(dist);
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const folder = `cdn/${version}-${hash}`;
  await rm(path.join(dist, 'cdn'), { recursive: true, force: true });
  await mkdir(path.join(dist, folder), { recursive: true });
  for (const name of Object.keys(files)) await cp(path.join(dist, name), path.join(dist, folder, name));
  await writeFile(path.join(dist, 'integrity.json'), `${JSON.stringify({ version, folder, files }, null, 2)}\n`);
}

/**
 * The digest of every script, style, page and WebAssembly in `dist`, but for one file.
 *
 * @param {string} dist
 * @param {string} exception
 * @returns {Promise<Record<string, string>>} SHA-384 in base64, by name
 */
export async function digestsOf(dist, exception) {
  const files = Object.entries(await integrityOf(dist)).filter(([name]) => !name.includes('/') && name !== exception);
  return Object.fromEntries(files.map(([name, value]) => [name, value.replace('sha384-', '')]));
}

/** The values for `integrity` of all that browsers fetch, by name, in the order of the names. */
async function integrityOf(dist) {
  const all = (await readdir(dist, { recursive: true })).map((name) => name.split(path.sep).join('/'));
  const names = all.filter((name) => SERVED.test(name)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, integrity(await readFile(path.join(dist, name)))])));
}

const integrity = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
