// The reference page: all that a page can rely on, read off the JSON Schema and the declarations that the package brings along,
// so that the page says what the code does. No text of its own but headings.

import { readFile } from 'node:fs/promises';
import { readCodes, readInterface } from './declarations.mjs';

const read = (file) => readFile(new URL(`../../dist/${file}`, import.meta.url), 'utf8');

/** Interfaces in the order of the page: their declarations, and their headings. */
const INTERFACES = [
  ['types/types.d.ts', 'SignIn', 'What createSignIn gives'],
  ['types/types.d.ts', 'SignInEvents', 'Its events'],
  ['types/types.d.ts', 'Tokens', 'The tokens of an outcome'],
  ['types/types.d.ts', 'IdToken', 'The ID token among them'],
  ['types/tokens/types.d.ts', 'TokensOptions', 'What createTokens takes'],
  ['types/tokens/types.d.ts', 'TokenSession', 'What createTokens gives'],
  ['types/tokens/types.d.ts', 'TokenEvents', 'The events of that'],
];

/** Lists of error codes, likewise. */
const CODES = [
  ['types/errors.d.ts', 'SignInErrorCode', 'Errors of the sign-in'],
  ['types/tokens/errors.d.ts', 'TokensErrorCode', 'Errors of createTokens'],
];

/** The whole page, as HTML without scripts. */
export async function referencePage() {
  const schema = JSON.parse(await read('options.schema.json'));
  const interfaces = await Promise.all(INTERFACES.map(async ([file, name, title]) => ({ name, title, ...readInterface(await read(file), name) })));
  const codes = await Promise.all(CODES.map(async ([file, name, title]) => ({ name, title, list: readCodes(await read(file), name) })));
  const options = Object.entries(schema.properties);
  const there = options.filter(([, { 'x-since': since }]) => since);
  const planned = options.filter(([, { 'x-since': since }]) => !since);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Reference</title>
    <meta name="description" content="Every option of the sign-in widget with type, default and an example; its methods, events and errors.">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/site.css">
  </head>
  <body>
    <header class="masthead">
      <a class="masthead__name" href="/"><img src="/favicon.svg" alt="" width="28" height="28">Towpath Bicycle Co-op</a>
    </header>
    <main class="page reference">
      <h1>Reference</h1>
      <nav aria-label="Contents"><ul class="reference__contents">
        <li><a href="#options">${escape(schema.title)}</a></li>
        ${[...interfaces, ...codes].map(({ name, title }) => `<li><a href="#${name}">${title}</a></li>`).join('\n        ')}
      </ul></nav>
      <h2 id="options">${escape(schema.title)}</h2>
      <p>What <code>createSignIn</code> takes, also as a <a href="/latchkey/options.schema.json">JSON Schema</a>. An option that is
        misspelt, wrong or not there yet is refused by an error that names it.</p>
      <nav aria-label="Options"><ul class="reference__index">${there.map(([name]) => `<li><a href="#${name}"><code>${name}</code></a></li>`).join('')}</ul></nav>
${there.map(([name, option]) => section(name, option, schema)).join('\n')}
      <h2 id="not-there-yet">Not there yet</h2>
      <p>Planned, and refused with <code>options.unavailable</code> until then.</p>
${planned.map(([name, option]) => section(name, option, schema)).join('\n')}
${interfaces.map(interfaceSection).join('\n')}
${codes.map(codesSection).join('\n')}
    </main>
  </body>
</html>
`;
}

function section(name, option, { required, title }) {
  const rows = [
    ['Type', option['x-type'] && code(option['x-type'])],
    ['Default', required.includes(name) ? 'none: it is required' : option['x-default'] && prose(option['x-default'])],
    ['Since', option['x-since'] ?? `not there yet (${escape(title.replace(/^Options of /, ''))})`],
    ['Planned', later(option['x-later'])],
  ];
  return `      <section class="reference__option" aria-labelledby="${name}">
        <h3 id="${name}"><code>${name}</code></h3>
        <p>${prose(option.description)}</p>
        <dl class="reference__facts">${rows.map(([term, text]) => (text ? `<div><dt>${term}</dt><dd>${text}</dd></div>` : '')).join('')}</dl>
        <pre class="reference__example"><code>${escape(`${name}: ${option['x-example']},`)}</code></pre>
      </section>`;
}

const interfaceSection = ({ name, title, text, members }) => `      <section class="reference__part" aria-labelledby="${name}">
        <h2 id="${name}">${title}</h2>
        <p>${prose(text)}</p>
        <dl class="reference__members">${members.map((member) => `
          <dt><code>${member.name}</code><code class="reference__type">${escape(member.type)}</code></dt>
          <dd>${prose(member.text)}</dd>`).join('')}
        </dl>
      </section>`;

const codesSection = ({ name, title, list }) => `      <section class="reference__part" aria-labelledby="${name}">
        <h2 id="${name}">${title}</h2>
        <dl class="reference__members">${list.map(({ codes, text }) => `
          <dt>${codes.map(code).join(', ')}</dt>
          <dd>${prose(text)}</dd>`).join('')}
        </dl>
      </section>`;

const later = (values) => (values === 'any' ? 'other values' : values?.map((value) => code(`'${value}'`)).join(', '));

const code = (text) => `<code>${escape(text)}</code>`;

/** Markdown, as far as it is used: code in backticks. */
const prose = (text) => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const escape = (text) => text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]);
