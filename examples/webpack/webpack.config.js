// Everything else is webpack's default.
export default {
  mode: 'production',
  entry: './main.js',
  experiments: { css: true },
};
