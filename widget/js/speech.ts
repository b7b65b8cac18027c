/**
 * In which words the widget speaks a language: those of its file, over them the page's own (`messages`).
 *
 * A script of its own, `latchkey-speech.js`, fetched by those alone who do not speak the English of the WebAssembly; which
 * language it is has been decided in `language.ts`. Whatever goes wrong here costs the language and not the sign-in: then the
 * words are English, and the page is told. Beside it, {@link keepTyped}: what was typed stays when the language changes.
 */
import { ENGLISH, LANGUAGES, nearestTag, tagsOf, type Messages, type Problem, type Speech } from './language.js';
import { loadTexts, type Texts } from './locales.js';
import { nearestName } from './option-rules.js';
import type { SignInOptions } from './types.js';
import type { PageTexts } from './texts.js';

export { keepTyped } from './typed.js';

/** How the widget speaks `language`, as {@link chooseLanguage} gave it. Never rejects. */
export async function findSpeech(options: SignInOptions, language: string): Promise<Speech> {
  const { language: wanted = 'auto', messages = {}, assetsUrl } = options;
  const file = nearestTag(language, LANGUAGES) ?? 'en';
  const own = ownTexts(messages, language);
  const problems: Problem[] = [];
  if (wanted !== 'auto' && wanted !== language) {
    problems.push(misfit('value', 'language', 'there are no texts in this language: English is shown, or what `messages` holds for it'));
  }
  if (file === 'en' && own.length === 0) return { ...ENGLISH, language, problems };
  try {
    const texts = { ...(await loadTexts(file, assetsUrl)) };
    for (const [name, text] of own) {
      const problem = problemOf(name, text, texts);
      if (problem) problems.push(problem);
      else texts[name] = text;
    }
    return { language, words: wordsOf(texts), texts: pageTextsOf(texts), problems };
  } catch (cause) {
    return { ...ENGLISH, problems: [...problems, { code: 'load.texts', message: String((cause as Error).message), cause }] };
  }
}

/** The page's texts for this language, those for all languages first. */
function ownTexts(messages: Messages, language: string): [string, string][] {
  const nearest = nearestTag(language, tagsOf(messages));
  const general = Object.entries(messages).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return [...general, ...Object.entries((nearest ? messages[nearest] : {}) as Texts)];
}

function problemOf(name: string, text: string, texts: Texts): Problem | undefined {
  const usual = Object.hasOwn(texts, name) ? texts[name] : undefined;
  if (usual === undefined) {
    const nearest = nearestName(name, Object.keys(texts));
    return misfit('unknown', 'messages', `there is no text \`${name}\`${nearest ? `; did you mean \`${nearest}\`?` : ''}`);
  }
  // They are filled in by their place, so other ones would be filled in wrongly.
  const [filled, wanted] = [placeholders(text), placeholders(usual)];
  return filled === wanted || !filled ? undefined : misfit('value', 'messages', `text \`${name}\` can have ${wanted || 'no placeholders'}, in this order`);
}

const placeholders = (text: string): string => text.split('|')[0]?.match(/\{\w+\}/g)?.join(', ') ?? '';

const misfit = (kind: 'unknown' | 'value', option: string, problem: string): Problem => ({ code: `options.${kind}`, message: `option \`${option}\`: ${problem}`, option });

/** Groups that are no texts of the WebAssembly's: what it hears from servers, and what is seen without it. */
const [ANSWER, PAGE, REDIRECT] = ['answer.', 'page.', 'redirect.'];

function wordsOf(texts: Texts): string {
  const words: string[] = [];
  const pairs: string[] = [];
  for (const [name, text] of Object.entries(texts)) {
    if (name.startsWith(ANSWER)) pairs.push(name.slice(ANSWER.length), text);
    // The card of `mode: 'redirect'` finds its own by name; no server says such a thing.
    else if (name.startsWith(REDIRECT)) pairs.push(name, text);
    else if (!name.startsWith(PAGE)) words.push(text);
  }
  return [...words, ...pairs].join('\0');
}

/** `page.crashed.title` is the title of `crashed`. */
function pageTextsOf(texts: Texts): PageTexts {
  const page: Record<string, string | Record<string, string>> = {};
  for (const [name, text] of Object.entries(texts)) {
    const [group, part = '', inner] = name.split('.');
    if (`${group}.` !== PAGE) continue;
    if (inner === undefined) page[part] = text;
    else page[part] = { ...(page[part] as Record<string, string> | undefined), [inner]: text };
  }
  return page as unknown as PageTexts;
}
