/** A push to a device: waiting for it, after a refusal sending another one, and setting the device up. */
import { text } from '../texts.js';
import { Screen } from './screen.js';

/** As the server calls it. */
const NAME = 'Okta Verify';

/** The device is to be set up. */
export class PushSetupScreen extends Screen {
  readonly heading = this.titled('waiting.scan_title', { name: NAME });
  readonly qrCode = this.widget.getByRole('img', { name: text('exhibit.qr_alt') });
}

/** The device has its turn. */
export class PushScreen extends Screen {
  readonly heading = this.titled('waiting.approval_title');
  /** The number to pick on the device, where it asks. */
  readonly number = this.widget.getByText(text('exhibit.number')).locator('xpath=following-sibling::*[1]');
}

/** "No" was said on the device. */
export class PushResendScreen extends Screen {
  readonly heading = this.titled('resend.title');
  readonly send = this.button('resend.submit');
}
