// The way back from another provider: which return is one of ours, whatever else the page keeps.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { importTypeScript } from './support/typescript.mjs';

const { isKept, takeReturned } = await importTypeScript('widget/js/returned.ts');

const KEY = `latchkey.${'a'.repeat(42)}_`;

/** What is taken from the address of a page that has this in its storage. */
function take(storage, query = '?state=ours&interaction_code=ic&tab=1') {
  const visited = [];
  Object.assign(globalThis, {
    location: { href: `https://app.example.com/callback${query}` },
    history: { state: null, replaceState: (state, title, url) => visited.push(String(url)) },
    sessionStorage: storage,
  });
  return { returned: takeReturned(), visited };
}

after(() => ['location', 'history', 'sessionStorage'].forEach((name) => delete globalThis[name]));

describe('given a return with an interaction code', () => {
  test('one that this tab waits for is taken out of the address, which keeps the rest', () => {
    const { returned, visited } = take({ [KEY]: '{"state":"ours"}' });
    assert.deepEqual(returned, { state: 'ours', interaction_code: 'ic' });
    assert.deepEqual(visited, ['https://app.example.com/callback?tab=1']);
  });

  test('what others keep under nearly the same name is no hindrance', () => {
    const theirs = { latchkey: 'no JSON', 'latchkey-theme': 'dark', 'latchkey.draft': '[' };
    assert.ok(take({ ...theirs, [KEY]: '{"state":"ours"}' }).returned);
    assert.equal(take({ ...theirs, 'latchkey.x': '{"state":"ours"}' }).returned, undefined);
    assert.deepEqual(Object.keys({ ...theirs, [KEY]: '' }).filter(isKept), [KEY]);
  });

  test('one that nobody waits for is the page’s', () => {
    assert.deepEqual(take({ [KEY]: '{"state":"another"}' }), { returned: undefined, visited: [] });
  });
});
