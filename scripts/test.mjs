// `npm test`: set-up, then every suite, one after the other, and a table of what came out.
//
// usage: npm test                 all of them
//        npm test -- e2e size     those whose names are given, and the builds that they need

import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure, isThere, main, ROOT, run, runForCode, seconds } from './lib/run.mjs';
import { chromedriver, chromium, wasmBindgen } from './lib/tools.mjs';
import { setUp } from './setup.mjs';

const NODE = process.execPath;

/** In the order in which a mistake is found soonest. `needs` are suites without which this one cannot run. */
const SUITES = [
  { name: 'rust', title: 'Rust on the host', work: () => run('cargo', ['test', '--workspace']) },
  { name: 'wasm', title: 'Rust in the browser', work: testInBrowser },
  { name: 'build', title: 'the npm package', work: () => run(NODE, ['scripts/build.mjs']) },
  // As the first suite builds them: whoever builds the programs alone has libraries with fewer features, and builds those again.
  { name: 'server', title: 'the identity server and the web app', work: () => run('cargo', ['test', '--workspace', '--no-run']) },
  { name: 'size', title: 'byte budget', needs: ['build'], work: () => run(NODE, ['scripts/size.mjs']) },
  { name: 'js', title: 'JavaScript', needs: ['build'], work: () => nodeTests('tests/js') },
  { name: 'e2e', title: 'whole sign-ins in the browser', needs: ['build', 'server'], work: testSignIns },
  { name: 'interop', title: 'clients that are not ours', needs: ['build', 'server'], work: () => nodeTests('tests/interop') },
];

async function runSuites() {
  await setUp({ tests: true });
  const results = [];
  for (const suite of chosen(process.argv.slice(2))) results.push(await runSuite(suite, results));
  console.log(`\n${table(results)}`);
  const failed = results.filter(({ outcome }) => outcome !== 'passed').length;
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

function chosen(names) {
  const unknown = names.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown) throw new Failure(`there is no suite \`${unknown}\`: ${SUITES.map(({ name }) => name).join(', ')}`);
  const isWanted = ({ name }) => names.includes(name) || SUITES.some((suite) => names.includes(suite.name) && suite.needs?.includes(name));
  return names.length === 0 ? SUITES : SUITES.filter(isWanted);
}

/** A suite whose needs have failed is not run, and counts as failed: nothing has been shown. */
async function runSuite({ name, title, needs = [], work }, earlier) {
  console.log(`\n━━ ${title} ${'━'.repeat(Math.max(0, 70 - title.length))}`);
  const begun = performance.now();
  const finish = (outcome) => ({ name, title, outcome, time: performance.now() - begun });
  const broken = needs.find((need) => earlier.find((result) => result.name === need)?.outcome !== 'passed');
  if (broken) return finish(`not run: ${broken} failed`);
  try {
    await work();
    return finish('passed');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`✗ ${error.message}`);
    return finish('failed');
  }
}

function table(results) {
  const line = ({ title, outcome, time }) => `${title.padEnd(34)}${outcome.padEnd(26)}${seconds(time).padStart(9)}`;
  return results.map(line).join('\n');
}

/** wasm-bindgen's runner starts the driver, which starts Chromium as this file says. */
async function testInBrowser() {
  const capabilities = { 'goog:chromeOptions': { binary: chromium(), args: [...BROWSER_FLAGS, ...sandboxFlags()] } };
  const file = path.join(ROOT, '.cache/webdriver.json');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(capabilities));
  const env = {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: wasmBindgen('wasm-bindgen-test-runner'),
    CHROMEDRIVER: chromedriver(),
    WASM_BINDGEN_TEST_ONLY_WEB: '1',
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: file,
  };
  await run('cargo', ['test', '--target', 'wasm32-unknown-unknown', '--package', 'latchkey-widget'], { env });
}

const BROWSER_FLAGS = ['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking'];

/** Chromium's sandbox does not start as root, which is what one is in most containers. */
const sandboxFlags = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

async function nodeTests(folder) {
  const files = isThere(folder) ? readdirSync(path.join(ROOT, folder)).filter((file) => file.endsWith('.test.mjs')) : [];
  if (files.length === 0) throw new Failure(`${folder} has no tests`);
  await run(NODE, ['--test', '--test-reporter=spec', ...files.map((file) => `${folder}/${file}`)]);
}

async function testSignIns() {
  const code = await runForCode(NODE, ['node_modules/@playwright/test/cli.js', 'test', '--config', 'tests/e2e'], {
    env: { CHROMIUM: chromium() },
  });
  if (code !== 0) throw new Failure('some sign-ins failed; screenshots are in test-results');
}

await main(runSuites);
