/** A security question: to be answered, or to be set up. Questions and their labels are the server's own. */
import type { Page } from '@playwright/test';
import { text } from '../texts.js';
import { Screen } from './screen.js';

/** See the head of the file. */
export class QuestionScreen extends Screen {
  readonly heading;
  readonly answer = this.widget.getByRole('textbox', { name: text('field.answer'), exact: true });
  /** Answers. */
  readonly verify = this.button('question.submit');
  /** Keeps question and answer. */
  readonly save = this.button('question.submit_setup');
  /** Where one is set up: one of the server's questions, or one in one's own words. */
  readonly chosen = this.widget.getByRole('radio', { name: 'Choose a security question' });
  readonly own = this.widget.getByRole('radio', { name: 'Create my own security question' });
  readonly questions = this.widget.getByRole('combobox');
  readonly question = this.widget.getByRole('textbox', { name: 'Create a security question' });

  constructor(page: Page, purpose: 'verify' | 'enroll') {
    super(page);
    this.heading = this.titled(purpose === 'enroll' ? 'question.title_setup' : 'question.title');
  }

  /** Answers, and goes on. */
  async submit(answer: string): Promise<void> {
    await this.isShown();
    await this.answer.fill(answer);
    await this.verify.click();
  }

  /** Chooses one of the server's, and goes on. */
  async choose(question: string, answer: string): Promise<void> {
    await this.isShown();
    await this.questions.selectOption({ label: question });
    await this.answer.fill(answer);
    await this.save.click();
  }
}
