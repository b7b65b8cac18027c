/** The widget's own words, from the file that is compiled into it: tests find things by what a person reads. */
import { readFileSync } from 'node:fs';

type Catalogue = { readonly [name: string]: string | Catalogue };

const catalogue = JSON.parse(readFileSync(new URL('../../../widget/locales/en.json', import.meta.url), 'utf8')) as Catalogue;

/** The text under a dotted key in this language. */
export function textIn(language: string, key: string): string {
  const file = new URL(`../../../dist/locales/${language}.json`, import.meta.url);
  const { texts } = JSON.parse(readFileSync(file, 'utf8')) as { readonly texts: Readonly<Record<string, string>> };
  const found = texts[key];
  if (found === undefined) throw new Error(`dist/locales/${language}.json has no text ${key}`);
  return found;
}

/** The text under a dotted key, such as `identify.title`; `{name}` is filled in from `values`. */
export function text(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const found = key.split('.').reduce<string | Catalogue | undefined>((inner, name) => (inner as Catalogue | undefined)?.[name], catalogue);
  if (typeof found !== 'string') throw new Error(`widget/locales/en.json has no text ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
}

/** Our words by the server's i18n key, which has dots in it: for a message, or for the title of an end. */
export function textOf(what: 'server' | 'ending', key: string): string {
  const found = (catalogue[what] as Catalogue)[key];
  if (typeof found !== 'string') throw new Error(`widget/locales/en.json has no words for ${key}`);
  return found;
}
