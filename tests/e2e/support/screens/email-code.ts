/** A code that was mailed. */
import { Screen } from './screen.js';

/** See the head of the file. */
export class EmailCodeScreen extends Screen {
  readonly heading = this.titled('code.title_email');
  /** The label is the server's own. */
  readonly code = this.widget.getByRole('textbox', { name: 'Enter code' });
  readonly verify = this.button('code.submit');
  readonly resend = this.action('action.resend');

  /** Types it, and goes on. */
  async submit(code: string): Promise<void> {
    await this.isShown();
    await this.code.fill(code);
    await this.verify.click();
  }
}
