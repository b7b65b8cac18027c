// What is made from `widget/js/error-codes.mjs`: the types of the codes, which are part of the sources, so that an editor and the
// compiler see them, and the list that is part of the package.
//
// usage: node scripts/build/error-codes.mjs     writes the types anew; the build does the same, and a test tells when they are stale

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ACTORS, ERROR_CODES } from '../../widget/js/error-codes.mjs';
import { ROOT } from '../lib/run.mjs';

/** The generated sources, by their path from the project's folder. */
export const CODE_SOURCES = {
  'widget/js/error-code.ts': () => typeSource('widget', 'SignInErrorCode', 'error-codes.mjs'),
  'widget/js/tokens/error-code.ts': () => typeSource('tokens', 'TokensErrorCode', '../error-codes.mjs'),
};

/** Writes them. */
export async function writeCodes() {
  for (const [file, text] of Object.entries(CODE_SOURCES)) await writeFile(path.join(ROOT, file), text());
}

/** Every code with its words, for tools and for the reference page. */
export const codesList = (version) => ({
  title: `Error codes of Latchkey ${version}`,
  codes: Object.fromEntries(Object.entries(ERROR_CODES).map(([code, { who, ...said }]) => [code, { ...said, who, actor: ACTORS[who] }])),
});

function typeSource(entry, name, source) {
  const codes = Object.entries(ERROR_CODES).filter(([, { entries }]) => entries.includes(entry));
  return `/**
 * The codes as a type. Made from \`${source}\` by \`scripts/build/error-codes.mjs\`: change it there, where it also
 * says who must act and what the way out is.
 */

/**
${codes.map(([code, { text }]) => wrapped(`- \`${code}\`: ${text}`)).join('\n')}
 */
export type ${name} =
${codes.map(([code]) => `  | '${code}'`).join('\n')};
`;
}

/** Lines of a comment, of at most 120 letters. */
const wrapped = (text) => text.match(/.{1,112}(?:\s|$)/g).map((line, index) => ` * ${index === 0 ? '' : '  '}${line.trimEnd()}`).join('\n');

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await writeCodes();
