// Builds the npm package's files into dist/: latchkey.js, latchkey_bg.wasm, latchkey.css, types/.
//
// cargo → wasm-bindgen → wasm-opt, then esbuild for script and style, then tsc for the declarations. What has not changed
// is not done again: cargo knows that of itself, the two slow steps after it are skipped when what they are made from is
// the same, and the others take less time than finding out. Set-up (scripts/setup.mjs) must have run once.

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { wrapGlue } from './build/glue.mjs';
import { OPTIMIZE } from './build/optimize.mjs';
import { isThere, main, ROOT, run, Failure, step } from './lib/run.mjs';
import { sizesOf, sizeTable } from './lib/sizes.mjs';
import { wasmBindgen, wasmBindgenVersion } from './lib/tools.mjs';

const TARGET = 'wasm32-unknown-unknown';
const WASM = 'dist/latchkey_bg.wasm';
const GLUE = '.cache/build/bindings.js';
const STAMP = '.cache/build/stamp';

const at = (file) => path.join(ROOT, file);

await main(async () => {
  await Promise.all(['dist', '.cache/build'].map((folder) => mkdir(at(folder), { recursive: true })));
  await step('WebAssembly', buildWasm);
  await step('script and style', bundle);
  await step('declarations', declare);
  const files = ['latchkey.js', 'latchkey_bg.wasm', 'latchkey.css'];
  console.log(`\n${sizeTable(files.map((name) => ({ name, sizes: sizesOf(at(`dist/${name}`)) })))}`);
});

async function buildWasm() {
  await run('cargo', ['build', '--profile', 'wasm', '--target', TARGET, '--package', 'latchkey-widget', '--lib']);
  const compiled = `target/${TARGET}/wasm/latchkey_widget.wasm`;
  const stamp = await stampOf(compiled, 'scripts/build.mjs', 'scripts/build/glue.mjs', 'scripts/build/optimize.mjs', 'package-lock.json');
  if (isThere(WASM) && isThere(GLUE) && (await readIfThere(STAMP)) === stamp) return console.log('  unchanged');
  await bind(compiled);
  await run(process.execPath, [at('node_modules/binaryen/bin/wasm-opt'), ...OPTIMIZE, '.cache/build/latchkey_bg.wasm', '-o', WASM]);
  await writeFile(at(STAMP), stamp);
}

/** Writes glue and module to .cache/build. */
async function bind(compiled) {
  const program = wasmBindgen();
  if (!program) throw new Failure(`wasm-bindgen ${wasmBindgenVersion()} is not there: run \`npm run setup\``);
  const folder = '.cache/build';
  await run(program, ['--target', 'web', '--no-typescript', '--out-name', 'latchkey', '--out-dir', folder, compiled]);
  await writeFile(at(GLUE), wrapGlue(await readFile(at(`${folder}/latchkey.js`), 'utf8')));
}

async function stampOf(...files) {
  const hash = createHash('sha256').update(wasmBindgenVersion());
  for (const file of files) hash.update(await readFile(at(file)));
  return hash.digest('hex');
}

const readIfThere = (file) => readFile(at(file), 'utf8').catch(() => undefined);

async function bundle() {
  const { build } = await import('esbuild');
  const { version, license } = JSON.parse(await readFile(at('package.json'), 'utf8'));
  const common = { absWorkingDir: ROOT, bundle: true, minify: true, charset: 'utf8', logLevel: 'warning' };
  const notice = `/*! Latchkey ${version}, ${license} */`;
  await build({
    ...common,
    entryPoints: ['widget/js/index.ts'],
    outfile: 'dist/latchkey.js',
    format: 'esm',
    target: 'es2022',
    banner: { js: notice },
    plugins: [{ name: 'bindings', setup: ({ onResolve }) => onResolve({ filter: /\/bindings\.js$/ }, () => ({ path: at(GLUE) })) }],
  });
  await build({ ...common, entryPoints: ['styles/index.css'], outfile: 'dist/latchkey.css', banner: { css: notice } });
}

/** Declarations of what index.ts exports; those of its insides stay out of the package. */
async function declare() {
  const folder = '.cache/build/types';
  await rm(at(folder), { recursive: true, force: true });
  const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', folder];
  await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '--project', '.', ...emit]);
  await rm(at('dist/types'), { recursive: true, force: true });
  await mkdir(at('dist/types'), { recursive: true });
  const wanted = new Set(['index']);
  for (const name of wanted) { // grows while it is walked
    const text = await readFile(at(`${folder}/${name}.d.ts`), 'utf8');
    for (const [, imported] of text.matchAll(/from '\.\/([\w-]+)\.js'/g)) wanted.add(imported);
    await copyFile(at(`${folder}/${name}.d.ts`), at(`dist/types/${name}.d.ts`));
  }
}
