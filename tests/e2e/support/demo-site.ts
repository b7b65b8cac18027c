/** The customer's page: where the widget is, and what is there once somebody is signed in. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Customer } from './world.js';

/** See the head of the file. */
export class DemoSite {
  /** The greeting of the member area. */
  readonly greeting: Locator;
  /** The claims of the ID token. */
  readonly claims: Locator;
  /** What userinfo answers. */
  readonly userinfo: Locator;
  /** Ends the visit. */
  readonly signOut: Locator;

  constructor(
    readonly page: Page,
    readonly customer: Customer,
  ) {
    this.greeting = page.getByRole('heading', { name: /^Good to see you/ });
    this.claims = page.getByRole('table', { name: 'Claims of the ID token' });
    this.userinfo = page.getByRole('region', { name: 'What the server answers' });
    this.signOut = page.getByRole('button', { name: 'Sign out' });
  }

  /** Goes to the front page. */
  async open(path = '/'): Promise<void> {
    await this.page.goto(this.customer.site + path);
  }

  /** Waits until this person is signed in, with checked tokens and an answer of userinfo. */
  async welcomes({ email, firstName }: { readonly email: string; readonly firstName: string }): Promise<void> {
    await expect(this.greeting).toContainText(firstName);
    await expect(this.claims).toContainText(email);
    await expect(this.userinfo).toContainText(email);
  }

  /** The value of one claim of the ID token. */
  async claim(name: string): Promise<string> {
    const row = this.claims.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
    return row.getByRole('cell').innerText();
  }
}
