// Reads interfaces and unions out of the package's declarations, as the compiler writes them: four spaces of
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
  const [, comment, body] = new RegExp(`${COMMENT}\nexport interface ${name}(?: extends [\\w<>, ]+)? \\{\n(.*?)\n\\}`, 's').exec(declarations) ?? missing(name);
  const members = [...body.matchAll(new RegExp(`^ {4}${COMMENT}\n {4}(?:readonly )?(\\w+)(.*?);$(?=\n {4}/\\*|(?![^]))`, 'gms'))];
  const written = body.match(/^ {4}(?!\/\*| \*|\}| )/gm)?.length ?? 0;
  if (members.length === 0 || members.length !== written) throw new Error(`${name} has ${written} members, of which ${members.length} can be read`);
  return { text: prose(comment), members: members.map(([, text, member, type]) => ({ name: member, type: typeOf(type), text: prose(text) })) };
}

/**
 * A union of objects that a member tells apart, whose comment lists the values of that member: `- `value`: what it means`.
 *
 * @param {string} declarations
 * @param {string} name
 * @returns {{ text: string, variants: Member[] }}
 */
export function readUnion(declarations, name) {
  const [, comment, body] = new RegExp(`${COMMENT}\nexport type ${name} = (.*?)\n\\};`, 's').exec(declarations) ?? missing(name);
  const [text, ...lines] = prose(comment, '\n').split(/\n(?=- )/).map((line) => line.replaceAll('\n', ' '));
  const types = new Map([...`${body}\n}`.matchAll(/\{\s*readonly \w+: '([\w-]+)';(.*?)\}/gs)].map(([, value, rest]) => [value, rest.replaceAll(/\s+/g, ' ').replaceAll('readonly ', '').trim()]));
  const variants = lines.map((line) => {
    const [, value, meaning] = /^- `(.*?)`: (.*)$/.exec(line) ?? missing(line);
    return { name: value, type: types.get(value) ?? missing(value), text: meaning };
  });
  if (variants.length !== types.size) throw new Error(`${name} has ${types.size} variants, of which ${variants.length} are explained`);
  return { text, variants };
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
