/** Who are you? With the password, where the server asks for both at once. */
import { Screen } from './screen.js';

/** See the head of the file. */
export class IdentifyScreen extends Screen {
  readonly heading = this.titled('identify.title');
  readonly username = this.field('field.username');
  readonly password = this.field('field.password');
  readonly next = this.button('identify.submit');
  readonly signIn = this.button('identify.submit_with_password');
  readonly forgotPassword = this.action('action.recover');
  /** Where the server takes passkeys in place of a name. */
  readonly passkey = this.action('action.passkey_sign_in');
  readonly signUp = this.action('action.sign_up');

  /** Tells the name, and goes on. */
  async submit(username: string): Promise<void> {
    await this.isShown();
    await this.username.fill(username);
    await this.next.click();
  }

  /** Tells both, and goes on. */
  async submitBoth(username: string, password: string): Promise<void> {
    await this.isShown();
    await this.username.fill(username);
    await this.password.fill(password);
    await this.signIn.click();
  }
}
