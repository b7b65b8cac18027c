/** An end with a title of its own; there is nothing more to do but to begin again. */
import type { Page } from '@playwright/test';
import { textOf } from '../texts.js';
import { Screen } from './screen.js';

/** See the head of the file. */
export class EndingScreen extends Screen {
  readonly heading;

  /** By the i18n key of what the server says. */
  constructor(page: Page, key: string) {
    super(page);
    this.heading = this.widget.getByRole('heading', { name: textOf('ending', key), exact: true });
  }
}
