/**
 * How values of the incumbent's options change on their way to ours. Each works on values, and on configurations that are read
 * and not run: there functions are {@link Source}, and go through without being looked at.
 */
import { LANGUAGES, nearestTag } from '../language.js';
import type { Finding } from './translate.js';
import { isPlain, Source } from './source.js';
import { translateTexts } from './texts.js';

/** What an adapter may use. */
export interface Surroundings {
  /** All that was given, for an adapter that has to look elsewhere. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly wrap: Wrap;
  /** Says more than the table does. */
  readonly note: (finding: Finding) => void;
}

/** What is wrapped, by whoever runs functions and by whoever prints them: one function, or all that `registration` has. */
export type WrapperName = 'continuation' | 'submits' | 'language';
export type Wrap = (name: WrapperName, value: unknown, languages?: readonly string[]) => unknown;

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
  /** There a slash at its end counted for nothing; here it is compared with the tokens' `iss` to the letter. */
  issuer: (value) => (typeof value === 'string' ? value.replace(/\/$/, '') : value),

  /** There the issuer that a missing one stands for. */
  baseUrl: (value) => (value instanceof Source ? computed(value, (text) => `${text} + '/oauth2/default'`) : typeof value === 'string' ? `${value.replace(/\/+$/, '')}/oauth2/default` : value),

  flow: (value, { note }) => {
    if (value instanceof Source) return value;
    const flow = FLOWS[String(value)];
    if (flow === undefined) note({ option: 'flow', verdict: 'refused', advice: `There is no flow \`${String(value)}\`, but ${Object.keys(FLOWS).join(', ')}.` });
    if (value === 'proceed') note({ option: 'flow', verdict: 'changed', advice: '`proceed` goes on where there is something to go on with, and begins where there is not.' });
    return flow;
  },

  seconds: (value) => (value instanceof Source ? computed(value, (text) => `Number(${text})`) : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),

  /** `in` is how Java used to write `id`. */
  language: (value, { given, note, wrap }) => {
    const own = isPlain(given['i18n']) ? Object.keys(given['i18n']) : [];
    if (isFunction(value)) return wrap('language', value, [...new Set([...LANGUAGES, 'nl-NL', ...own])]);
    const language = value === 'in' ? 'id' : value;
    if (typeof language === 'string' && !nearestTag(language, [...LANGUAGES, ...own])) {
      note({ option: 'language', verdict: 'changed', advice: `There are no texts in \`${language}\`, so it is English, unless \`messages\` has them. There are ${LANGUAGES.join(', ')}.` });
    }
    return language;
  },

  texts: (value, { given, note }) => {
    if (value instanceof Source) return void note({ option: 'i18n', verdict: 'ignored', advice: 'Is computed, so its keys cannot be translated here: write `messages` by hand.' });
    if (!isPlain(value)) return value;
    const own = new Set(itemsOf(given['customButtons']).map((button) => button['i18nKey']));
    const onUnknown = (key: string): void => {
      if (!own.has(key)) note({ option: `i18n.*.${key}`, verdict: 'ignored', advice: adviceForText(key) });
    };
    return Object.fromEntries(Object.entries(value).map(([language, texts]) => [language === 'in' ? 'id' : language, isPlain(texts) ? translateTexts(texts, onUnknown) : texts]));
  },

  customButtons: (value, { given, note }) =>
    mapItems(value, '({ title, i18nKey, click }) => ({ title: title ?? i18nKey, click })', ({ title, i18nKey, click, ...others }) => {
      for (const name of Object.keys(others)) note(withoutEffect(`customButtons.${name}`));
      return { title: title ?? textOf(given, String(i18nKey)) ?? i18nKey, click };
    }),

  idps: (value, { note }) =>
    mapItems(value, '({ id, text, type }) => ({ id, text, type: type?.toUpperCase() })', ({ id, type, text, ...others }) => {
      for (const name of Object.keys(others)) note(withoutEffect(`idps.${name}`));
      return { id, ...(text !== undefined && { text }), ...(type !== undefined && { type: typeof type === 'string' ? type.toUpperCase() : type }) };
    }),

  links: (value, { note }) => mapItems(value, LINK, (link) => linkOf(link, 'helpLinks.custom', note)),

  link: (value, { note }) => (value instanceof Source ? computed(value, (text) => `(${LINK})(${text})`) : isPlain(value) ? linkOf(value, 'helpLinks.factorPage', note) : value),

  /** There by the step and then by the moment, here the other way round. */
  hooks: (value) => {
    if (value instanceof Source) return computed(value, (text) => `(${TURN_HOOKS})(${text})`);
    if (!isPlain(value)) return value;
    const at = (moment: 'before' | 'after'): object =>
      Object.fromEntries(
        Object.entries(value).flatMap(([step, hook]) => {
          if (hook instanceof Source) return [[step, computed(hook, (text) => `${text}.${moment} ?? []`)]];
          return isPlain(hook) && hook[moment] !== undefined ? [[step, hook[moment]]] : [];
        }),
      );
    return { before: at('before'), after: at('after') };
  },

  /** A name of another file is taken for what it must be. */
  continuation: (value, { wrap }) => (isFunction(value) || value instanceof Source ? wrap('continuation', value) : value),

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

/** Code that works on what an expression gives. */
const computed = ({ text }: Source, code: (text: string) => string): Source => new Source(code(/^[\w$.]+$/.test(text) ? text : `(${text})`), false);

/** What is no list of objects is left for `createSignIn` to complain about. `code` does the same where there is only a text. */
function mapItems(value: unknown, code: string, change: (item: Readonly<Record<string, unknown>>) => object): unknown {
  if (value instanceof Source) return computed(value, (text) => `${text}.map(${code})`);
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => (item instanceof Source ? computed(item, (text) => `(${code})(${text})`) : isPlain(item) ? change(item) : item));
}

/** There are two targets here; frames of the page's own are none. */
function linkOf({ text, href, target }: Readonly<Record<string, unknown>>, option: string, note: Surroundings['note']): object {
  const isKnown = target === undefined || target === '_self' || target === '_blank';
  if (!isKnown) note({ option: `${option}.target`, verdict: 'ignored', advice: 'Links open in the page’s own frame, or with `_blank` in a new tab.' });
  return { text, href, ...(target === '_blank' && { target }) };
}

const LINK = "({ text, href, target }) => ({ text, href, target: target === '_blank' ? target : '_self' })";

const TURN_HOOKS = `(hooks) => ({
    before: Object.fromEntries(Object.entries(hooks).map(([step, { before = [] }]) => [step, before])),
    after: Object.fromEntries(Object.entries(hooks).map(([step, { after = [] }]) => [step, after])),
  })`;

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
