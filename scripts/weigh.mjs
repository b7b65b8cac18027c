// Says which part of the code the WebAssembly's bytes come from: `npm run weigh`, after `npm run build`.
//
// The module is optimised a second time with its names kept, the size of each function is put on the account of the crate
// that its name begins with, and the table is printed. Generic code of a crate counts as that crate's, wherever it was
// instantiated: so "leptos" holds our views too, as far as they are types of the framework. `--all REGEX` lists the
// functions of an account.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { OPTIMIZE } from './build/optimize.mjs';
import { weighModule } from './build/wasm.mjs';
import { Failure, isThere, main, ROOT, run } from './lib/run.mjs';

const MODULE = '.cache/build/trimmed.wasm';

/** In order: the first that matches takes it. Names are as the linker demangles them. */
const ACCOUNTS = [
  ['core (ours)', /latchkey_core/],
  ['widget (ours)', /latchkey_widget|^(start$|signin_)/],
  ['leptos', /\b(leptos\w*|tachys|reactive_graph|reactive_stores|any_spawner|either_of|hydration_context|oco_ref|throw_error|server_fn|next_tuple|or_poisoned|guardian|slotmap|send_wrapper)\b/],
  ['browser bindings', /\b(wasm_bindgen\w*|js_sys|web_sys|gloo_\w+|wasm_streams|getrandom)\b|__wbg|__wbindgen|externref/],
  ['serde_json', /\b(serde\w*|ryu|itoa|zmij|memchr)\b/],
  ['sha2, base64', /\b(sha2|digest|block_buffer|generic_array|hybrid_array|crypto_common|base64\w*)\b/],
  ['futures', /\b(futures\w*|async_\w+|pin_project\w*)\b/],
  ['allocator', /\b(dlmalloc|__rust_alloc|__rust_dealloc|__rust_realloc|__rdl_\w+)\b/],
  ['std', /\b(core|alloc|std|hashbrown|compiler_builtins|rustc_demangle|__rust\w*)\b|^mem(cpy|set|move|cmp)$/],
];

/** `<A as B>::c` and `a::b::c` alike begin with the crate that wrote the code; what drops a value is of the value's crate. */
const accountOf = (name) => {
  const first = /^(?:core::ptr::drop_in_place|[<&(*[\s]|dyn |mut |const )*(\w+)/.exec(name)?.[1] ?? name;
  return (ACCOUNTS.find(([, pattern]) => pattern.test(first)) ?? ACCOUNTS.find(([, pattern]) => pattern.test(name)))?.[0] ?? 'other';
};

async function weigh() {
  const { values } = parseArgs({ options: { all: { type: 'string' } } });
  if (!isThere(MODULE)) throw new Failure('there is no module to weigh: run `npm run build`');
  const { functions, data, other } = weighModule(await optimizeWithNames());
  if (functions.every(({ name }) => name.startsWith('function '))) throw new Failure('the module has no names: is `strip` set in [profile.wasm]?');
  if (values.all) return list(functions, new RegExp(values.all));
  const sums = new Map();
  for (const { name, size } of functions) sums.set(accountOf(name), (sums.get(accountOf(name)) ?? 0) + size);
  const rows = [...sums, ['data (texts, tables)', data], ['imports, exports, types', other]].sort(([, a], [, b]) => b - a);
  const total = rows.reduce((sum, [, size]) => sum + size, 0);
  const line = (name, size) => `${name.padEnd(26)}${String(size).padStart(8)}  ${((size / total) * 100).toFixed(1).padStart(5)} %`;
  console.log([...rows, ['together', total]].map(([name, size]) => line(name, size)).join('\n'));
}

async function optimizeWithNames() {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-weigh-'));
  const named = path.join(folder, 'named.wasm');
  await run(process.execPath, [path.join(ROOT, 'node_modules/binaryen/bin/wasm-opt'), ...OPTIMIZE, '-g', MODULE, '-o', named]);
  const bytes = await readFile(named);
  await rm(folder, { recursive: true });
  return bytes;
}

function list(functions, pattern) {
  const wanted = functions.filter(({ name }) => pattern.test(accountOf(name)) || pattern.test(name));
  for (const { name, size } of wanted.sort((a, b) => b.size - a.size)) console.log(String(size).padStart(7), accountOf(name).padEnd(18), name);
}

await main(weigh);
