// Prepares a fresh machine: checks what must be there, installs what it may, names the way out of what it may not.
//
// Node's built-ins only, since nothing is installed yet when it runs. Everything it installs is inside the project's folder
// but two things: the wasm32 target and the standard library's sources, which rustup keeps, and (as root on Debian and
// Ubuntu, for tests) Chromium. A second run finds all of it and takes no time.
//
// usage: node scripts/setup.mjs [--tests]     --tests also wants a browser

import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask, Failure, main, ROOT, run, seconds, step } from './lib/run.mjs';
import { chromedriver, chromium, isOnPath, librarySources, TOOLS, wasmBindgen, wasmBindgenVersion } from './lib/tools.mjs';

const NODE = 20;
const TARGET = 'wasm32-unknown-unknown';

/** Everything, in the order of need. `tests` adds the browser. */
export async function setUp({ tests = false } = {}) {
  const begun = performance.now();
  checkNode();
  await checkRust();
  checkCompiler();
  await addTarget();
  await addSources();
  await installWasmBindgen();
  await installPackages();
  if (tests) await installBrowser();
  console.log(`✓ set-up is complete (${seconds(performance.now() - begun)})`);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE) throw new Failure(`Node ${NODE} or newer is needed, this is ${process.version}: https://nodejs.org`);
  console.log(`✓ Node ${process.versions.node}`);
}

/** rustup fetches the toolchain of rust-toolchain.toml when cargo is asked for anything, unless it was told not to. */
async function checkRust() {
  if (!isOnPath('cargo')) {
    throw new Failure('Rust is needed: install it from https://rustup.rs, then open a new terminal so that `cargo` is on PATH');
  }
  if (ask('cargo', '--version') === undefined && ask('rustup', '--version')) {
    const [, channel] = /^channel = "(.+)"/m.exec(readFileSync(path.join(ROOT, 'rust-toolchain.toml'), 'utf8')) ?? [];
    const install = ['toolchain', 'install', channel, '--profile', 'minimal', '--component', 'clippy,rust-src,rustfmt', '--target', TARGET];
    await step(`installing Rust ${channel}`, () => run('rustup', install));
  }
  await run('cargo', ['--version']);
}

function checkCompiler() {
  const compiler = process.env.CC ?? 'cc';
  if (ask(compiler, '--version') === undefined) {
    throw new Failure(
      `a C compiler is needed for SQLite and the server's cryptography, and \`${compiler}\` does not run: ` +
        '`apt-get install build-essential` (Debian, Ubuntu), `dnf install gcc` (Fedora), `xcode-select --install` (macOS)',
    );
  }
  console.log('✓ C compiler');
}

async function addTarget() {
  const library = ask('rustc', '--print', 'target-libdir', '--target', TARGET);
  if (library && existsSync(library)) return console.log(`✓ Rust target ${TARGET}`);
  if (!ask('rustup', '--version')) {
    throw new Failure(`this Rust has no target ${TARGET} and there is no rustup to add it: install Rust with rustup, https://rustup.rs`);
  }
  await step(`adding the Rust target ${TARGET}`, () => run('rustup', ['target', 'add', TARGET]));
}

/** The build compiles the standard library with the widget, for size. */
async function addSources() {
  if (librarySources()) return console.log('✓ sources of the Rust standard library');
  if (!ask('rustup', '--version')) {
    throw new Failure('this Rust lacks the sources of its standard library and there is no rustup to add them: install Rust with https://rustup.rs');
  }
  await step('adding the sources of the Rust standard library', () => run('rustup', ['component', 'add', 'rust-src']));
}

/** The command-line tool must be of the same version as the library that Cargo.lock fixes. */
async function installWasmBindgen() {
  const version = wasmBindgenVersion();
  const isComplete = () => wasmBindgen() && wasmBindgen('wasm-bindgen-test-runner');
  if (isComplete()) return console.log(`✓ wasm-bindgen ${version}`);
  // Its own target folder is a temporary one, so that nothing here is rebuilt because of it.
  const install = ['install', 'wasm-bindgen-cli', '--version', version, '--root', TOOLS, '--force'];
  await step(`installing wasm-bindgen ${version} into .cache/tools (some minutes, once)`, () => run('cargo', install));
  if (!isComplete()) throw new Failure(`wasm-bindgen ${version} was installed and does not run: delete .cache/tools and try again`);
}

async function installPackages() {
  const lock = path.join(ROOT, 'package-lock.json');
  const installed = path.join(ROOT, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return console.log('✓ npm packages');
  await step('installing the npm packages of package-lock.json', () => run('npm', ['ci']));
}

/** Chromium and its driver; the driver runs the widget's own tests, the browser the whole sign-ins. */
async function installBrowser() {
  if (!chromium() || !chromedriver()) await installChromium();
  console.log(`✓ ${ask(chromium(), '--version')?.split(' built')[0] ?? chromium()}`);
}

async function installChromium() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/etc/debian_version')) {
    throw new Failure(
      'the tests need Chromium and its driver: `sudo apt-get install chromium chromium-driver` (Debian), ' +
        '`sudo apt-get install chromium-browser chromium-chromedriver` (Ubuntu), `brew install --cask chromium chromedriver` (macOS); ' +
        'or name your own in the variables CHROMIUM and CHROMEDRIVER',
    );
  }
  await step('installing Chromium and its driver', async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '--quiet'], { env });
    await run('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium', 'chromium-driver'], { env });
  });
  if (!chromium() || !chromedriver()) throw new Failure('Chromium was installed and is not on PATH: name it in CHROMIUM and CHROMEDRIVER');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(() => setUp({ tests: process.argv.includes('--tests') }));
}
