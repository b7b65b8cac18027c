/**
 * The texts of other languages, and in which language there are some: `locales/<tag>.json`, fetched from beside the script.
 *
 * A file is taken only if it was made for the same catalogue as this script: the WebAssembly knows its texts by their place.
 * What is done with them is in `speech.ts`.
 */
import { timeLimit } from './time-limit.js';

/** Texts by their names (`identify.title`), in the order of the catalogue. */
export type Texts = Readonly<Record<string, string>>;

/** Bundlers look for exactly these expressions to find the files. */
const FILES: Readonly<Record<string, () => URL>> = {
  ar: () => new URL('locales/ar.json', import.meta.url),
  de: () => new URL('locales/de.json', import.meta.url),
  en: () => new URL('locales/en.json', import.meta.url),
  es: () => new URL('locales/es.json', import.meta.url),
  fr: () => new URL('locales/fr.json', import.meta.url),
  it: () => new URL('locales/it.json', import.meta.url),
  ja: () => new URL('locales/ja.json', import.meta.url),
  nl: () => new URL('locales/nl.json', import.meta.url),
  pl: () => new URL('locales/pl.json', import.meta.url),
  'pt-BR': () => new URL('locales/pt-BR.json', import.meta.url),
};

/** Longer than a slow network takes for 10 KB, and then the sign-in matters more than its language. */
const LONGEST_WAIT = 10_000;

/** The build puts the mark of the catalogue here (`scripts/build/locales.mjs`). */
declare const CATALOGUE: string;

/** By address. A failure is forgotten, so that the next call tries again. */
const known = new Map<string, Promise<Texts>>();

/**
 * The texts of one of the languages that there are files for, fetched at most once.
 *
 * @throws Error that says why there are none
 */
export function loadTexts(tag: string, assetsUrl: string | undefined): Promise<Texts> {
  const file = `locales/${tag}.json`;
  const url = assetsUrl === undefined ? FILES[tag]?.().href : new URL(file, new URL(assetsUrl.replace(/\/?$/, '/'), document.baseURI)).href;
  const address = url ?? file;
  const texts = known.get(address) ?? request(address);
  known.set(address, texts);
  texts.catch(() => known.delete(address));
  return texts;
}

/** A file of another version may be one that a cache has kept: it is asked for once more, past the cache. */
async function request(url: string, cache: RequestCache = 'default'): Promise<Texts> {
  try {
    const response = await fetch(url, { credentials: 'same-origin', cache, signal: timeLimit(LONGEST_WAIT) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { catalogue, texts } = (await response.json()) as { catalogue?: unknown; texts: Texts };
    if (catalogue === CATALOGUE) return texts;
  } catch (cause) {
    throw new Error(`${url} could not be fetched: the texts are English`, { cause });
  }
  if (cache === 'default') return request(url, 'reload');
  throw new Error(`${url} is not of this version of latchkey.js: the texts are English`);
}
