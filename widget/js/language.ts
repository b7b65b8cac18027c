/**
 * In which language the widget speaks: the part of it that every page needs. The words of other languages are found by
 * `speech.ts`, which only those fetch who need them.
 */
import type { SignInErrorCode } from './errors.js';
import { texts as english, type PageTexts } from './texts.js';
import type { SignInOptions } from './types.js';

/** The languages that there are files for (`locales.ts`). */
export const LANGUAGES: readonly string[] = ['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt-BR'];

/** What is spoken. */
export interface Speech {
  /** BCP 47. */
  readonly language: string;
  /** For the WebAssembly: see `widget/src/ui/speech.rs`. Empty for the English that it has. */
  readonly words: string;
  /** For what is seen without the WebAssembly. */
  readonly texts: PageTexts;
  /** What the page's developer should know of. */
  readonly problems: readonly Problem[];
}

/** What becomes a `SignInError`; the class is not the same in two scripts. */
export interface Problem {
  readonly code: SignInErrorCode;
  readonly message: string;
  readonly option?: string;
  readonly cause?: unknown;
}

/** The language that is always there. */
export const ENGLISH: Speech = { language: 'en', words: '', texts: english, problems: [] };

/** By the script that the language is usually written in, or that its tag names. */
export const directionOf = (language: string): 'rtl' | 'ltr' =>
  /Adlm|Arab|Hebr|Mand|Nkoo|Rohg|Samr|Syrc|Thaa/.test(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr';

/**
 * The language for a widget whose element is `place`: the option's, else that of the page around it, else the browser's, the
 * first that there are words for.
 */
export function chooseLanguage({ language = 'auto', messages = {} }: SignInOptions, place: Element): string {
  const wanted = language === 'auto' ? [languageAround(place), ...navigator.languages] : [language];
  return wanted.find((tag) => isTag(tag) && nearestTag(tag, [...LANGUAGES, ...tagsOf(messages)])) ?? 'en';
}

/** What stands in `lang` was written by somebody, and what is no tag makes the browser's `Intl` throw. */
function isTag(tag: string): boolean {
  try {
    return !!new Intl.Locale(tag);
  } catch {
    return false;
  }
}

/** Whether the English of the WebAssembly is all that it takes to speak `language`, as {@link chooseLanguage} gave it. */
export const isBuiltIn = ({ language: wanted = 'auto', messages }: SignInOptions, language: string): boolean =>
  !messages && /^en\b/i.test(language) && (wanted === 'auto' || wanted === language);

/** The nearest `lang` attribute, out of shadow trees too. The widget's own is what comes of it. */
function languageAround(place: Element): string {
  const outer = place.parentElement ?? (place.getRootNode() as Partial<ShadowRoot>).host;
  return outer ? outer.getAttribute('lang') || languageAround(outer) : '';
}

export type Messages = NonNullable<SignInOptions['messages']>;

/** The languages that the page has texts of its own for. */
export const tagsOf = (messages: Messages): string[] => Object.keys(messages).filter((name) => typeof messages[name] === 'object');

/** The same, or one of the same language (RFC 4647 section 3.4, and what it leaves to others: `pt` finds `pt-BR`). */
export function nearestTag(tag: string, known: readonly string[]): string | undefined {
  const primary = (text: string): string => text.toLowerCase().split('-')[0] ?? '';
  return known.find((other) => other.toLowerCase() === tag.toLowerCase()) ?? known.find((other) => primary(other) === primary(tag));
}

