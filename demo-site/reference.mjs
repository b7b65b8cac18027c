// The reference page: every option of the package, read off the JSON Schema that the package brings along, so that the page
// says what the code does. No text of its own but headings.

import { readFile } from 'node:fs/promises';

const SCHEMA = new URL('../dist/options.schema.json', import.meta.url);

/** The whole page, as HTML without scripts. */
export async function referencePage() {
  const schema = JSON.parse(await readFile(SCHEMA, 'utf8'));
  const options = Object.entries(schema.properties);
  const there = options.filter(([, { 'x-since': since }]) => since);
  const planned = options.filter(([, { 'x-since': since }]) => !since);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Options · Reference</title>
    <meta name="description" content="Every option of the sign-in widget: type, default, since when, and an example.">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/site.css">
  </head>
  <body>
    <header class="masthead">
      <a class="masthead__name" href="/"><img src="/favicon.svg" alt="" width="28" height="28">Towpath Bicycle Co-op</a>
    </header>
    <main class="page reference">
      <h1>${escape(schema.title)}</h1>
      <p>What <code>createSignIn</code> takes, also as a <a href="/latchkey/options.schema.json">JSON Schema</a>. An option that is
        misspelt, wrong or not there yet is refused by an error that names it.</p>
      <nav aria-label="Options"><ul class="reference__index">${there.map(([name]) => `<li><a href="#${name}"><code>${name}</code></a></li>`).join('')}</ul></nav>
${there.map(([name, option]) => section(name, option, schema)).join('\n')}
      <h2 id="not-there-yet">Not there yet</h2>
      <p>Planned, and refused with <code>options.unavailable</code> until then.</p>
${planned.map(([name, option]) => section(name, option, schema)).join('\n')}
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

const later = (values) => (values === 'any' ? 'other values' : values?.map((value) => code(`'${value}'`)).join(', '));

const code = (text) => `<code>${escape(text)}</code>`;

/** Markdown, as far as it is used: code in backticks. */
const prose = (text) => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const escape = (text) => text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]);
