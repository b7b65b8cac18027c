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

/** Prints the table and fails when the sum is over the budget. */
export function checkSize() {
  const missing = FILES.find((name) => !isThere(`dist/${name}`));
  if (missing) throw new Failure(`dist/${missing} is not there: run \`npm run build\``);
  const files = FILES.map((name) => ({ name, sizes: sizesOf(path.join(ROOT, 'dist', name)) }));
  console.log(sizeTable(files));
  const sum = files.reduce((total, { sizes }) => total + sizes.brotli, 0);
  if (sum > BUDGET) throw new Failure(`${sum} bytes are ${sum - BUDGET} over the budget of ${BUDGET}`);
  console.log(`${BUDGET - sum} bytes of ${BUDGET} are left`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(checkSize);
