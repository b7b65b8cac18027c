/**
 * Looks at what is on the page now, on a phone and on a desktop, in both schemes: usable by everybody (axe, WCAG 2.2 AA),
 * nothing to scroll sideways to on a phone, and four pictures in test-results for people to look at.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './axe.js';

const RESULTS = fileURLToPath(new URL('../../../test-results', import.meta.url));

/** The narrowest screen that WCAG 1.4.10 asks for. */
export const PHONE = { width: 320, height: 640 };
/** As the configuration has it. */
export const DESKTOP = { width: 1024, height: 800 };

/** See the head of the file. Ends as tests begin: on a desktop, in light. */
export async function look(page: Page, folder: 'gallery' | 'screens', name: string): Promise<void> {
  const draw = (variant: string) => page.screenshot({ path: path.join(RESULTS, folder, `${name}-${variant}.png`), fullPage: true });
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await expectAccessible(page);
  await expectToFit(page);
  await draw('320-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, { rules: 'contrast' });
  await draw('320-dark');
  await page.setViewportSize(DESKTOP);
  await draw('1024-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await draw('1024-light');
}

/** WCAG 1.4.10 */
export async function expectToFit(page: Page): Promise<void> {
  const { widest, width } = await page.evaluate(() => ({
    widest: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
  }));
  expect(widest, 'nothing to scroll sideways to').toBeLessThanOrEqual(width);
}
