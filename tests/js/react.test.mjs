// `latchkey/react` on a server, with each version of React: a placeholder that is always the same, and not a word of warning.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, test } from 'node:test';
import { build } from 'esbuild';
import { ROOT, temporaryFolder } from './support/packed.mjs';

const SERVER = `
import { createElement, StrictMode, version } from 'react';
import { renderToString } from 'react-dom/server';
import { SignIn } from 'latchkey/react';
const page = () => createElement(StrictMode, null, createElement(SignIn, { issuer: 'https://id.example.com', clientId: 'x', redirectUri: '/callback', className: 'card' }));
console.log(JSON.stringify([version, renderToString(page()), renderToString(page())]));
`;

describe('given a server that renders the component', () => {
  for (const [react, dom] of [['react-18', 'react-dom-18'], ['react', 'react-dom']]) {
    const { version } = createRequire(import.meta.url)(`${react}/package.json`);
    test(`React ${version} gives the same empty place each time`, async (t) => {
      const folder = await temporaryFolder(t);
      const at = (name) => path.join(ROOT, 'node_modules', name);
      await build({
        stdin: { contents: SERVER, resolveDir: ROOT },
        bundle: true,
        platform: 'node',
        format: 'esm',
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
        outfile: path.join(folder, 'server.mjs'),
        logLevel: 'warning',
        alias: { react: at(react), 'react-dom': at(dom), 'latchkey/react': path.join(ROOT, 'dist/latchkey-react.js') },
      });
      const { stdout, stderr } = spawnSync(process.execPath, ['server.mjs'], { cwd: folder, encoding: 'utf8' });
      const place = '<div class="card"></div>';
      assert.deepEqual([JSON.parse(stdout), stderr], [[version, place, place], '']);
    });
  }
});
