/** A code that was mailed. */
import { SentCodeScreen } from './sent-code.js';

/** See the head of the file. */
export class EmailCodeScreen extends SentCodeScreen {
  readonly heading = this.titled('code.title_email');
}
