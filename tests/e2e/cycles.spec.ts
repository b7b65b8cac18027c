/**
 * A page that shows the widget again and again, as a single-page app does in a day: nothing piles up. Counted by the browser
 * itself, after it has cleaned up.
 */
import type { CDPSession } from '@playwright/test';
import type { SignIn } from '../../widget/js/types.js';
import type { BareWindow } from './support/bare-page.js';
import { expect, test, type Page } from './support/fixtures.js';

interface Counted {
  readonly heap: number;
  readonly listeners: number;
  readonly nodes: number;
  /** WebAssembly instances that somebody still holds. */
  readonly instances: number;
}

interface CountingWindow extends BareWindow {
  readonly instances: WeakRef<WebAssembly.Instance>[];
}

/** Keeps a weak hold on every instance, so that it can be seen whether it has gone. */
const watchInstances = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const instances: WeakRef<WebAssembly.Instance>[] = [];
    const instantiate = WebAssembly.instantiate.bind(WebAssembly) as (module: WebAssembly.Module, imports: WebAssembly.Imports) => Promise<WebAssembly.Instance>;
    const watched = async (module: WebAssembly.Module, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> => {
      const instance = await instantiate(module, imports);
      instances.push(new WeakRef(instance));
      return instance;
    };
    Object.assign(WebAssembly, { instantiate: watched });
    Object.assign(window, { instances });
  });

/** Mounts until the first screen is drawn and unmounts, so many times; every tenth time with a new object, and early. */
const cycle = (page: Page, times: number, issuer: string): Promise<void> =>
  page.evaluate(
    async ([count, address]) => {
      const bare = window as unknown as BareWindow;
      const make = (): SignIn => bare.latchkey.createSignIn({ ...bare.options, issuer: address });
      let signIn = make();
      for (let time = 0; time < count; time++) {
        if (time % 10 === 9) {
          signIn.mount('#sign-in');
          signIn.destroy();
          signIn = make();
          continue;
        }
        const ready = new Promise<void>((resolve) => {
          const stop = signIn.on('ready', () => {
            stop();
            resolve();
          });
        });
        signIn.mount('#sign-in');
        await ready;
        signIn.unmount();
      }
      signIn.destroy();
    },
    [times, issuer] as const,
  );

async function count(page: Page, session: CDPSession): Promise<Counted> {
  // The first collection makes finalizers run, the second takes what they have let go of.
  for (let time = 0; time < 2; time++) {
    await session.send('HeapProfiler.collectGarbage');
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((entry) => entry.name === name)?.value ?? NaN;
  const instances = await page.evaluate(() => (window as unknown as CountingWindow).instances.filter((instance) => instance.deref()).length);
  return { heap: metric('JSHeapUsedSize'), listeners: metric('JSEventListeners'), nodes: metric('Nodes'), instances };
}

test.describe('given a page that mounts and unmounts a thousand times', () => {
  test('heap, listeners, nodes and instances stay as they were', async ({ page, bare, places }) => {
    test.setTimeout(300_000);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await bare.open();
    await watchInstances(page);
    const issuer = `${places.bare}/gallery-issuer/identify/none/oauth2`;
    // What is made once and kept: compiled code, caches, the texts.
    await cycle(page, 50, issuer);
    const before = await count(page, session);
    await cycle(page, 1000, issuer);
    const after = await count(page, session);
    console.log(JSON.stringify({ before, after }));
    expect(after.listeners).toBeLessThanOrEqual(before.listeners);
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 10);
    expect(after.instances).toBeLessThanOrEqual(2);
    expect(after.heap - before.heap, 'bytes that have come to stay').toBeLessThan(500_000);
  });
});
