// The byte budget: what every visitor downloads before the first field can be used, the page's own HTML left out.
//
// A limit and no goal: whoever goes over it takes something out, or argues for another number in the commit. That nothing
// else is fetched until then, and that it holds with the server's answers too, is measured in a browser by
// tests/e2e/budget.spec.ts.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, isThere, main, ROOT } from './lib/run.mjs';
import { sizesOf, sizeTable } from './lib/sizes.mjs';

/** 130 KB with brotli 11. */
export const BUDGET = 130 * 1024;

const FILES = ['latchkey.js', 'latchkey_bg.wasm', 'latchkey.css'];

/** 12 KB with brotli 11, for what a page loads that keeps tokens itself. */
export const TOKENS_BUDGET = 12 * 1024;

/** Prints a table for each budget and fails when a sum is over it. */
export function checkSize() {
  checkBudget(FILES, BUDGET);
  checkBudget(['latchkey-tokens.js'], TOKENS_BUDGET);
}

function checkBudget(names, budget) {
  const missing = names.find((name) => !isThere(`dist/${name}`));
  if (missing) throw new Failure(`dist/${missing} is not there: run \`npm run build\``);
  const files = names.map((name) => ({ name, sizes: sizesOf(path.join(ROOT, 'dist', name)) }));
  console.log(sizeTable(files));
  const sum = files.reduce((total, { sizes }) => total + sizes.brotli, 0);
  if (sum > budget) throw new Failure(`${sum} bytes are ${sum - budget} over the budget of ${budget}`);
  console.log(`${budget - sum} bytes of ${budget} are left\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(checkSize);
