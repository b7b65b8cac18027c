// What is on the reference page beside the options: interfaces and unions out of the declarations, error codes, what `diagnose`
// looks at, the command, and the variables of the style sheet.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readInterface, readUnion } from './declarations.mjs';
import { block, code, escape, members, part, prose } from './markup.mjs';

const dist = (file) => new URL(`../../dist/${file}`, import.meta.url);
const read = (file) => readFile(dist(file), 'utf8');

/** An interface: where it is declared, its name, and its heading. */
export async function interfacePart([file, name, title]) {
  const { text, members: all } = readInterface(await read(`types/${file}`), name);
  const entries = all.map((member) => [`${code(member.name)}<code class="reference__type">${escape(member.type)}</code>`, prose(member.text)]);
  return { id: name, title, html: part(name, title, `<p>${prose(text)}</p>\n        ${members(entries)}`) };
}

/** A union of objects, told apart by a member whose values its comment lists. */
export async function unionPart([file, name, title]) {
  const { text, variants } = readUnion(await read(`types/${file}`), name);
  const entries = variants.map((variant) => [`${code(variant.name)}<code class="reference__type">${escape(variant.type)}</code>`, prose(variant.text)]);
  return { id: name, title, html: part(name, title, `<p>${prose(text)}</p>\n        ${members(entries)}`) };
}

/** The error codes of one entry of the package. */
export async function codesPart([entry, id, title]) {
  const known = Object.entries(JSON.parse(await read('error-codes.json')).codes).filter(([, { entries }]) => entries.includes(entry));
  const entries = known.map(([value, { text, actor, way }]) => [
    code(value),
    `${prose(text)}<br><strong>Way out</strong> (${escape(actor)}): ${prose(way)}`,
    `${id}.${value}`,
  ]);
  const intro = '<p>What is in <code>code</code>, also as <a href="/latchkey/error-codes.json">JSON</a>. Codes stay what they are; texts do not.</p>';
  return { id, title, html: part(id, title, `${intro}\n        ${members(entries)}`) };
}

/** What `diagnose` looks at, from the script itself. */
export async function diagnosisPart() {
  const { CHECKS } = await import(dist('latchkey-diagnose.js').href);
  const entries = Object.entries(CHECKS).map(([id, { good, bad, fix }]) => [code(id), `${prose(good)}<br><strong>If not</strong>: ${prose(bad)} ${prose(fix)}`, `check.${id}`]);
  const [id, title] = ['diagnose', 'What diagnose looks at'];
  const intro = `<p>Why a sign-in does not come up, or does not go through. From npm it is <code>latchkey/diagnose</code>; on a page that has the
        package, type in the console:</p>\n        ${block(DIAGNOSE)}\n        <p>It writes what it has found to the console and gives it as a list. <button class="button" type="button" id="look" hidden>Look at this page</button></p>
        <output class="reference__log" id="looked"></output>`;
  return { id, title, html: part(id, title, `${intro}\n        ${members(entries)}`) };
}

const DIAGNOSE = `const { diagnose } = await import('/latchkey/latchkey-diagnose.js');
await diagnose({ issuer, clientId, redirectUri });`;

/** The command, in its own words. */
export async function commandPart() {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(dist('bin/latchkey.mjs')), '--help']);
  const [id, title] = ['command', 'The command latchkey'];
  return { id, title, html: part(id, title, `<p>Comes with the package: <code>npx latchkey</code>.</p>\n        ${block(stdout.trim())}`) };
}

/** What pages may change of the look: each variable with the comment over it. */
export async function variablesPart() {
  const sheet = await readFile(new URL('../../styles/tokens.css', import.meta.url), 'utf8');
  const [id, title] = ['variables', 'Variables of the style sheet'];
  const entries = readVariables(sheet).map(({ name, value, text }) => [`${code(name)}<code class="reference__type">${escape(value)}</code>`, prose(text)]);
  const intro = `<p>Set on <code>:root</code>, on any element around the widget, or on <code>.latchkey</code>. A colour that is to differ between the
        schemes is written <code>light-dark(…, …)</code>; lengths are in <code>em</code> of the widget’s text.</p>\n        ${block(':root {\n  --latchkey-color-accent: light-dark(#7a1f3d, #f0a6bd);\n  --latchkey-radius-control: 2px;\n}')}`;
  return { id, title, html: part(id, title, `${intro}\n        ${members(entries)}`) };
}

/** A comment speaks of all that follows until the next one. */
function readVariables(sheet) {
  const shown = withoutPrivateNames(sheet);
  let text = '';
  return sheet.split(/(?=^\s*\/\*)|(?<=;)\n/m).flatMap((piece) => {
    text = /\/\*\s*(.*?)\s*\*\//s.exec(piece)?.[1].replaceAll(/\s+/g, ' ') ?? text;
    const [, name, value] = /var\((--latchkey-[\w-]+),\s*(.+)\);?\s*$/s.exec(piece) ?? [];
    return name ? [{ name, value: shown(value.replaceAll(/\s+/g, ' ')), text }] : [];
  });
}

/** A private name stands for a public one, or for a value. */
function withoutPrivateNames(sheet) {
  const meaning = new Map([...sheet.matchAll(/^\s*(--_[\w-]+):\s*(.*?);$/gms)].map(([, name, value]) => [name, /^var\((--latchkey-[\w-]+)/.exec(value)?.[1] ?? value]));
  const shown = (value) => value.replaceAll(/var\((--_[\w-]+)\)/g, (_, name) => {
    const found = meaning.get(name) ?? name;
    return found.startsWith('--') ? `var(${found})` : shown(found);
  });
  return shown;
}
