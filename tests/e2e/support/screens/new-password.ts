/** A password to be made up, with the rules it has to keep. */
import type { Page } from '@playwright/test';
import { text } from '../texts.js';
import { Screen } from './screen.js';

/** See the head of the file. */
export class NewPasswordScreen extends Screen {
  readonly heading;
  /** The label is the server's own. */
  readonly password = this.widget.getByRole('textbox', { name: /password/i });
  readonly save = this.button('new_password.submit');
  readonly rules = this.widget.getByRole('listitem').filter({ hasText: new RegExp(`${text('rules.met')}|${text('rules.unmet')}`) });

  constructor(page: Page, why: 'first' | 'reset') {
    super(page);
    this.heading = this.titled(`new_password.title_${why}`);
  }

  /** Types it, and goes on. */
  async submit(password: string): Promise<void> {
    await this.isShown();
    await this.password.fill(password);
    await this.save.click();
  }
}
