/** A telephone: its number, how to reach it, and the code that was sent there. */
import { text } from '../texts.js';
import { Screen } from './screen.js';
import { SentCodeScreen } from './sent-code.js';

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
export class PhoneCodeScreen extends SentCodeScreen {
  readonly heading = this.titled('code.title_phone');
}
