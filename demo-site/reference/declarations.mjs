// Reads interfaces and lists of error codes out of the package's declarations, as the compiler writes them: four spaces of
// indentation, a comment before each member, a semicolon after it. Not a parser of TypeScript: what looks otherwise is an error.

/**
 * @typedef {object} Member
 * @property {string} name
 * @property {string} type what stands behind the name: `?: string`, `(target: Element): void`
 * @property {string} text its comment, as one paragraph of Markdown
 */

/**
 * The interface with this name, and its members.
 *
 * @param {string} declarations
 * @param {string} name
 * @returns {{ text: string, members: Member[] }}
 */
export function readInterface(declarations, name) {
  const [, comment, body] = new RegExp(`${COMMENT}\nexport interface ${name} \\{\n(.*?)\n\\}`, 's').exec(declarations) ?? missing(name);
  const members = [...body.matchAll(new RegExp(`^ {4}${COMMENT}\n {4}(?:readonly )?(\\w+)(.*?);$(?=\n {4}/\\*|(?![^]))`, 'gms'))];
  const written = body.match(/^ {4}(?!\/\*| \*|\}| )/gm)?.length ?? 0;
  if (members.length === 0 || members.length !== written) throw new Error(`${name} has ${written} members, of which ${members.length} can be read`);
  return { text: prose(comment), members: members.map(([, text, member, type]) => ({ name: member, type: typeOf(type), text: prose(text) })) };
}

/**
 * The codes of a union of errors, as its comment lists them.
 *
 * @param {string} declarations
 * @param {string} name
 * @returns {{ codes: string[], text: string }[]}
 */
export function readCodes(declarations, name) {
  const [, comment] = new RegExp(`${COMMENT}\nexport type ${name} =`, 's').exec(declarations) ?? missing(name);
  const lines = prose(comment, '\n').split(/\n(?=- )/).filter((line) => line.startsWith('- '));
  return lines.map((line) => {
    const [, codes, text] = /^- (`.*?`(?:, `.*?`)*): (.*)$/s.exec(line.replaceAll('\n', ' ')) ?? missing(line);
    return { codes: codes.split(', ').map((code) => code.slice(1, -1)), text };
  });
}

/** One comment and no more: it does not run over the end of another. */
const COMMENT = '/\\*\\*((?:(?!\\*/)[^])*)\\*/';

const missing = (what) => {
  throw new Error(`the declarations have no ${what}`);
};

/** The inside of a comment without its stars; what is thrown is said as a sentence. */
const prose = (comment, separator = ' ') =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .filter((line) => line !== '')
    .join(separator)
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\.? ?@returns /g, '. Returns ')
    .replaceAll(/\.? ?@throws (\w+)/g, '. Throws `$1`:')
    .trim();

/** On one line; that an optional member may be `undefined` goes without saying. */
const typeOf = (text) => text.replaceAll(/\s+/g, ' ').replace(/^(\?.*) \| undefined$/, '$1');
