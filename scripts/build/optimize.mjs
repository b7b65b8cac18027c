// What makes the WebAssembly small: what cargo is told in the build, and wasm-opt in the build and when its result is weighed.

// The standard library that rustup brings is compiled for speed, formats every panic's message and place, and keeps all
// that printing needs: a tenth of what visitors would download. Here it is compiled with the rest, for size, and a panic is
// nothing but a trap: no hook runs, and `{:?}` prints nothing, in release builds of the widget only. The page learns of the
// trap itself (build/glue.mjs); what gets lost is the name of the source line.
//
// None of it is stable Rust: RUSTC_BOOTSTRAP lets a stable toolchain take these flags, whose names and meaning another
// version may change. So rust-toolchain.toml names one version exactly, and who moves it on builds and runs
// tests/e2e/crash.spec.ts; a flag that has gone stops the build and breaks nothing silently. If all of it has to go, the
// widget works as before and is 14 KB (brotli) larger.
export const SMALL = {
  cargo: [
    '-Zbuild-std=std,panic_abort',
    '-Zbuild-std-features=optimize_for_size',
    '-Zpanic-immediate-abort',
    ...['--config', 'profile.wasm.panic="immediate-abort"'],
  ],
  rustc: ['-Zfmt-debug=none', '-Zlocation-detail=none'],
  env: { RUSTC_BOOTSTRAP: '1' },
};

// What Rust's target has on by default since 1.82 and 1.87. Every browser of the last four years knows them; wasm-opt must
// be told, since a stripped module does not say so itself.
const FEATURES = ['bulk-memory', 'mutable-globals', 'multivalue', 'nontrapping-float-to-int', 'reference-types', 'sign-ext'];

// Inlining and sharing of subexpressions make the module smaller and less alike in itself: with brotli it is five per cent
// larger for it. LLVM has inlined before, where that makes it smaller.
const SKIP = ['inlining-optimizing', 'local-cse'];

// Memory is the module's own and begins as zeros; its first kilobyte is the end of the stack, where no static lies.
const MEMORY = ['--low-memory-unused', '--zero-filled-memory'];

/** The arguments, without input and output. */
export const OPTIMIZE = [
  '-Oz',
  ...MEMORY,
  ...SKIP.map((pass) => `--skip-pass=${pass}`),
  '--strip-producers',
  ...FEATURES.map((feature) => `--enable-${feature}`),
];
