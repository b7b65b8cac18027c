/** A sign-in on the empty page with functions of the page in its options. */
import { expect, type Page } from '@playwright/test';
import type { SignInOptions } from '../../../widget/js/types.js';
import type { BarePage } from './bare-page.js';

/** What a page writes down beside its options. */
export type Log = string[];

/**
 * Opens the page and mounts a sign-in with what `make` gives there; `make` is called in the page, and knows nothing of the
 * test. What it puts into its first argument is what `bare.seen` gives; codes of errors are put there as well.
 */
export async function mountCustomized(bare: BarePage, make: (log: Log) => Partial<SignInOptions>, plain: Partial<SignInOptions> = {}): Promise<void> {
  await bare.open();
  await bare.page.evaluate(`{
    const { latchkey, options, seen } = window;
    window.signIn = latchkey.createSignIn({ ...options, ...${JSON.stringify(plain)}, ...(${make.toString()})(seen) });
    window.signIn.on('error', ({ code }) => seen.push('error ' + code));
    window.signIn.mount('#sign-in');
  }`);
}

/** Changes the options of the sign-in that is mounted. */
export async function updateCustomized(page: Page, make: (log: Log) => Partial<SignInOptions>): Promise<void> {
  await page.evaluate(`window.signIn.update((${make.toString()})(window.seen))`);
}

/** Waits until this was written down. */
export async function expectLogged(bare: BarePage, ...entries: readonly string[]): Promise<void> {
  await expect.poll(() => bare.seen()).toEqual(entries);
}

/** Scripts of the package that the page has loaded, by name. */
export const scripts = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.split('/').at(-1) ?? ''));

/** The `state` of the sign-in that this tab keeps. */
export const keptState = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const [kept = '{}'] = Object.entries(sessionStorage).filter(([key]) => key.startsWith('latchkey')).map(([, text]) => String(text));
    return (JSON.parse(kept) as { readonly state: string }).state;
  });

