/** The empty page of the bare site, as tests use it. */
import type { Page } from '@playwright/test';
import type { SignIn, SignInOptions } from '../../../widget/js/types.js';
import type { Strictness } from './bare-site.js';

/** Options that can be handed to a page: no functions. */
export type PlainOptions = Omit<Partial<SignInOptions>, 'onSuccess' | 'onError' | 'signal'>;

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

/** See the head of the file. */
export class BarePage {
  constructor(
    readonly page: Page,
    readonly site: string,
  ) {}

  /** Goes there; the widget's script is loaded, and nothing is mounted. */
  async open(policy: Strictness = 'usual'): Promise<void> {
    await this.page.goto(`${this.site}/?policy=${policy}`);
    await this.page.waitForFunction(() => 'latchkey' in window);
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

  /** How the sign-in has ended, once it has. */
  outcome(): Promise<string> {
    return this.page.evaluate(async () => (await (window as unknown as BareWindow).signIn.finished).status);
  }

  /** What the test has written down so far. */
  seen(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as BareWindow).seen);
  }
}
