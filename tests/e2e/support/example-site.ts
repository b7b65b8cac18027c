/**
 * The site of one built example: the files of a folder, under the strict policy, with the name of the identity server filled
 * in where the page says it, as whoever serves such a page would do. The folder may be filled later.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { contentSecurityPolicy } from '../../../demo-site/serve.mjs';

/** The folders of `examples`, each with a site of its own. */
export const EXAMPLES = ['vite', 'webpack', 'esbuild', 'script-tag'] as const;
export type Example = (typeof EXAMPLES)[number];

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** A server that is ready to listen, for people who sign in at the first issuer, or with `?issuer=1` at the second. */
export function exampleSite(folder: string, issuers: readonly string[]): Server {
  const policy = contentSecurityPolicy(issuers.map((issuer) => new URL(issuer).origin).join(' '));
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const issuer = issuers[Number(searchParams.get('issuer'))] ?? '';
    const file = path.join(folder, path.normalize(pathname === '/' ? '/index.html' : pathname));
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    readFile(file).then(
      (body) => {
        const filled = type.startsWith('text/html') ? withIssuer(String(body), issuer) : body;
        response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(filled);
      },
      () => response.writeHead(404).end(),
    );
  });
}

const withIssuer = (html: string, issuer: string): string => html.replace(/(<meta name="issuer" content=")[^"]*/, `$1${issuer}`);
