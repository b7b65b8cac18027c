/** A passkey that the browser asks for, or makes. */
import type { Page } from '@playwright/test';
import { Screen } from './screen.js';

/** See the head of the file. */
export class PasskeyScreen extends Screen {
  readonly heading;
  /** Asks the browser for it. */
  readonly use = this.button('action.use_passkey');
  /** Lets the browser make one. */
  readonly create = this.button('action.create_passkey');
  readonly skip = this.action('action.skip');

  constructor(page: Page, purpose: 'verify' | 'enroll') {
    super(page);
    this.heading = this.titled(purpose === 'enroll' ? 'passkey.title_setup' : 'passkey.title');
  }
}
