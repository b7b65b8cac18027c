/** The examples, as a customer would build them: from the packed package, by their own build script, and signed in with. */
import { accounts } from './support/accounts.js';
import { Ceremonies } from './support/ceremonies.js';
import { buildExample, SIMPLE_EXAMPLES } from './support/example-site.js';
import { expect, expectAccessible, test } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';
import { VirtualAuthenticator } from './support/virtual-authenticator.js';
import { world } from './support/world.js';

for (const name of SIMPLE_EXAMPLES) {
  test.describe(`given the example for ${name}`, () => {
    test('built from the packed package, it signs in, and offers passkeys', async ({ page }) => {
      test.slow(); // It is packed, installed and built on the way.
      await VirtualAuthenticator.on(page, { answers: false });
      const ceremonies = await Ceremonies.of(page);
      const { origin, folder } = world().examples[name];
      await buildExample(name, folder);

      const wasm = page.waitForResponse((response) => response.headers()['content-type'] === 'application/wasm');
      await page.goto(origin);
      await new IdentifyScreen(page).isShown();
      expect(new URL((await wasm).url()).origin, 'the WebAssembly comes with the example').toBe(origin);
      await expect(page.locator('.latchkey-button--primary'), 'the style sheet is there').toHaveCSS('cursor', 'pointer');
      await expectAccessible(page);
      await new IdentifyScreen(page).submit(accounts.pat.email);
      await new PasswordScreen(page).submit(accounts.pat.password);
      await expect(page.getByText('Welcome, Pat Example')).toBeVisible();

      await page.goto(`${origin}/?issuer=1`);
      await new IdentifyScreen(page).isShown();
      await expect.poll(() => ceremonies.told(), 'the second script is there, which offers passkeys').toEqual(['offer open']);
    });
  });
}
