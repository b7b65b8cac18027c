/**
 * The gallery of the demo site: one entry at a time, with nothing else on the page; and a test that looks at entries.
 *
 * Entries keep nothing in the browser, so all tests of a worker share one page: that is what lets some hundreds of them, each
 * with a name of its own, be looked at in a minute or two.
 */
import { expect, test as base, type Locator, type Page } from './fixtures.js';
import { Guard } from './guard.js';

/** A page that stays open from test to test, and who watches it. */
interface Stage {
  readonly page: Page;
  readonly guard: Guard;
}

/** As everywhere, but with the page that the test before has used. */
export const test = base.extend<object, { readonly lasting: Stage }>({
  lasting: [
    async ({ browser }, use) => {
      const context = await browser.newContext();
      const stage = { page: await context.newPage(), guard: new Guard() };
      await stage.guard.watch(stage.page);
      await use(stage);
      await context.close();
    },
    { scope: 'worker' },
  ],
  guard: async ({ lasting }, use) => {
    lasting.guard.forget();
    await use(lasting.guard);
    lasting.guard.check();
  },
  page: async ({ lasting, guard: _ }, use) => use(lasting.page),
});

/** See the head of the file. */
export class Gallery {
  /** Where the widget is. Says which screen is drawn. */
  readonly stage: Locator;
  /** What the page says on which an entry ends that sends the browser away. */
  readonly address: Locator;

  constructor(
    readonly page: Page,
    readonly site: string,
  ) {
    this.stage = page.locator('#stage');
    this.address = page.locator('#address');
  }

  /** Goes to this entry; `onlyWidget` leaves out the list around it. */
  async open(id: string, { onlyWidget = true } = {}): Promise<void> {
    await this.page.goto(`${this.site}/gallery?entry=${id}${onlyWidget ? '&only' : ''}`);
  }

  /** Waits until a screen is drawn, or until the browser has been sent away, where the entry does that at once. */
  async isShown({ leaves }: { readonly leaves: boolean }): Promise<void> {
    if (leaves) await expect(this.address).not.toBeEmpty();
    else await expect(this.stage).toHaveAttribute('data-screen', /./);
  }
}
