/** A code that was sent somewhere; the title says where to look for it. */
import { Screen } from './screen.js';

/** See the head of the file. */
export abstract class SentCodeScreen extends Screen {
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
