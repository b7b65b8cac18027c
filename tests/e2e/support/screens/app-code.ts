/** A code that an app shows, and setting that app up. */
import { expect, type Page } from '@playwright/test';
import { text } from '../texts.js';
import { Screen } from './screen.js';

/** As the server calls it. */
const NAME = 'Google Authenticator';

/** See the head of the file. */
export class AppCodeScreen extends Screen {
  readonly heading;
  /** The label is the server's own. */
  readonly code = this.widget.getByRole('textbox', { name: 'Enter code' });
  readonly verify = this.button('code.submit');
  readonly qrCode = this.widget.getByRole('img', { name: text('exhibit.qr_alt') });
  /** The key, for apps that cannot scan. */
  readonly key = this.widget.getByText(text('exhibit.shared_secret')).locator('xpath=following-sibling::*[1]');
  readonly copy = this.button('common.copy');

  constructor(page: Page, purpose: 'verify' | 'enroll') {
    super(page);
    this.heading = purpose === 'enroll' ? this.titled('code.title_setup', { name: NAME }) : this.titled('code.title');
  }

  /** What an app would be given: it is shown in groups, for people. */
  async secret(): Promise<string> {
    await this.isShown();
    await expect(this.key).toHaveText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    return (await this.key.innerText()).replaceAll(' ', '');
  }

  /** Types it, and goes on. */
  async submit(code: string): Promise<void> {
    await this.isShown();
    await this.code.fill(code);
    await this.verify.click();
  }
}
