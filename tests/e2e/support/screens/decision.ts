/** Yes or no: consent, and staying signed in. */
import type { Page } from '@playwright/test';
import { Screen } from './screen.js';

/** Which question it is. */
type Question = 'consent' | 'stay';

const ANSWERS = {
  consent: { yes: 'field.allow', no: 'field.deny' },
  stay: { yes: 'field.stay', no: 'field.do_not_stay' },
} as const;

/** See the head of the file. */
export class DecisionScreen extends Screen {
  readonly heading;
  readonly yes;
  readonly no;

  constructor(page: Page, question: Question) {
    super(page);
    // Consent is for the application that asks, and named after it.
    this.heading = question === 'stay' ? this.titled('stay.title') : this.titled('consent.title_named', { name: 'Towpath Bicycle Co-op' });
    this.yes = this.button(ANSWERS[question].yes);
    this.no = this.button(ANSWERS[question].no);
  }
}
