// The element without a page: what its class says of itself, and that a server may import it. What it does is in tests/e2e.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { OPTIONS } from '../../widget/js/options.schema.mjs';

const LATCHKEY = new URL('../../dist/latchkey.js', import.meta.url).href;
const schema = JSON.parse(readFileSync(new URL('../../dist/options.schema.json', import.meta.url), 'utf8'));

/** What a page that has these elements already gets of the import. */
async function defined(known = {}) {
  const elements = { ...known };
  globalThis.HTMLElement = class {};
  globalThis.customElements = { get: (name) => elements[name], define: (name, element) => (elements[name] = element) };
  await import(`${LATCHKEY}?${Math.random()}`);
  delete globalThis.HTMLElement;
  delete globalThis.customElements;
  return elements;
}

describe('given the class of the element', () => {
  test('its attributes are those that the schema of the options names', async () => {
    const { 'latchkey-sign-in': element } = await defined();
    const named = Object.values(schema.properties).flatMap(({ 'x-attribute': attribute }) => attribute ?? []);
    assert.deepEqual(element.observedAttributes, named);
    for (const attribute of ['issuer', 'client-id', 'redirect-uri', 'scopes', 'max-age', 'color-scheme']) assert.ok(named.includes(attribute), attribute);
    for (const attribute of ['signal', 'on-success']) assert.ok(!named.includes(attribute), attribute);
  });

  test('every option is a property', async () => {
    const { 'latchkey-sign-in': element } = await defined();
    for (const option of Object.keys(OPTIONS)) assert.ok(option in element.prototype, option);
  });

  test('who has defined it before keeps it', async () => {
    const theirs = class {};
    assert.deepEqual(await defined({ 'latchkey-sign-in': theirs }), { 'latchkey-sign-in': theirs });
  });
});
