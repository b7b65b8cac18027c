/** Whose password is forgotten? */
import { Screen } from './screen.js';

/** See the head of the file. */
export class RecoverScreen extends Screen {
  readonly heading = this.titled('recover.title');
  readonly username = this.field('field.username');
  readonly next = this.button('recover.submit');

  /** Tells the name, and goes on. */
  async submit(username: string): Promise<void> {
    await this.isShown();
    await this.username.fill(username);
    await this.next.click();
  }
}
