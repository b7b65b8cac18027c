/** A telephone: its number, how to reach it, and the code that was sent there. */
import { text } from '../texts.js';
import { Screen } from './screen.js';

/** The number that is to be set up. */
export class PhoneNumberScreen extends Screen {
  readonly heading = this.titled('phone.title');
  readonly country = this.widget.getByRole('combobox', { name: text('phone.country') });
  readonly number = this.field('field.phone');
  readonly send = this.button('phone.submit');

  /** The way of reaching it, as the server calls it. */
  method(name: 'SMS' | 'Voice call') {
    return this.widget.getByRole('radio', { name });
  }
}

/** How to send a code to the number that is known. */
export class PhoneMethodScreen extends Screen {
  readonly heading = this.titled('method.title_phone');

  /** Picks this way of reaching it, as the server calls it. */
  async pick(name: 'SMS' | 'Voice call'): Promise<void> {
    await this.isShown();
    await this.widget.getByRole('button', { name }).click();
  }
}

/** The code that was sent. */
export class PhoneCodeScreen extends Screen {
  readonly heading = this.titled('code.title_phone');
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
