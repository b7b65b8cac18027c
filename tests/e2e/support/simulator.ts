/** The page of the identity server that stands for people's devices: what would appear on one, with its buttons. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Account } from './accounts.js';
import type { Customer } from './world.js';

/** See the head of the file. */
export class Simulator {
  constructor(
    private readonly page: Page,
    private readonly customer: Customer,
  ) {}

  /** Takes the device up and gives this answer, by the name of its button. */
  async answer({ email }: Account, button: string): Promise<void> {
    const asked = await this.askedOf(email);
    await asked.getByRole('button', { name: button, exact: true }).click();
    await expect(asked).toHaveCount(0);
  }

  /** The numbers that are offered. */
  async numbers({ email }: Account): Promise<readonly string[]> {
    const asked = await this.askedOf(email);
    return asked.getByRole('button', { name: /^\d\d$/ }).allInnerTexts();
  }

  /** What waits for this person; there is one page for everybody. */
  private async askedOf(email: string): Promise<Locator> {
    const asked = this.page.getByRole('article').filter({ hasText: email });
    await expect(async () => {
      await this.page.goto(`${this.customer.server}/simulator`);
      await expect(asked).toBeVisible({ timeout: 1 });
    }, `something that waits for ${email}`).toPass({ timeout: 10_000 });
    return asked;
  }
}
