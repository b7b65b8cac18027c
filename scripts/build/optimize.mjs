// What wasm-opt is told, in the build and when its result is weighed.

// What Rust's target has on by default since 1.82 and 1.87. Every browser of the last four years knows them; wasm-opt must
// be told, since a stripped module does not say so itself.
const FEATURES = ['bulk-memory', 'mutable-globals', 'multivalue', 'nontrapping-float-to-int', 'reference-types', 'sign-ext'];

// Inlining and sharing of subexpressions make the module smaller and less alike in itself: with brotli it is five per cent
// larger for it. LLVM has inlined before, where that makes it smaller.
const SKIP = ['inlining-optimizing', 'local-cse'];

/** The arguments, without input and output. */
export const OPTIMIZE = [
  '-Oz',
  ...SKIP.map((pass) => `--skip-pass=${pass}`),
  '--strip-producers',
  ...FEATURES.map((feature) => `--enable-${feature}`),
];
