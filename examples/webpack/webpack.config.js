// Everything else is webpack's default.
export default {
  mode: 'production',
  entry: './main.js',
  // As a module, parts that are loaded later come by `import()`. Without it webpack sets `script.src`, which works too, but not on
  // a page that enforces Trusted Types.
  output: { module: true },
  experiments: { css: true, outputModule: true },
};
