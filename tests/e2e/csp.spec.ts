/** Pages under exactly the policy that `latchkey csp` prints. What it prints for which options is in `tests/js/csp.test.mjs`. */
import { accounts } from './support/accounts.js';
import { expect, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

/** Opens the frame for captchas and a request to this machine, and gives what the policy has refused of it. */
const refusals = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const refused: string[] = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.push(effectiveDirective));
    const frame = document.createElement('iframe');
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    frame.src = '/latchkey/latchkey-frame.html';
    document.body.append(frame);
    await fetch('http://127.0.0.1:9/probe', { mode: 'no-cors' }).catch(() => undefined);
    await loaded;
    return refused.sort();
  });

for (const policy of ['printed', 'printedForAll'] as const) {
  test.describe(`given the policy ${policy === 'printed' ? 'without features' : 'for every feature'}`, () => {
    test('a person signs in', async ({ page, bare }) => {
      await bare.open(policy);
      await bare.mountHere();
      await new IdentifyScreen(page).submit(accounts.pat.email);
      await new PasswordScreen(page).submit(accounts.pat.password);
      expect(await bare.outcome()).toBe('signed-in');
    });

    test(`the vendors’ frame and probes are ${policy === 'printed' ? 'refused' : 'let through'}`, async ({ page, bare, guard }) => {
      guard.expectProblem(/frame-src|connect-src|Content Security Policy|Failed to load resource/);
      await bare.open(policy);
      expect(await refusals(page)).toEqual(policy === 'printed' ? ['connect-src', 'frame-src'] : []);
    });
  });
}
