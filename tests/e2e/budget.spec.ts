/** What a visitor downloads until the first field can be used; `scripts/size.mjs` weighs the same files on the disk. */
import { brotliCompressSync, constants } from 'node:zlib';
import { BUDGET } from '../../scripts/size.mjs';
import { expect, test } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';

const brotli = (body: Buffer): number =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }).length;

test.describe('given a page with nothing but the widget', () => {
  test('three files of the package and two answers of the server are all it takes, within the budget', async ({ page, bare, places }) => {
    const { server } = places.identifierFirst;
    const weights = new Map<string, Promise<number>>();
    page.on('response', (response) => {
      const isPreflight = response.request().method() === 'OPTIONS';
      const address = response.url().replace(places.bare, '').replace(server, '');
      const isOfThePage = address.startsWith('/?') || address === '/bare.js' || address.startsWith('data:');
      if (!isPreflight && !isOfThePage) weights.set(address, response.body().then(brotli));
    });
    await bare.mount();
    await expect(new IdentifyScreen(page).username).toBeEditable();
    const parts = await Promise.all([...weights].map(async ([address, weight]) => [address, await weight] as const));
    console.log(parts.map(([address, weight]) => `${address} ${weight}`).join('\n'));
    expect(parts.map(([address]) => address).sort()).toEqual([
      '/idp/idx/introspect',
      '/latchkey/latchkey.css',
      '/latchkey/latchkey.js',
      '/latchkey/latchkey_bg.wasm',
      '/oauth2/default/v1/interact',
    ]);
    expect(parts.reduce((sum, [, weight]) => sum + weight, 0)).toBeLessThanOrEqual(BUDGET);
  });
});
