// The examples name the versions that they are tested with: the e2e suite gives them the project's own installation.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const read = (file) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const { version, devDependencies: own } = read('package.json');
/** Angular's compiler wants another TypeScript than the project, so it is apart. */
const forAngular = { ...own, ...read('tests/angular/package.json').dependencies };
const EXAMPLES = readdirSync(new URL('../../examples', import.meta.url), { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe('given the examples', () => {
  for (const { name } of EXAMPLES) {
    test(`${name} names the versions that the project has`, () => {
      const { dependencies, devDependencies: tools } = read(`examples/${name}/package.json`);
      const { latchkey, ...others } = { ...dependencies, ...tools };
      assert.equal(latchkey, version);
      const known = name === 'angular' ? forAngular : own;
      for (const [dependency, wanted] of Object.entries(others)) assert.equal(wanted, known[dependency], dependency);
    });
  }
});
