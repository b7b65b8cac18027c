/** What all screens of the widget have in common. */
import { expect, type Locator, type Page } from '@playwright/test';
import { text } from '../texts.js';

/** One screen; the page objects of the others are this and their own controls. */
export abstract class Screen {
  /** The widget. */
  readonly widget: Locator;
  /** What went wrong, or is worth knowing. */
  readonly alert: Locator;
  /** The screen's title. */
  abstract readonly heading: Locator;

  constructor(readonly page: Page) {
    this.widget = page.locator('.latchkey');
    this.alert = this.widget.getByRole('alert');
  }

  /** Waits until the person sees this screen and can use it. */
  async isShown(): Promise<void> {
    await expect(this.heading).toBeVisible();
    await expect(this.widget.locator('.latchkey-progress')).toBeHidden();
  }

  /** A quiet link or button of the widget, by the key of its text. */
  action(key: string): Locator {
    return this.widget.getByRole('button', { name: text(key), exact: true });
  }

  protected titled(key: string, values: Readonly<Record<string, string>> = {}): Locator {
    return this.widget.getByRole('heading', { name: text(key, values), exact: true });
  }

  protected field(key: string): Locator {
    return this.widget.getByRole('textbox', { name: text(key), exact: true });
  }

  protected button(key: string): Locator {
    return this.widget.getByRole('button', { name: text(key), exact: true });
  }
}
