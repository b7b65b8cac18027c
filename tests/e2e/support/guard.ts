/**
 * Watches a page for what must never happen, in every test: a violation of the policy, an uncaught error, an error on the
 * console.
 */
import { expect, type Page } from '@playwright/test';
import { customers } from './world.js';

/** Collects, and is asked at the end of the test. */
export class Guard {
  #problems: string[] = [];
  #expected: RegExp[] = [];

  /** Must be called before the page goes anywhere. */
  async watch(page: Page): Promise<void> {
    page.on('pageerror', (error) => this.#problems.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#note(`console: ${message.text()}`, message.location().url);
    });
    await page.exposeFunction('reportViolation', (text: string) => this.#problems.push(`policy: ${text}`));
    await page.addInitScript(() => {
      const { reportViolation } = window as unknown as { reportViolation(text: string): void };
      addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
        reportViolation(`${effectiveDirective} ${blockedURI} ${sample}`),
      );
    });
  }

  /** Lets problems pass that the test brings about itself. */
  expectProblem(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Begins anew, where one page is used by several tests. */
  forget(): void {
    this.#problems = [];
    this.#expected = [];
  }

  /** Fails the test if something happened. */
  check(): void {
    const unexpected = this.#problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)));
    expect(unexpected, 'nothing may go wrong in the background').toEqual([]);
  }

  /** The protocol says no with a status over 400, and Chromium writes each of those on the console by itself. */
  #note(problem: string, url: string): void {
    const isServer = customers().some(({ server }) => url.startsWith(`${server}/`));
    const isRefusal = isServer && /the server responded with a status of 4\d\d/.test(problem);
    if (!isRefusal) this.#problems.push(problem);
  }
}
