// Who hears of an event, whatever the handlers do meanwhile.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importTypeScript } from './support/typescript.mjs';

const { Listeners } = await importTypeScript('widget/js/events.ts');

describe('given handlers that change who listens', () => {
  test('one that listens anew each time is called once for each event', () => {
    const listeners = new Listeners();
    let calls = 0;
    let stop = () => {};
    const listen = () => {
      stop();
      stop = listeners.add('screen', () => {
        assert.ok(++calls <= 2, 'it is called for ever');
        listen();
      });
    };
    listen();
    listeners.emit('screen', { name: 'identify' });
    assert.equal(calls, 1);
    listeners.emit('screen', { name: 'identify' });
    assert.equal(calls, 2);
  });

  test('who stops listening meanwhile is not called any more', () => {
    const listeners = new Listeners();
    const heard = [];
    listeners.add('ready', () => stop());
    const stop = listeners.add('ready', () => heard.push('second'));
    listeners.emit('ready');
    assert.deepEqual(heard, []);
  });

  test('letting go of everybody keeps no event from anybody that is being told already', () => {
    const listeners = new Listeners();
    const heard = [];
    listeners.add('success', () => heard.push('handler'));
    listeners.emit('success', { status: 'redirected' }, () => listeners.clear());
    listeners.emit('success', { status: 'redirected' });
    assert.deepEqual(heard, ['handler']);
  });
});
