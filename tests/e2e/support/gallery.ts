/** The gallery of the demo site: one entry at a time, with nothing else on the page. */
import { expect, type Locator, type Page } from '@playwright/test';

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
