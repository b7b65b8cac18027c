// The widget against recorded answers of other servers, by a runner that lies beside the project.
//
// The runner gives each click 280 ms. On a machine that has other work too, that is too short for some of some two thousand
// checks, so the answers with a fault are asked once more, one at a time, and count as they come out then. What must never
// happen counts in both runs.
//
// usage: node scripts/conformance.mjs FOLDER [--min PERCENT] [--whole PERCENT] [--never "check,check"]

import { spawnSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, main, ROOT } from './lib/run.mjs';
import { chromium } from './lib/tools.mjs';

const string = { type: 'string' };
const { values: options, positionals } = parseArgs({
  options: { min: { ...string, default: '99' }, whole: { ...string, default: '95' }, never: { ...string, default: '' } },
  allowPositionals: true,
});

async function conform() {
  const folder = path.resolve(positionals[0] ?? '');
  await mkdir(path.join(ROOT, '.cache'), { recursive: true });
  const first = await ask(folder, 'first', ['--jobs', '3']);
  const faulty = first.filter(hasFault).map(({ name }) => name);
  const again = faulty.length > 0 ? await ask(folder, 'again', ['--jobs', '1', '--verbose', '--only', `^(${faulty.join('|')})$`]) : [];
  const latest = new Map([...first, ...again].map((result) => [result.name, result]));
  judge([...latest.values()], [...first, ...again]);
}

const hasFault = ({ checks }) => checks.some(({ ok }) => !ok);

/** Runs the runner; its own verdict does not count here, what it has written does. */
async function ask(folder, name, more) {
  const out = path.join(ROOT, `.cache/conformance-${name}.json`);
  const fixed = ['--corpus', path.join(folder, '../corpus/idx'), '--page', path.join(folder, 'latchkey.html'), '--root', 'dist', '--modules', '.'];
  const env = { ...process.env, CHROMIUM: chromium() };
  spawnSync(process.execPath, [path.join(folder, 'run.mjs'), ...fixed, '--out', out, ...more], { cwd: ROOT, env, stdio: 'inherit' });
  return JSON.parse(await readFile(out, 'utf8'));
}

function judge(results, all) {
  const checks = results.flatMap((result) => result.checks);
  const passed = checks.filter(({ ok }) => ok).length;
  const whole = results.filter((result) => !hasFault(result)).length;
  const never = new Set(options.never.split(',').filter(Boolean));
  const broken = all.filter((result) => result.checks.some(({ what, ok }) => !ok && never.has(what))).map(({ name }) => name);
  const share = (part, total) => (100 * part) / Math.max(1, total);
  console.log(`\nchecks ${passed}/${checks.length} (${share(passed, checks.length).toFixed(1)} %), answers without a fault ${whole}/${results.length}`);
  if (broken.length > 0) throw new Failure(`must never happen, and did: ${[...new Set(broken)].join(' ')}`);
  if (share(passed, checks.length) < Number(options.min)) throw new Failure(`fewer than ${options.min} % of the checks passed`);
  if (share(whole, results.length) < Number(options.whole)) throw new Failure(`fewer than ${options.whole} % of the answers are without a fault`);
}

await main(conform);
