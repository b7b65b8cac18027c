/** The React app as a script for a page, with the version of React that is asked for and the package as it is built. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Majors, and the folders of `node_modules` that they are in. */
const VERSIONS = { 18: ['react-18', 'react-dom-18'], 19: ['react', 'react-dom'] } as const;
export type ReactVersion = keyof typeof VERSIONS;

const at = (file: string): string => fileURLToPath(new URL(`../../../../${file}`, import.meta.url));

/** One script; `latchkey.js` is left to the page's server, and so is what it loads. */
export async function reactScript(version: ReactVersion): Promise<string> {
  const [react, dom] = VERSIONS[version];
  const { outputFiles } = await build({
    entryPoints: [at('tests/e2e/support/react/app.tsx')],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'warning',
    alias: { react: at(`node_modules/${react}`), 'react-dom': at(`node_modules/${dom}`), 'latchkey/react': at('dist/latchkey-react.js') },
    plugins: [
      {
        name: 'latchkey',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^\.\/latchkey\.js$/ }, () => ({ path: '/latchkey/latchkey.js', external: true }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/** The page around it. */
export const reactPage = (version: string, options: object): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>React</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/latchkey/latchkey.css">
    <meta name="options" content="${JSON.stringify(options).replaceAll('"', '&quot;')}">
    <script type="module" src="/react-${version}.js"></script>
  </head>
  <body>
    <main><h1>React</h1><div id="root"></div></main>
  </body>
</html>
`;
