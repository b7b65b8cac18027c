/** Whose account is locked? */
import { Screen } from './screen.js';

/** See the head of the file. */
export class UnlockScreen extends Screen {
  readonly heading = this.titled('choice.title_unlock');
  readonly username = this.field('field.username');

  /** Tells the name, and how to be reached. */
  async submit(username: string, authenticator: string): Promise<void> {
    await this.isShown();
    await this.username.fill(username);
    await this.widget.getByRole('button', { name: authenticator }).click();
  }
}
