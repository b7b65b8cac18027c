/** The password of a person who is known by name. */
import { text } from '../texts.js';
import { Screen } from './screen.js';

/** See the head of the file. */
export class PasswordScreen extends Screen {
  readonly heading = this.titled('password.title');
  readonly password = this.field('field.password');
  readonly signIn = this.button('password.submit');
  readonly forgotPassword = this.action('action.recover');
  readonly show = this.widget.getByRole('button', { name: text('field.show_name', { name: text('field.password') }) });

  /** Types it, and goes on. */
  async submit(password: string): Promise<void> {
    await this.isShown();
    await this.password.fill(password);
    await this.signIn.click();
  }
}
