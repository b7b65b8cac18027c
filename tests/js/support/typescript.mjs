// Imports one of the widget's TypeScript files, for tests of what the built files do not export.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The module behind `file` (from the project's folder), with all that it imports. */
export async function importTypeScript(file) {
  const entry = fileURLToPath(new URL(`../../../${file}`, import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'esm', target: 'es2022', logLevel: 'warning' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
