// Builds the npm package's files into dist/: latchkey.js and latchkey.iife.js, latchkey_bg.wasm, latchkey.css, types/,
// locales/, options.schema.json and error-codes.json, latchkey-{tasks,speech,redirect,customize}.js and latchkey-frame.* for the
// sign-ins that need them, latchkey-tokens.js for what comes after, latchkey-react.js, latchkey-okta.* for pages that come from
// Okta's widget, latchkey-diagnose.js for developers, and copies of what is served in cdn/, with integrity.json; and the
// command in bin/.
//
// cargo → wasm-bindgen → wasm-opt, then esbuild for script and style, then tsc for the declarations. What has not changed
// is not done again: cargo knows that of itself, the slow steps after it are skipped when what they are made from is the
// same, and the others take less time than finding out. Set-up (scripts/setup.mjs) must have run once.

import { createHash } from 'node:crypto';
import { appendFile, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { digestsOf, writeCdn } from './build/cdn.mjs';
import { codesList, writeCodes } from './build/error-codes.mjs';
import { trimGlue, usedExports, wrapGlue } from './build/glue.mjs';
import { catalogueMark, writeLocales } from './build/locales.mjs';
import { OPTIMIZE, SMALL } from './build/optimize.mjs';
import { bundleCommand, bundleOkta } from './build/okta.mjs';
import { optionsSchema, writeSources } from './build/options.mjs';
import { takePowers } from './build/powers.mjs';
import { emptyFunctions, importNames, rewriteBorder } from './build/wasm.mjs';
import { ask, Failure, isThere, main, ROOT, run, step } from './lib/run.mjs';
import { sizesOf, sizeTable } from './lib/sizes.mjs';
import { librarySources, wasmBindgen, wasmBindgenVersion } from './lib/tools.mjs';

const TARGET = 'wasm32-unknown-unknown';
/** What wasm-bindgen leaves, and what is made of it. */
const FOLDER = '.cache/build';
const GLUE = `${FOLDER}/bindings.js`;
const OPTIMIZED = `${FOLDER}/optimized.wasm`;
const STAMP = `${FOLDER}/stamp`;
/** Files whose change makes the slow steps necessary. */
const RECIPE = ['scripts/build/glue.mjs', 'scripts/build/optimize.mjs', 'scripts/build/powers.mjs', 'scripts/build/wasm.mjs', 'package-lock.json'];

const at = (file) => path.join(ROOT, file);

async function buildPackage() {
  await Promise.all(['dist', FOLDER].map((folder) => mkdir(at(folder), { recursive: true })));
  await step('WebAssembly', buildWasm);
  await step('script and style', bundle);
  await step('declarations', declare);
  await step('files for a CDN', async () => writeCdn(at('dist'), JSON.parse(await readFile(at('package.json'), 'utf8')).version));
  const files = ['latchkey.js', 'latchkey_bg.wasm', 'latchkey.css'];
  console.log(`\n${sizeTable(files.map((name) => ({ name, sizes: sizesOf(at(`dist/${name}`)) })))}`);
}

/** Leaves the glue and the optimised module, whose imports and exports still have their long names. */
async function buildWasm() {
  if (!librarySources()) throw new Failure('the sources of the standard library are not there: run `npm run setup`');
  const flags = ['--config', `target.${TARGET}.rustflags=${JSON.stringify([...SMALL.rustc, ...anonymousPaths()])}`];
  const build = ['build', '--profile', 'wasm', '--target', TARGET, '--package', 'latchkey-widget', '--lib'];
  await run('cargo', [...build, ...SMALL.cargo, ...flags], { env: SMALL.env });
  const compiled = `target/${TARGET}/wasm/latchkey_widget.wasm`;
  const stamp = await stampOf(compiled, ...RECIPE);
  if (isThere(OPTIMIZED) && isThere(GLUE) && (await readIfThere(STAMP)) === stamp) return console.log('  unchanged');
  await bind(compiled);
  const glue = trimGlue(await readFile(at(`${FOLDER}/latchkey.js`), 'utf8'));
  const powers = await trimModule(usedExports(glue));
  await run(process.execPath, [at('node_modules/binaryen/bin/wasm-opt'), ...OPTIMIZE, `${FOLDER}/trimmed.wasm`, '-o', OPTIMIZED]);
  await writeFile(at(GLUE), await wrapGlue(glue, importNames(await readFile(at(OPTIMIZED))), powers));
  await writeFile(at(STAMP), stamp);
}

/** Where the sources lie on this machine is nobody's business, and makes the bytes differ from one machine to the next. */
function anonymousPaths() {
  const crates = path.join(process.env.CARGO_HOME ?? path.join(homedir(), '.cargo'), 'registry/src');
  const library = path.join(ask('rustc', '--print', 'sysroot') ?? '', 'lib/rustlib/src/rust');
  return [crates, library, ROOT].map((folder) => `--remap-path-prefix=${path.join(folder, '/')}=`);
}

async function bind(compiled) {
  const program = wasmBindgen();
  if (!program) throw new Failure(`wasm-bindgen ${wasmBindgenVersion()} is not there: run \`npm run setup\``);
  await run(program, ['--target', 'web', '--no-typescript', '--out-name', 'latchkey', '--out-dir', FOLDER, compiled]);
}

/**
 * An export keeps alive all that it calls; wasm-opt removes what is left alone once it is gone, and the zeros of a table.
 *
 * @returns {Promise<number>} the address of that table
 */
async function trimModule(used) {
  const bytes = await readFile(at(`${FOLDER}/latchkey_bg.wasm`));
  const names = { module: './latchkey_bg.js', renameImport: (name) => name, renameExport: (name) => (used.has(name) ? name : undefined) };
  if ([...used].some((name) => name.startsWith('intounderlying'))) throw new Failure('streams from Rust are in use: see STREAMS');
  const { bytes: trimmed, address } = takePowers(emptyFunctions(rewriteBorder(bytes, names), STREAMS));
  await writeFile(at(`${FOLDER}/trimmed.wasm`), trimmed);
  return address;
}

/**
 * Streams that Rust feeds, of the crate wasm-streams: three exported classes that come with Leptos' server functions. Only
 * those exports lead to this code, but the tables of its futures keep it in the module, 3 KB (brotli) of it.
 */
const STREAMS = /wasm_streams.*IntoUnderlying/;

async function stampOf(...files) {
  const hash = createHash('sha256').update(wasmBindgenVersion());
  for (const file of files) hash.update(await readFile(at(file)));
  return hash.digest('hex');
}

async function readIfThere(file) {
  return readFile(at(file), 'utf8').catch(() => undefined);
}

/** The oldest that the README promises. */
const BROWSERS = ['chrome97', 'firefox102', 'safari16'];

async function bundle() {
  const { build } = await import('esbuild');
  const { version, license } = JSON.parse(await readFile(at('package.json'), 'utf8'));
  const notice = `/*! Latchkey ${version}, ${license} */`;
  const common = { absWorkingDir: ROOT, bundle: true, minify: true, charset: 'utf8', logLevel: 'warning' };
  const script = { ...common, target: BROWSERS, banner: { js: notice } };
  await Promise.all([writeSources(), writeCodes()]);
  await writeFile(at('dist/options.schema.json'), `${JSON.stringify(optionsSchema(version), null, 2)}\n`);
  await writeFile(at('dist/error-codes.json'), `${JSON.stringify(codesList(version), null, 2)}\n`);
  await bundleWidget({ ...script, define: { VERSION: JSON.stringify(version) } });
  await bundleTasks(script);
  await writeLocales(at('dist'));
  await build({ ...script, entryPoints: ['widget/js/tokens.ts'], outfile: 'dist/latchkey-tokens.js', format: 'esm' });
  await bundleReact(script);
  await cp(at('widget/bin'), at('dist/bin'), { recursive: true });
  await bundleCommand(script);
  await build({ ...common, entryPoints: ['styles/index.css'], outfile: 'dist/latchkey.css', banner: { css: notice }, footer: { css: `.latchkey{--latchkey-version:"${version}"}` } });
  await bundleDiagnosis(script, version);
}

/** The widget as a module and as a plain script, and the WebAssembly that fits both. */
async function bundleWidget(common) {
  const { build } = await import('esbuild');
  const settings = {
    ...common,
    entryPoints: ['widget/js/index.ts'],
    mangleProps: new RegExp(`${BORDER_NAMES.source}|${RULE_MEMBERS.source}`),
    plugins: [
      { name: 'bindings', setup: ({ onResolve }) => onResolve({ filter: /\/bindings\.js$/ }, () => ({ path: at(GLUE) })) },
      { name: 'second scripts', setup: ({ onResolve }) => onResolve({ filter: /^\.\/(tasks|speech|redirect|customize)\.js$/ }, later) },
    ],
  };
  // Once for the names alone: they are in the WebAssembly, whose digest is in the script.
  const { mangleCache } = await build({ ...settings, format: 'esm', write: false, mangleCache: await inOrder() });
  const define = { ...common.define, WASM_DIGEST: JSON.stringify(await shortenNames(mangleCache)) };
  await build({ ...settings, mangleCache, define, outfile: 'dist/latchkey.js', format: 'esm' });
  const plain = { ...settings, mangleCache, format: 'iife', inject: ['widget/js/script-address.ts'], define: { ...define, 'import.meta.url': 'scriptAddress' } };
  await build({ ...plain, outfile: 'dist/latchkey.iife.js', globalName: 'Latchkey' });
  await bundleOkta(common, plain);
}

/** What is imported when it is needed is a file of its own; a file of the same name that is imported at once is another. */
const later = ({ kind, path: file }) => (kind === 'dynamic-import' ? { path: file.replace('./', './latchkey-'), external: true } : undefined);

/** The component: React is the page's, and the widget the one that everybody else imports. Bundlers look for its first line. */
async function bundleReact(common) {
  const { build } = await import('esbuild');
  const latchkey = ({ onResolve }) => onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: './latchkey.js', external: true }));
  await build({
    ...common,
    banner: { js: `'use client';\n${common.banner.js}` },
    entryPoints: ['widget/js/react.ts'],
    outfile: 'dist/latchkey-react.js',
    format: 'esm',
    external: ['react'],
    plugins: [{ name: 'latchkey', setup: latchkey }],
  });
}

