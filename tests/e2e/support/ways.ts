/** Ways through several screens, with which tests begin or end. */
import type { Page } from '@playwright/test';
import type { Account } from './accounts.js';
import { DemoSite } from './demo-site.js';
import { ChoiceScreen } from './screens/choice.js';
import { EmailCodeScreen } from './screens/email-code.js';
import { IdentifyScreen } from './screens/identify.js';
import { PasswordScreen } from './screens/password.js';
import type { Customer } from './world.js';

/** From the first page to what comes after the password. */
export async function typePassword(page: Page, { email, password }: Account): Promise<void> {
  await new IdentifyScreen(page).submit(email);
  await new PasswordScreen(page).submit(password);
}

/** To the customer's page, and to what comes after the password. */
export async function comeIn(page: Page, customer: Customer, person: Account): Promise<DemoSite> {
  const site = new DemoSite(page, customer);
  await site.open();
  await typePassword(page, person);
  return site;
}

/** From the first page to the one that waits for a mail to be answered, which is asked for instead of the password. */
export async function askForMail(page: Page, { email }: Account): Promise<EmailCodeScreen> {
  await new IdentifyScreen(page).submit(email);
  const password = new PasswordScreen(page);
  await password.isShown();
  await password.action('action.verify_otherwise').click();
  await new ChoiceScreen(page, 'verify').pick(/Email/);
  const code = new EmailCodeScreen(page);
  await code.isShown();
  return code;
}

/** Out of what is offered to be set up, this. */
export async function chooseToSetUp(page: Page, name: RegExp): Promise<void> {
  await new ChoiceScreen(page, 'enroll').pick(name);
}

/** What else is offered can wait. */
export async function skipTheRest(page: Page): Promise<void> {
  const choice = new ChoiceScreen(page, 'enroll');
  await choice.isShown();
  await choice.skip.click();
}
