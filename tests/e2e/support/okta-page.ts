/** The page of somebody who uses Okta's widget, with the script that a test gives it. */
import type { Page } from '@playwright/test';
import type { OktaSignIn } from '../../../widget/js/okta.js';
import { accounts } from './accounts.js';
import { test as base } from './fixtures.js';
import type { Filling } from './okta-samples.js';
import { IdentifyScreen } from './screens/identify.js';
import { PasswordScreen } from './screens/password.js';
import type { Customer } from './world.js';

/** What scripts of the samples leave in `window`. */
export interface OktaWindow {
  readonly signIn: OktaSignIn;
  /** Where a test writes down what it has seen. */
  readonly seen: string[];
}

/** See the head of the file. */
export class OktaPage {
  /** What is filled into the samples. */
  readonly filling: Filling;
  readonly warnings: string[] = [];

  constructor(
    readonly page: Page,
    readonly origin: string,
    { issuer }: Customer,
  ) {
    this.filling = { issuer, redirectUri: `${origin}/callback` };
    page.on('console', (message) => {
      if (message.type() === 'warning') this.warnings.push(message.text());
    });
  }

  /** Goes there. The samples call their widget `signIn`, and in places `oktaSignIn`. */
  async open(script: string, place = '/'): Promise<void> {
    const preamble = "var seen = []; Object.defineProperty(window, 'oktaSignIn', { get: () => window.signIn });";
    const code = place === '/module' ? script : `${preamble}\n${script}`;
    await this.page.goto(`${this.origin}${place}?${new URLSearchParams({ script: code })}`);
  }

  /** Signs Pat in, in the widget. */
  async signIn({ email, password } = accounts.pat): Promise<void> {
    await new IdentifyScreen(this.page).submit(email);
    await new PasswordScreen(this.page).submit(password);
  }

  /** Runs code in the page; it gets `window`. */
  evaluate<Result>(code: (here: OktaWindow) => Result | Promise<Result>): Promise<Result> {
    return this.page.evaluate(`(${String(code)})(window)`) as Promise<Result>;
  }

  /** What the test's script has written down so far. */
  seen(): Promise<readonly string[]> {
    return this.evaluate(({ seen }) => seen);
  }

  /** Who is signed in by what `authClient` knows. */
  person(): Promise<unknown> {
    return this.evaluate(async ({ signIn }) => ((await signIn.authClient.isAuthenticated()) ? (await signIn.authClient.getUser())['email'] : 'nobody'));
  }
}

/** What these tests begin with. */
export const test = base.extend<{ readonly okta: OktaPage }>({
  okta: async ({ page, places }, use) => use(new OktaPage(page, places.okta, places.identifierFirst)),
});