/** What only some sign-ins need: modules that latchkey.js imports when it does, and the page in which vendors' checks run. */
async function bundleTasks(common) {
  const { build } = await import('esbuild');
  for (const name of ['tasks', 'redirect', 'customize']) {
    await build({ ...common, entryPoints: [`widget/js/${name}.ts`], outfile: `dist/latchkey-${name}.js`, format: 'esm' });
  }
  const define = { CATALOGUE: JSON.stringify(await catalogueMark()) };
  await build({ ...common, define, entryPoints: ['widget/js/speech.ts'], outfile: 'dist/latchkey-speech.js', format: 'esm' });
  await build({ ...common, entryPoints: ['widget/js/frame/index.ts'], outfile: 'dist/latchkey-frame.js', format: 'iife' });
  await build({ ...common, banner: {}, entryPoints: ['widget/js/frame/frame.css'], outfile: 'dist/latchkey-frame.css' });
  await copyFile(at('widget/js/frame/frame.html'), at('dist/latchkey-frame.html'));
}

/** What a developer loads when something does not work: it knows the digests of all that was built before it. */
async function bundleDiagnosis(common, version) {
  const { build } = await import('esbuild');
  const digests = await digestsOf(at('dist'), 'latchkey-diagnose.js');
  const define = { VERSION: JSON.stringify(version), DIGESTS: JSON.stringify(digests) };
  await build({ ...common, define, entryPoints: ['widget/js/diagnose.ts'], outfile: 'dist/latchkey-diagnose.js', format: 'esm' });
}

