// The texts of the package by language: `widget/locales/<tag>.json`, with groups within groups as translators see them, become
// `dist/locales/<tag>.json`, flat and complete: what a language does not say, English says.
//
// The order of the names is the order in which the WebAssembly knows its texts (`widget/build.rs`). So each file carries the
// mark of the catalogue that it was made for, and the script refuses another one.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../lib/run.mjs';

const SOURCES = path.join(ROOT, 'widget/locales');

/** The tags of all languages there are. */
export const languages = async () => (await readdir(SOURCES)).map((name) => path.basename(name, '.json')).sort();

/** The texts of one language by their names (`identify.title`), only those that it has. */
export async function textsOf(tag) {
  return Object.fromEntries(flat(JSON.parse(await readFile(path.join(SOURCES, `${tag}.json`), 'utf8'))));
}

const flat = (group, before = '') =>
  Object.entries(group).flatMap(([name, value]) => (typeof value === 'string' ? [[before + name, value]] : flat(value, `${before}${name}.`)));

/** `{name}` and `{n}` in the order in which they stand there; forms of a plural have the same, so the first speaks for all. */
export const placeholders = (text) => text.split('|')[0].match(/\{\w+\}/g) ?? [];

/** What a file must have been made for: the names in their order, and what is filled into each. */
export async function catalogueMark() {
  const english = await textsOf('en');
  const shape = Object.keys(english).sort().map((name) => [name, placeholders(english[name])]);
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 8);
}

/** Writes a file for each language. */
export async function writeLocales(dist) {
  const [english, catalogue] = [await textsOf('en'), await catalogueMark()];
  const folder = path.join(dist, 'locales');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const tag of await languages()) {
    const own = await textsOf(tag);
    const texts = Object.fromEntries(Object.keys(english).sort().map((name) => [name, own[name] ?? english[name]]));
    await writeFile(path.join(folder, `${tag}.json`), `${JSON.stringify({ catalogue, texts }, null, 1)}\n`);
  }
}
