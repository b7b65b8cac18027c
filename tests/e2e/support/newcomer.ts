/**
 * Somebody who has never seen this project and does what the README says, letter by letter: its blocks are written to the files
 * that their first lines name, its commands are run where it says. Only ports are others, so that tests can run beside one another;
 * and what npm would fetch is linked from the project's own installation, so that no network is needed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverCommand, startService } from '../../../scripts/lib/services.mjs';
import { install, output, pack } from '../../js/support/packed.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A block of code of the README. */
interface Block {
  readonly language: string;
  readonly text: string;
}

/** See the head of the file. */
export class Newcomer {
  readonly #processes: ChildProcess[] = [];
  #stop: () => Promise<void> = async () => {};

  private constructor(
    /** A clone of the project, in which things are built already. */
    readonly clone: string,
    readonly blocks: readonly Block[],
    readonly ports: { readonly server: number; readonly page: number; readonly provider: number },
  ) {}

  /** Has cloned the project, and read it. */
  static async arrives(): Promise<Newcomer> {
    const clone = await mkdtemp(path.join(tmpdir(), 'latchkey-newcomer-'));
    for (const name of ['dist', 'node_modules', 'demo-site', 'package.json']) await symlink(path.join(ROOT, name), path.join(clone, name));
    const [server = 0, page = 0, provider = 0] = await freePorts(3);
    return new Newcomer(clone, blocksOf(section(await readFile(path.join(ROOT, 'README.md'), 'utf8'))), { server, page, provider });
  }

  /** Where the page of the newcomer is. */
  get page(): string {
    return `http://localhost:${this.ports.page}/`;
  }

  /** The account that `npm start` prints. */
  static async account(): Promise<{ readonly email: string; readonly password: string }> {
    const [, email = '', password = ''] = /Account\s+(\S+), password (\S+)/.exec(await readFile(path.join(ROOT, 'scripts/start.mjs'), 'utf8')) ?? [];
    return { email, password };
  }

  /** Adds what the README says to the configuration of the demonstration, and starts its identity server with it. */
  async registers(block = this.#block('toml').text): Promise<void> {
    const config = path.join(this.clone, 'demo.toml');
    const demo = await readFile(path.join(ROOT, 'demo-site/server/demo.toml'), 'utf8');
    const own = demo
      .replace(/^database = .*$/m, `database = ${JSON.stringify(path.join(this.clone, 'demo.sqlite'))}`)
      .replace(/^template = .*$/m, `template = ${JSON.stringify(path.join(ROOT, 'demo-site/server/demo.template.html'))}`);
    await writeFile(config, this.#here(`${own}\n${block}`));
    const service = await startService(serverCommand(config), this.ports.server, { stdio: 'ignore' });
    this.#stop = () => service.stop();
  }

  /** Writes the files of `folder`, as they stand in the README. */
  async writes(folder: string): Promise<void> {
    for (const { text } of this.blocks) {
      const [, file = ''] = /^(?:<!--|\/\/) (\S+)/.exec(text) ?? [];
      if (!file.startsWith(`${folder}/`)) continue;
      await mkdir(path.dirname(path.join(this.clone, file)), { recursive: true });
      await writeFile(path.join(this.clone, file), this.#here(text));
    }
  }

  /** Runs the commands of the block that speaks of `folder`; the last one stays, since it serves the page. */
  async runs(folder: string): Promise<void> {
    const commands = this.#here(this.#block('sh', folder).text).trim().split('\n');
    // A change of folder holds for what comes after it.
    const script = commands.join(' &&\n').replace(/\bnpx (?=[^&]*$)/, 'exec npx --no-install ');
    const env = { ...process.env, PATH: `${path.join(this.clone, 'bin')}:${process.env['PATH'] ?? ''}` };
    await this.#provideNpm(folder);
    // Servers of this kind end with their terminal.
    const child = spawn('sh', ['-c', script], { cwd: this.clone, env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#processes.push(child);
    const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
    let isOver = false;
    void ended.then(() => (isOver = true));
    // Vite opens the port once to see whether it is free.
    while (!(await answers(this.page))) {
      if (isOver) throw new Error(`the commands of the README ended with ${await ended}:\n${script}`);
    }
  }

  /** Goes home; nothing is left. */
  async leaves(): Promise<void> {
    for (const { pid } of this.#processes) {
      try {
        if (pid !== undefined) process.kill(-pid);
      } catch {
        // It has ended by itself.
      }
    }
    await this.#stop();
    await rm(this.clone, { recursive: true, force: true });
  }

  /** `npm pack` and `npm install` without their network: the first really packs, the second lays out what it would. */
  async #provideNpm(folder: string): Promise<void> {
    if (!this.#block('sh', folder).text.includes('npm ')) return;
    const { file } = await pack(this.clone);
    const project = path.join(this.clone, folder);
    await install(file, project);
    await symlink(path.join(ROOT, 'node_modules/vite'), path.join(project, 'node_modules/vite'));
    await mkdir(path.join(project, 'node_modules/.bin'));
    await symlink('../vite/bin/vite.js', path.join(project, 'node_modules/.bin/vite'));
    await writeFile(path.join(project, 'package.json'), '{ "type": "module" }\n');
    await mkdir(path.join(this.clone, 'bin'));
    await writeFile(path.join(this.clone, 'bin/npm'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  }

  #block(language: string, mentioned = ''): Block {
    const found = this.blocks.find((block) => block.language === language && block.text.includes(mentioned));
    if (!found) throw new Error(`the README has no block of ${language} that speaks of ${mentioned}`);
    return found;
  }

  /** The same with the ports of this test. */
  #here(text: string): string {
    const { server, page, provider } = this.ports;
    return text
      .replaceAll(/(localhost|127\.0\.0\.1):4401/g, `$1:${server}`)
      .replaceAll('localhost:4402', `localhost:${provider}`)
      .replaceAll('localhost:8000', `localhost:${page}`)
      .replaceAll('--port 8000', `--port ${page} --strictPort`);
  }
}

const answers = (address: string): Promise<boolean> => fetch(address).then(({ ok }) => ok, () => false);

const section = (readme: string): string => readme.slice(readme.indexOf('## Embed it'), readme.indexOf('### With a backend'));

const blocksOf = (text: string): readonly Block[] => [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, text: code }));

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => new Promise<number>((resolve) => server.listen(0, () => resolve((server.address() as AddressInfo).port)))));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** What the README's version of the package is called, as `npm pack` names it. */
export const packedName = async (): Promise<string> => {
  const { version } = JSON.parse(await output(process.execPath, ['-p', 'JSON.stringify(require("./package.json"))'])) as { version: string };
  return `latchkey-${version}.tgz`;
};
