// Builds what is there for pages that were written for Okta's widget: dist/latchkey-okta.js, a module that imports latchkey.js and
// so never brings a second widget, what stands before it for those who `require` it, and dist/latchkey-okta.iife.js, a plain script
// with all in it; and the command that reads such pages' configuration, with the same table in it, and with acorn, so that the package
// needs nothing at run time.

import { readFile, writeFile } from 'node:fs/promises';
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
  const types = namesIn(await readFile(path.join(common.absWorkingDir, 'widget/js/okta.ts'), 'utf8'));
  for (const [name, text] of Object.entries(required(types))) await writeFile(path.join(common.absWorkingDir, 'dist', name), text);
  await build({ ...common, ...widget, entryPoints: ['widget/js/okta-global.ts'], outfile: 'dist/latchkey-okta.iife.js', format: 'iife' });
}

const namesIn = (source) => /export type \{([^}]*)\}/.exec(source)[1].match(/\w+/g);

/**
 * The class itself for `require`, as the incumbent's package gives it, with the names of types in it; and the polyfill that pages
 * require beside it. Nothing is doubled: bundlers, and Node since 20.19, take the module from there.
 */
const required = (types) => ({
  'latchkey-okta.cjs': "module.exports = require('./latchkey-okta.js').OktaSignIn;\n",
  'latchkey-okta.d.cts': `import type * as okta from './types/okta.js' with { 'resolution-mode': 'import' };
/** See \`OktaSignIn\` of the module. */
declare const OktaSignIn: typeof okta.OktaSignIn;
type OktaSignIn = okta.OktaSignIn;
declare namespace OktaSignIn {
${types.map((name) => `  export type ${name} = okta.${name};`).join('\n')}
}
export = OktaSignIn;
`,
  'latchkey-okta-polyfill.cjs': '// Browsers that can run the widget need none.\nmodule.exports = {};\n',
  'latchkey-okta-polyfill.d.cts': '/** Empty: browsers that can run the widget need no polyfill. */\ndeclare const polyfill: object;\nexport = polyfill;\n',
});

/** The folder has an `errors.js` of its own, and so has that of the tokens. */
const isOfOkta = ({ importer }) => (path.basename(path.dirname(importer)) === 'okta' ? { path: './latchkey.js', external: true } : undefined);

/** One file beside those of the command that are as they were written. */
export async function bundleCommand({ absWorkingDir, banner }) {
  const { build } = await import('esbuild');
  const entry = { entryPoints: ['widget/bin/check-okta-config.mjs'], outfile: 'dist/bin/check-okta-config.mjs' };
  await build({ absWorkingDir, banner, ...entry, bundle: true, format: 'esm', platform: 'node', target: 'node20', minify: true, charset: 'utf8', legalComments: 'inline', logLevel: 'warning', external: ['../latchkey.js'] });
}
