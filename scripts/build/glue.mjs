// Turns wasm-bindgen's glue (`--target web`), an ES module with state of its own, into a function `createBindings`.
//
// Each call gives a scope of its own to one WebAssembly instance. That is what makes a crash survivable: with
// `panic = "abort"` an instance that has panicked is dead, the page needs a fresh one, and nothing of the old one may reach
// it. The shape of the result is described in widget/js/bindings.d.ts. The loader of the glue is left out, since
// widget/js/load-wasm.ts does its work. Whatever in the glue is not as expected here stops the build: wasm-bindgen's version
// is fixed by Cargo.lock, so that happens on an upgrade only.

/** Functions that load the module; they stand at the margin, so each ends with the first brace that does. */
const LOADER = ['__wbg_finalize_init', '__wbg_load', 'initSync', '__wbg_init', '__wbg_init_once'];

/** @param {string} glue the text of the file that wasm-bindgen wrote */
export function wrapGlue(glue) {
  refuse(glue, /^import /m, 'it imports snippets, which the wrapping does not know');
  let body = glue;
  for (const name of LOADER) body = cut(body, new RegExp(`^(?:async )?function ${name}\\([^]*?^}\\n`, 'm'), name);
  body = cut(body, /^let __wbg_init_promise;\n/m, 'the promise of the loader');
  body = cut(body, /^export \{ initSync, __wbg_init as default \};\n/m, 'the last export');
  body = cut(body, /^let wasmModule, wasmInstance, wasm;\n/m, 'the state of the module');
  body = body.replace(/^export (?=class |function )/gm, '');
  refuse(body, /^export |import\.meta/m, 'there is an export, or an address, that is not known');
  return `export function createBindings(onTrap) {\nlet wasm;\n${body}\n${FOOT}}\n`;
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
    wasm = inert;
    onTrap(cause);
    return inert;
  }
};
return {
  imports: __wbg_get_imports(),
  attach({ exports }) {
    memory = exports.memory;
    wasm = {};
    for (const name in exports) wasm[name] = typeof exports[name] === 'function' ? guard(exports[name]) : exports[name];
    wasm.__wbindgen_start();
  },
  detach() {
    wasm = inert;
  },
  start,
};
`;

function cut(text, pattern, what) {
  if (!pattern.test(text)) throw new Error(`the glue of wasm-bindgen has changed: ${what} was not found`);
  return text.replace(pattern, '');
}

function refuse(text, pattern, why) {
  if (pattern.test(text)) throw new Error(`the glue of wasm-bindgen has changed: ${why}`);
}