/** Imports and exports between the glue and the module. Their hashes do not compress, and they are there twice. */
const BORDER_NAMES = /^(__wb|__externref|wasm_bindgen_|signin_|\.\/latchkey_bg)/;

/** Members of the rules that options are checked against, which no other object has. */
const RULE_MEMBERS = /^(expected|hasType|hasValue|later|inside|needs)$/;

/**
 * Names for the imports in the order of the module, one letter and then two: neighbours with neighbouring names compress better
 * than the names that esbuild would choose (by about 200 bytes with brotli).
 */
async function inOrder() {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const short = [...letters, ...letters.flatMap((first) => letters.map((second) => first + second))];
  return Object.fromEntries(importNames(await readFile(at(OPTIMIZED))).map((name, index) => [name, short[index]]));
}

/**
 * Gives the module the names that esbuild has given to the glue. An export that was given none has no caller left.
 *
 * @returns {Promise<string>} the module's digest
 */
async function shortenNames(mangled) {
  const renameImport = (name) => mangled[name];
  const renameExport = (name) => (BORDER_NAMES.test(name) ? mangled[name] : name);
  const bytes = await readFile(at(OPTIMIZED));
  const module = rewriteBorder(bytes, { module: './latchkey_bg.js', renameImport, renameExport });
  await writeFile(at('dist/latchkey_bg.wasm'), module);
  return createHash('sha256').update(module).digest('base64');
}

/** Declarations of what the entries export; those of their insides stay out of the package. */
async function declare() {
  const folder = `${FOLDER}/types`;
  await rm(at(folder), { recursive: true, force: true });
  const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', 'widget/js', '--outDir', folder];
  await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '--project', '.', ...emit]);
  await rm(at('dist/types'), { recursive: true, force: true });
  const wanted = new Set(['index', 'tokens', 'react', 'diagnose', 'okta']);
  for (const name of wanted) { // grows while it is walked
    const text = await readFile(at(`${folder}/${name}.d.ts`), 'utf8');
    for (const [, imported] of text.matchAll(/from '(\.[\w./-]+)\.js'/g)) wanted.add(path.posix.join(path.posix.dirname(name), imported));
    await mkdir(at(`dist/types/${path.posix.dirname(name)}`), { recursive: true });
    await copyFile(at(`${folder}/${name}.d.ts`), at(`dist/types/${name}.d.ts`));
  }
  await writeFile(at('dist/types/style.d.ts'), '/** A style sheet: imported for its effect, where a bundler takes it. */\nexport {};\n');
  await appendFile(at('dist/types/index.d.ts'), '/** The global of `latchkey.iife.js`. */\nexport as namespace Latchkey;\n');
}

await main(buildPackage);
