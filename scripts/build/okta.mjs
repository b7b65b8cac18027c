// Builds what is there for pages that were written for Okta's widget: dist/latchkey-okta.js, a module that imports latchkey.js and
// so never brings a second widget, and dist/latchkey-okta.iife.js, a plain script with all in it; and the command that reads such
// pages' configuration, with the same table in it, and with acorn, so that the package needs nothing at run time.

import path from 'node:path';

/** What of the widget's sources the module takes from latchkey.js: one class of errors, whoever throws it. */
const WIDGET = /^\.\.\/(index|errors)\.js$/;

/**
 * @param {object} common settings of all scripts of the package
 * @param {object} widget settings of the widget as a plain script, on top of those
 */
export async function bundleOkta(common, widget) {
  const { build } = await import('esbuild');
  const imported = { name: 'widget', setup: ({ onResolve }) => onResolve({ filter: WIDGET }, isOfOkta) };
  await build({ ...common, entryPoints: ['widget/js/okta.ts'], outfile: 'dist/latchkey-okta.js', format: 'esm', plugins: [imported] });
  await build({ ...common, ...widget, entryPoints: ['widget/js/okta-global.ts'], outfile: 'dist/latchkey-okta.iife.js', format: 'iife' });
}

/** The folder has an `errors.js` of its own, and so has that of the tokens. */
const isOfOkta = ({ importer }) => (path.basename(path.dirname(importer)) === 'okta' ? { path: './latchkey.js', external: true } : undefined);

/** One file beside those of the command that are as they were written. */
export async function bundleCommand({ absWorkingDir, banner }) {
  const { build } = await import('esbuild');
  const entry = { entryPoints: ['widget/bin/check-okta-config.mjs'], outfile: 'dist/bin/check-okta-config.mjs' };
  await build({ absWorkingDir, banner, ...entry, bundle: true, format: 'esm', platform: 'node', target: 'node20', minify: true, charset: 'utf8', legalComments: 'inline', logLevel: 'warning', external: ['../latchkey.js'] });
}
