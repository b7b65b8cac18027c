// The object without a page: what a server, or a page before the first paint, may do with it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSignIn } from '../../dist/latchkey.js';

const OPTIONS = { issuer: 'https://id.example.com/oauth2/default', clientId: '0oa1', redirectUri: '/callback' };

describe('given a sign-in that was never mounted', () => {
  test('destroying it ends it as cancelled, and a second time does nothing', async () => {
    const signIn = createSignIn(OPTIONS);
    signIn.destroy();
    signIn.destroy();
    assert.deepEqual(await signIn.finished, { status: 'cancelled' });
  });

  test('aborting the signal is the same', async () => {
    const controller = new AbortController();
    const signIn = createSignIn({ ...OPTIONS, signal: controller.signal });
    controller.abort();
    assert.deepEqual(await signIn.finished, { status: 'cancelled' });
  });

  test('a signal that is aborted already is seen', async () => {
    assert.deepEqual(await createSignIn({ ...OPTIONS, signal: AbortSignal.abort() }).finished, { status: 'cancelled' });
  });

  test('a signal that an update has replaced has no say any more', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const signIn = createSignIn({ ...OPTIONS, signal: first.signal });
    signIn.update({ signal: second.signal });
    first.abort();
    const early = await Promise.race([signIn.finished, Promise.resolve('still open')]);
    assert.equal(early, 'still open');
    second.abort();
    assert.deepEqual(await signIn.finished, { status: 'cancelled' });
  });

  test('unmounting and updating do no harm, before and after its end', () => {
    const signIn = createSignIn(OPTIONS);
    for (const end of [() => {}, () => signIn.destroy()]) {
      end();
      signIn.unmount();
      signIn.update({ username: 'pat@example.com' });
      signIn.unmount();
    }
    signIn.mount('#anything');
  });

  test('mounting where there is no document says so', () => {
    assert.throws(() => createSignIn(OPTIONS).mount('#sign-in'), { code: 'mount.no_target', message: /no element matches `#sign-in`/ });
  });

  test('a wrong update is refused, and what was given before still holds', () => {
    const signIn = createSignIn(OPTIONS);
    assert.throws(() => signIn.update({ clientId: '' }), { code: 'options.value', option: 'clientId' });
    assert.throws(() => signIn.update({ usernam: 'pat' }), { code: 'options.unknown', option: 'usernam' });
    assert.throws(() => signIn.update({ issuer: undefined }), { code: 'options.missing', option: 'issuer' });
    signIn.update({});
  });

  test('an event that does not exist cannot be listened to', () => {
    const signIn = createSignIn(OPTIONS);
    assert.throws(() => signIn.on('sucess', () => {}), { code: 'events.unknown', message: /`sucess`, only ready, screen, success, / });
    assert.throws(() => signIn.on('constructor', () => {}), { code: 'events.unknown' });
    assert.equal(typeof signIn.on('success', () => {}), 'function');
  });
});
