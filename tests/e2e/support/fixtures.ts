/**
 * What every test begins with: a guarded page, and the ways to a customer's page with the widget on it.
 */
import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './axe.js';
import { BarePage } from './bare-page.js';
import { Guard } from './guard.js';
import { Inbox } from './inbox.js';
import { world, type World } from './world.js';

interface Fixtures {
  /** Fails the test when something goes wrong in the background. */
  readonly guard: Guard;
  /** Addresses of the sites and servers. */
  readonly places: World;
  /** The mails that the server would have sent. */
  readonly inbox: Inbox;
  /** A customer's page with nothing on it, whose script calls `createSignIn` as the test wants. */
  readonly bare: BarePage;
  /** A page on another device: its browser shares nothing with that of `page`. */
  readonly elsewhere: Page;
}

export const test = base.extend<Fixtures>({
  // Asked for by `page`, so that no page is unguarded.
  guard: async ({}, use) => {
    const guard = new Guard();
    await use(guard);
    guard.check();
  },
  page: async ({ page, guard }, use) => {
    await guard.watch(page);
    await use(page);
  },
  elsewhere: async ({ browser, guard }, use) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await guard.watch(page);
    await use(page);
    await context.close();
  },
  places: async ({}, use) => use(world()),
  inbox: async ({ request }, use) => use(new Inbox(request, world().identifierFirst.server)),
  bare: async ({ page }, use) => use(new BarePage(page, world().bare)),
});

export { expect, expectAccessible, type BrowserContext, type Locator, type Page };
