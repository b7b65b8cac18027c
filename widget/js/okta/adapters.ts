/**
 * How values of the incumbent's options change on their way to ours. Each works on values, and on configurations that are read
 * and not run: there functions are {@link Source}, and go through without being looked at.
 */
import type { Finding } from './translate.js';
import { isPlain, Source } from './source.js';
import { translateTexts } from './texts.js';

/** What an adapter may use. */
export interface Surroundings {
  /** All that was given, for an adapter that has to look elsewhere. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Makes what `WRAPPERS` says of a function, or of its text. */
  readonly wrap: (name: WrapperName, value: unknown) => unknown;
  /** Says more than the table does. */
  readonly note: (finding: Finding) => void;
}

/** What is wrapped, by whoever runs functions and by whoever prints them. */
export type WrapperName = 'continuation' | 'language';

type Adapter = (value: unknown, surroundings: Surroundings) => unknown;

/** The incumbent's words for where to begin, and the ones that its server knows them by. */
const FLOWS: Readonly<Record<string, string>> = {
  default: 'login',
  login: 'login',
  signin: 'login',
  authenticate: 'login',
  proceed: 'login',
  signup: 'signup',
  register: 'signup',
  enrollProfile: 'signup',
  resetPassword: 'resetPassword',
  recoverPassword: 'resetPassword',
  unlockAccount: 'unlockAccount',
};

const adapters = {
  /** There the issuer that a missing one stands for. */
  baseUrl: (value) => (typeof value === 'string' ? `${value.replace(/\/+$/, '')}/oauth2/default` : value),

  flow: (value, { note }) => {
    const flow = FLOWS[String(value)];
    if (flow === undefined) note({ option: 'flow', verdict: 'refused', advice: `There is no flow \`${String(value)}\`, but ${Object.keys(FLOWS).join(', ')}.` });
    if (value === 'proceed') note({ option: 'flow', verdict: 'changed', advice: '`proceed` goes on where there is something to go on with, and begins where there is not.' });
    return flow;
  },

  seconds: (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),

  /** `in` is how Java used to write `id`. */
  language: (value, { wrap }) => (isFunction(value) ? wrap('language', value) : value === 'in' ? 'id' : value),

  texts: (value, { given, note }) => {
    if (!isPlain(value)) return value;
    const own = new Set(itemsOf(given['customButtons']).map((button) => button['i18nKey']));
    const onUnknown = (key: string): void => {
      if (!own.has(key)) note({ option: `i18n.*.${key}`, verdict: 'ignored', advice: adviceForText(key) });
    };
    return Object.fromEntries(Object.entries(value).map(([language, texts]) => [language === 'in' ? 'id' : language, isPlain(texts) ? translateTexts(texts, onUnknown) : texts]));
  },

  customButtons: (value, { given, note }) =>
    mapItems(value, ({ title, i18nKey, click, ...others }) => {
      for (const name of Object.keys(others)) note(withoutEffect(`customButtons.${name}`));
      return { title: title ?? textOf(given, String(i18nKey)) ?? i18nKey, click };
    }),

  idps: (value, { note }) =>
    mapItems(value, ({ id, type, text, ...others }) => {
      for (const name of Object.keys(others)) note(withoutEffect(`idps.${name}`));
      return { id, ...(text !== undefined && { text }), ...(type !== undefined && { type: typeof type === 'string' ? type.toUpperCase() : type }) };
    }),

  links: (value) => mapItems(value, linkOf),

  link: (value) => (isPlain(value) ? linkOf(value) : value),

  /** There by the step and then by the moment, here the other way round. */
  hooks: (value) => {
    if (!isPlain(value)) return value;
    const at = (moment: 'before' | 'after'): object => Object.fromEntries(Object.entries(value).flatMap(([step, hook]) => (isPlain(hook) && hook[moment] !== undefined ? [[step, hook[moment]]] : [])));
    return { before: at('before'), after: at('after') };
  },

  continuation: (value, { wrap }) => (isFunction(value) ? wrap('continuation', value) : value),

  storage: (value, { note }) => {
    if (value !== 'cookie') return isPlain(value) ? storageOf(value) : value;
    note({ option: 'authParams.tokenManager.storage', verdict: 'ignored', advice: 'Cookies hold no tokens: they are in `localStorage` instead.' });
    return 'localStorage';
  },
} satisfies Record<string, Adapter>;

export type AdapterName = keyof typeof adapters;
export const ADAPTERS: Readonly<Record<AdapterName, Adapter>> = adapters;

const isFunction = (value: unknown): boolean => (value instanceof Source ? value.isFunction : typeof value === 'function');

const itemsOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] => (Array.isArray(value) ? value.filter(isPlain) : []);

/** What is no list of objects is left for `createSignIn` to complain about. */
const mapItems = (value: unknown, change: (item: Readonly<Record<string, unknown>>) => object): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => (isPlain(item) ? change(item) : item)) : value;

/** Frames of the page's own are no targets. */
const linkOf = ({ text, href, target }: Readonly<Record<string, unknown>>): object => ({ text, href, ...(target === '_blank' && { target }) });

const withoutEffect = (option: string): Finding => ({ option, verdict: 'ignored', advice: 'Has no effect. Style the button by the CSS variables.' });

const adviceForText = (key: string): string =>
  key.startsWith('country.') ? 'Names of countries are those of the browser.' : 'This text has no counterpart. All that there are: `messages` in the reference.';

/** A text of the page's own: in the language that is asked for, in English, in any. */
function textOf({ i18n, language }: Readonly<Record<string, unknown>>, key: string): unknown {
  if (!isPlain(i18n)) return undefined;
  const languages = [i18n[String(language)], i18n['en'], ...Object.values(i18n)];
  return languages.map((texts) => (isPlain(texts) ? texts[key] : undefined)).find((text) => text !== undefined);
}

/** The incumbent's storages have the names of the browser's. */
function storageOf(storage: Readonly<Record<string, unknown>>): unknown {
  const { getItem, setItem, removeItem } = storage;
  if (typeof getItem !== 'function' || typeof setItem !== 'function') return storage;
  return {
    get: (name: string) => getItem.call(storage, name) as unknown,
    set: (name: string, text: string) => void setItem.call(storage, name, text),
    remove: (name: string) => void (typeof removeItem === 'function' ? removeItem.call(storage, name) : setItem.call(storage, name, '')),
  };
}
