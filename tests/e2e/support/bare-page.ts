/**
 * A customer's page that is not the demo: empty, under the same strict policy, at the origin of the demo site. For what the
 * demo page does not do: other options, odd moments, two widgets at once.
 */
import type { Page } from '@playwright/test';
import { contentSecurityPolicy } from '../../../demo-site/serve.mjs';
import type { SignIn, SignInOptions } from '../../../widget/js/types.js';
import type { Customer } from './world.js';

/** Options that can be handed to a page: no functions. */
type PlainOptions = Omit<Partial<SignInOptions>, 'onSuccess' | 'onError' | 'signal'>;

/** What the page's script leaves in `window` for the tests. */
export interface BareWindow {
  /** The package, as imported. */
  readonly latchkey: typeof import('../../../widget/js/index.js');
  /** Options that work here; a test adds its own. */
  readonly options: SignInOptions;
  /** Where a test puts the sign-in that it goes on with later. */
  signIn: SignIn;
  /** Where a test writes down what it has seen. */
  readonly seen: string[];
}

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Bare page</title>
    <link rel="stylesheet" href="/latchkey/latchkey.css">
    <script type="module" src="/bare.js"></script>
  </head>
  <body>
    <main><div id="sign-in"></div><div id="elsewhere"></div></main>
  </body>
</html>`;

const script = ({ issuer }: Customer): string => `
import * as latchkey from '/latchkey/latchkey.js';
Object.assign(window, { latchkey, seen: [], options: ${JSON.stringify({ issuer, clientId: 'demo-spa', redirectUri: '/callback' })} });
`;

/** See the head of the file. */
export class BarePage {
  constructor(
    readonly page: Page,
    readonly customer: Customer,
  ) {}

  /** Goes there; the widget's script is loaded, and nothing is mounted. */
  async open(policy = contentSecurityPolicy(this.customer.server)): Promise<void> {
    const { page, customer } = this;
    const headers = { 'content-security-policy': policy };
    await page.route(`${customer.site}/bare`, (route) => route.fulfill({ contentType: 'text/html', headers, body: HTML }));
    await page.route(`${customer.site}/bare.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: script(customer) }));
    await page.goto(`${customer.site}/bare`);
    await page.waitForFunction(() => 'latchkey' in window);
  }

  /** Goes there and mounts a sign-in with these options on top of those that work. */
  async mount(options: PlainOptions = {}): Promise<void> {
    await this.open();
    await this.mountHere(options);
  }

  /** Mounts on a page that is open already. */
  async mountHere(options: PlainOptions = {}): Promise<void> {
    await this.page.evaluate((own) => {
      const bare = window as unknown as BareWindow;
      bare.signIn = bare.latchkey.createSignIn({ ...bare.options, ...own });
      bare.signIn.mount('#sign-in');
    }, options);
  }

  /** What the test has written down so far. */
  seen(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as BareWindow).seen);
  }
}
