/** Asks axe whether everybody can use what is on the page. There are no exceptions to its rules. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/** What axe looks at. */
interface Scope {
  /**
   * `contrast` for a page that was looked at as a whole and has changed its colours only: in another scheme no other rule
   * can come out differently.
   */
  readonly rules?: 'all' | 'contrast';
}

/** Fails when the page, as it is now, breaks a rule of WCAG 2.2 AA that a program can see. */
export async function expectAccessible(page: Page, { rules = 'all' }: Scope = {}): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(SOURCE);
  const runOnly = rules === 'all' ? TAGS : { type: 'rule', values: ['color-contrast'] };
  const violations = await page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: { run(root: Document, options: object): Promise<{ violations: Violation[] }> } };
    // No rule of these reads style sheets or media, so none are fetched a second time.
    return (await axe.run(document, { runOnly: only, resultTypes: ['violations'], preload: false })).violations;
  }, runOnly);
  const said = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
  expect(said, `axe, WCAG 2.2 AA, ${rules}`).toEqual([]);
}
