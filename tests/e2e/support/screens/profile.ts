/** Registration: the server says what it wants to know, so the labels are its own. */
import { Screen } from './screen.js';

/** What the demo's server asks. */
export interface Profile {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** See the head of the file. */
export class ProfileScreen extends Screen {
  readonly heading = this.titled('profile.title');
  readonly email = this.widget.getByRole('textbox', { name: 'Email' });
  readonly firstName = this.widget.getByRole('textbox', { name: 'First name' });
  readonly lastName = this.widget.getByRole('textbox', { name: 'Last name' });
  readonly signUp = this.button('profile.submit');

  /** Fills it in, and goes on. */
  async submit({ email, firstName, lastName }: Profile): Promise<void> {
    await this.isShown();
    await this.email.fill(email);
    await this.firstName.fill(firstName);
    await this.lastName.fill(lastName);
    await this.signUp.click();
  }
}
