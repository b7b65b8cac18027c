/**
 * The site of one built example: the files of a folder, under the strict policy, with the name of the identity server filled
 * in where the page says it, as whoever serves such a page would do. An address that names no file is the page's own. The folder may be filled later.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { contentSecurityPolicy } from '../../../demo-site/serve.mjs';
import { install, output, pack, ROOT } from '../../js/support/packed.mjs';

/** The folders of `examples` with nothing but a sign-in on a page. */
export const SIMPLE_EXAMPLES = ['vite', 'webpack', 'esbuild', 'script-tag', 'react', 'vue', 'svelte', 'angular'] as const;
/** All that are built, each with a site of its own. */
export const EXAMPLES = [...SIMPLE_EXAMPLES, 'spa'] as const;
export type Example = (typeof EXAMPLES)[number];

/** Builds it into `folder` as a customer would: from the packed package, by its own build script. */
export async function buildExample(name: Example, folder: string): Promise<void> {
  const sources = path.join(path.dirname(folder), `${name}-sources`);
  await cp(path.join(ROOT, 'examples', name), sources, { recursive: true });
  await install((await pack(sources)).file, sources);
  await linkDependencies(sources);
  // The bundlers are those of the project; an installation would put them into the folder of the example.
  const programs = INSTALLATIONS.map((folder) => path.join(folder, '.bin'));
  const env = { ...process.env, PATH: [...programs, process.env['PATH']].join(path.delimiter) };
  await output('npm', ['run', 'build'], { cwd: sources, env });
  await cp(path.join(sources, 'dist'), folder, { recursive: true });
}

/** What else the example names, from the project's own installation; in the same versions, which a test of `tests/js` looks after. */
async function linkDependencies(sources: string): Promise<void> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(await readFile(path.join(sources, 'package.json'), 'utf8')) as Manifest;
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const place = path.join(sources, 'node_modules', name);
    await mkdir(path.dirname(place), { recursive: true });
    const installed = INSTALLATIONS.map((folder) => path.join(folder, name)).find((folder) => existsSync(folder));
    if (name !== 'latchkey' && installed) await symlink(installed, place);
  }
}

/** Angular's compiler wants another TypeScript than the project; a name that is in both is taken from the former. */
const INSTALLATIONS = ['tests/angular/node_modules', 'node_modules'].map((folder) => path.join(ROOT, folder));

interface Manifest {
  readonly dependencies?: object;
  readonly devDependencies?: object;
}

/** Frameworks that make a policy for Trusted Types have to be named in the page's; the widget makes none. */
const TRUSTED_TYPES: Readonly<Partial<Record<Example, string>>> = { vue: 'vue', svelte: 'svelte-trusted-html', angular: 'angular' };

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** A server that is ready to listen, for people who sign in at the first issuer, or with `?issuer=1` at the second. */
export function exampleSite(name: Example, folder: string, issuers: readonly string[]): Server {
  const strict = contentSecurityPolicy(issuers.map((issuer) => new URL(issuer).origin).join(' '));
  const policy = strict.replace("trusted-types 'none'", `trusted-types ${TRUSTED_TYPES[name] ?? "'none'"}`);
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const issuer = issuers[Number(searchParams.get('issuer'))] ?? '';
    const file = path.join(folder, path.normalize(path.extname(pathname) ? pathname : '/index.html'));
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
