// The files that a CDN serves: copies of what is in dist/, in a folder whose name changes with every byte of them. So they may be
// kept for ever, and files that belong together stay together: they find one another by relative addresses. Beside it
// dist/integrity.json, with the values for `integrity` attributes (Subresource Integrity, W3C).

import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What browsers fetch; declarations and the JSON Schema are for tools. */
const SERVED = /\.(js|css|wasm|html)$/;

/**
 * Writes `cdn/<version>-<hash>/` and `integrity.json` into `dist`.
 *
 * @param {string} dist
 * @param {string} version
 */
export async function writeCdn(dist, version) {
  const names = (await readdir(dist)).filter((name) => SERVED.test(name)).sort();
  const files = {};
  for (const name of names) files[name] = integrity(await readFile(path.join(dist, name)));
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const folder = `cdn/${version}-${hash}`;
  await rm(path.join(dist, 'cdn'), { recursive: true, force: true });
  await mkdir(path.join(dist, folder), { recursive: true });
  for (const name of names) await cp(path.join(dist, name), path.join(dist, folder, name));
  await writeFile(path.join(dist, 'integrity.json'), `${JSON.stringify({ version, folder, files }, null, 2)}\n`);
}

const integrity = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
