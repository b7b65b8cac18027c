// The options on the reference page, each with an example that runs: what is shown is what the module of the examples holds, and
// that module is what the page's buttons run. Both are made from the JSON Schema of the package.

import { block, code, escape, prose } from './markup.mjs';

/** Where the examples of the package believe the demo's identity server to be. */
const DEMO_SERVER = 'http://localhost:4401';

/** The examples as a module, for `demo-site/public/reference.js`: by name, a function that makes the options. */
export function examplesModule(schema, issuer) {
  const entries = there(schema).map(([name, option]) => `  ${name}: () => ({\n${indented(exampleOf(name, option, issuer), '    ')}\n  }),`);
  return `// Made from the JSON Schema of the package by \`demo-site/reference/options.mjs\`.\nexport const examples = {\n${entries.join('\n')}\n};\n`;
}

/** A section for every option, those that are not there yet last. */
export function optionSections(schema, issuer) {
  const planned = Object.entries(schema.properties).filter((entry) => !there(schema).includes(entry) && !entry[1]['x-since']);
  const later = planned.length === 0 ? '' : `
      <h2 id="not-there-yet">Not there yet</h2>
      <p>Planned, and refused with <code>options.unavailable</code> until then.</p>
${planned.map(([name, option]) => section(name, option, schema, issuer)).join('\n')}`;
  return `      <nav aria-label="Options"><ul class="reference__index">${there(schema).map(([name]) => `<li><a href="#${name}"><code>${name}</code></a></li>`).join('')}</ul></nav>
${there(schema).map(([name, option]) => section(name, option, schema, issuer)).join('\n')}${later}`;
}

const there = ({ properties }) => Object.entries(properties).filter(([, { 'x-since': since }]) => since);

/** The members of an object, as a page would write them. */
function exampleOf(name, { 'x-example': example, 'x-beside': beside }, issuer) {
  const members = [`${name}: ${example},`, ...(beside ? [`${beside},`] : [])].join('\n');
  return members.replaceAll(DEMO_SERVER, new URL(issuer).origin);
}

const indented = (text, by) => text.split('\n').map((line) => by + line).join('\n');

function section(name, option, { required, title }, issuer) {
  const rows = [
    ['Attribute', option['x-attribute'] && code(option['x-attribute'])],
    ['Type', option['x-type'] && code(option['x-type'])],
    ['Default', required.includes(name) ? 'none: it is required' : option['x-default'] && prose(option['x-default'])],
    ['Since', option['x-since'] ?? `not there yet (${escape(title.replace(/^Options of /, ''))})`],
    ['Planned', later(option['x-later'])],
  ];
  return `      <section class="reference__option" aria-labelledby="${name}">
        <h3 id="${name}"><code>${name}</code></h3>
        <p>${prose(option.description)}</p>
        <dl class="reference__facts">${rows.map(([term, text]) => (text ? `<div><dt>${term}</dt><dd>${text}</dd></div>` : '')).join('')}</dl>
        ${insideSection(option)}${block(exampleOf(name, option, issuer))}${option['x-since'] ? live(name) : ''}
      </section>`;
}

/** What is inside of an option, by its path: `custom[].href`. */
function insideSection(option) {
  const members = inside(option, '');
  if (members.length === 0) return '';
  return `<dl class="reference__members">${members.map(({ path, member, isRequired }) => `
          <dt>${code(path)}<code class="reference__type">${escape(member['x-type'] ?? member.type)}</code></dt>
          <dd>${prose(member.description ?? 'A value, as CSS writes it.')}${isRequired ? ' Required.' : member['x-default'] ? ` Default: ${prose(member['x-default'])}.` : ''}</dd>`).join('')}
        </dl>
        `;
}

function inside({ properties = {}, required = [], items }, prefix) {
  if (items) return inside(items, prefix && `${prefix}[].`);
  return Object.entries(properties).flatMap(([name, member]) => {
    const own = { path: `${prefix}${name}`, member, isRequired: required.includes(name) };
    return [own, ...inside(member, `${prefix}${name}${member.items ? '' : '.'}`)];
  });
}

/** Where the example runs. The script makes the button work; without it there is none. */
const live = (name) => `
        <div class="reference__live" data-example="${name}">
          <button class="button" type="button" aria-describedby="${name}" hidden>Run it</button>
          <div class="reference__place"></div>
          <output class="reference__log"></output>
        </div>`;

const later = (values) => (values === 'any' ? 'other values' : values?.map((value) => code(`'${value}'`)).join(', '));
