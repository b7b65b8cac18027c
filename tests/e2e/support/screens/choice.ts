/** Which authenticator? */
import type { Page } from '@playwright/test';
import { Screen } from './screen.js';

/** See the head of the file. */
export class ChoiceScreen extends Screen {
  readonly heading;
  /** Where setting something up is not a must. */
  readonly skip = this.action('action.skip');

  constructor(page: Page, purpose: 'verify' | 'enroll') {
    super(page);
    this.heading = this.titled(`choice.title_${purpose}`);
  }

  /** Picks the one of this name. */
  async pick(name: string | RegExp): Promise<void> {
    await this.isShown();
    await this.widget.getByRole('button', { name }).click();
  }
}
