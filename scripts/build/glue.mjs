// Turns wasm-bindgen's glue (`--target web`), an ES module with state of its own, into a function `createBindings`.
//
// Each call gives a scope of its own to one WebAssembly instance. That is what makes a crash survivable: with
// `panic = "abort"` an instance that has panicked is dead, the page needs a fresh one, and nothing of the old one may reach
// it. The shape of the result is described in widget/js/bindings.d.ts.
//
// What nobody uses is left out: the loader, since widget/js/load-wasm.ts does its work, and classes and imports that come with
// crates of which only a part is used. Whatever in the glue is not as expected here stops the build: wasm-bindgen's version
// is fixed by Cargo.lock, so that happens on an upgrade only.

import { build } from 'esbuild';
import { putBack } from './powers.mjs';

/** Functions that load the module; they stand at the margin, so each ends with the first brace that does. */
const LOADER = ['__wbg_finalize_init', '__wbg_load', 'initSync', '__wbg_init', '__wbg_init_once'];

/**
 * The glue without its loader, and without exported classes that nothing else in it mentions.
 *
 * @param {string} glue the text of the file that wasm-bindgen wrote
 */
export function trimGlue(glue) {
  if (/^import /m.test(glue)) throw changed('it imports snippets, which are not known here');
  let trimmed = glue;
  for (const name of LOADER) trimmed = cut(trimmed, new RegExp(`^(?:async )?function ${name}\\([^]*?^}\\n`, 'm'), name);
  trimmed = cut(trimmed, /^let __wbg_init_promise;\n/m, 'the promise of the loader');
  trimmed = cut(trimmed, /^export \{ initSync, __wbg_init as default \};\n/m, 'the last export');
  trimmed = cut(trimmed, /^let wasmModule, wasmInstance, wasm;\n/m, 'the state of the module');
  for (const [, name] of glue.matchAll(/^export class (\w+) \{/gm)) trimmed = cutUnusedClass(trimmed, name);
  return trimmed;
}

/** The names of the exports of the module that this glue uses. */
export const usedExports = (glue) => new Set(['memory', '__wbindgen_start', ...[...glue.matchAll(/\bwasm\.(\w+)/g)].map(([, name]) => name)]);

/**
 * The function `createBindings`, as an ES module.
 *
 * @param {string} glue as trimmed above
 * @param {readonly string[]} imports what the module still wants to import
 * @param {number} powers the address of a table that the build has taken out
 */
export async function wrapGlue(glue, imports, powers) {
  const wanted = new Set(imports);
  const lean = shorten(glue.replace(/^ {8}(\w+): function\([^]*?^ {8}\}(?:, arguments\); \})?,\n/gm, (entry, name) => (wanted.has(name) ? entry : '')));
  const missing = imports.find((name) => !lean.includes(`        ${name}: `));
  if (missing) throw changed(`${missing} is imported and not there`);
  const body = await shake(lean);
  // The parameter of the same name takes its place: requests can go through a function of the page.
  if (!/\bfetch\(/.test(body)) throw changed('it calls no `fetch`');
  if (/^export |import\.meta/m.test(body)) throw changed('there is an export, or an address, that is not known');
  return `export function createBindings(onTrap, fetch) {\n${body}\n${FOOT.replace('PUT_BACK', putBack(powers))}}\n`;
}

/**
 * The same in fewer bytes: arrow functions, one wrapper for imports that may throw, no stand-ins for what every browser with
 * `'wasm-unsafe-eval'` has.
 */
function shorten(glue) {
  const patterns = [
    [/^( {8}\w+: )function\(\) \{ return handleError\(function \(([^)]*)\) (\{[^]*?^ {8}\}), arguments\); \},$/gm, '$1handleError(($2) => $3),'],
    [/^( {8}\w+: )function\(([^)]*)\) \{$/gm, '$1($2) => {'],
    [/^ {12}let result;\n {12}try \{\n {16}result = (arg0 instanceof \w+);\n[^]*?const ret = result;$/gm, '            const ret = $1;'],
    [/\(typeof FinalizationRegistry === 'undefined'\)\n.*\n +: /g, ''],
    [/^if \(Symbol\.dispose\) .*\n/gm, ''],
    [/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?^\}\n/gm, ''],
    [/^ {4}if \(realloc === undefined\) \{[^]*?^ {4}\}\n/gm, ''],
    [/^function handleError\(f, args\) \{[^]*?^\}\n/gm, HANDLE_ERROR],
  ];
  const short = patterns.reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text)) throw changed(`${pattern} is nowhere`);
    return text.replace(pattern, replacement);
  }, glue);
  if (/\barguments\b(?!: )/.test(short)) throw changed('a function looks at its `arguments`, which arrow functions have not');
  return short;
}

const HANDLE_ERROR = `function handleError(f) {
  return (...args) => {
    try {
      return f(...args);
    } catch (e) {
      wasm.__wbindgen_exn_store(addToExternrefTable0(e));
    }
  };
}
`;

/** Leaves out the functions that nothing calls any more; esbuild does that for a module and not for a function's inside. */
async function shake(glue) {
  const contents = `${glue}\nexport { __wbg_get_imports };\nlet wasm;\nexport function setWasm(value) { wasm = value; }\n`.replace(
    /^export class /gm,
    'class ',
  );
  const { outputFiles } = await build({ stdin: { contents }, bundle: true, format: 'esm', target: 'es2022', write: false });
  return cut(outputFiles[0].text, /^export \{[^}]*\};\n/m, 'the exports of the glue');
}

// An exception that leaves an export has passed WebAssembly frames without running their destructors, be it a trap or an
// exception of a DOM call: either way the instance is done for. Once detached, `wasm` is an object that takes every call and
// every member and does nothing, for the listeners, timers and finalizers which the dead instance has left behind; results
// that the glue looks into (`ret[1]`) say "no error", and the memory stays, because views are made of it.
const FOOT = `
let memory;
const inert = new Proxy(() => {}, {
  apply: () => inert,
  get: (_, key) => key === 'memory' ? memory : typeof key === 'symbol' ? () => 0 : key >= 0 ? 0 : inert,
});
const guard = (call) => (...values) => {
  try {
    return call(...values);
  } catch (cause) {
    setWasm(inert);
    onTrap(cause);
    return inert;
  }
};
return {
  imports: __wbg_get_imports(),
  attach({ exports }) {
    memory = exports.memory;
    PUT_BACK
    const guarded = {};
    for (const name in exports) guarded[name] = typeof exports[name] === 'function' ? guard(exports[name]) : exports[name];
    setWasm(guarded);
    wasm.__wbindgen_start();
  },
  detach: () => setWasm(inert),
  start,
};
`;

function cutUnusedClass(glue, name) {
  const parts = [
    new RegExp(`^export class ${name} \\{[^]*?^}\\n`, 'm'),
    new RegExp(`^if \\(Symbol\\.dispose\\) ${name}\\.prototype.*\\n`, 'm'),
    new RegExp(`^const ${name}Finalization = [^]*?;\\n(?=\\S|\\n)`, 'm'),
  ];
  const without = parts.reduce((text, part) => cut(text, part, `a part of the class ${name}`), glue);
  return new RegExp(`\\b${name}\\b`).test(without) ? glue : without;
}

function cut(text, pattern, what) {
  if (!pattern.test(text)) throw changed(`${what} was not found`);
  return text.replace(pattern, '');
}

const changed = (how) => new Error(`the glue of wasm-bindgen has changed: ${how}`);
