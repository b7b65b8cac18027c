#!/usr/bin/env node
// The package's command, for those who set it up: `npx latchkey csp --options FILE`, `npx latchkey check-okta-config FILE`. What a
// command does is in a file of its own; here are only the arguments. What the person can mend is one line on stderr, and the exit
// code 1 or, for a wrong call, 2.

import { parseArgs } from 'node:util';
import { checkOktaConfig, Mistake as ConfigMistake } from './check-okta-config.mjs';
import { csp, Mistake } from './csp.mjs';

const USAGE = `usage: latchkey csp --options FILE [--package URL]
       latchkey check-okta-config FILE [--json]

csp prints the Content-Security-Policy of a page with the sign-in: all that the options in FILE need, and nothing else.

  --options FILE   JSON: the options of createSignIn, as far as JSON can say them (see options.schema.json in the package),
                   and "serverFeatures", a list of what the server's policy uses: passkeys, altcha, probe, captcha, duo
  --package URL    where the package's files come from, if not from the page's own origin: a folder of a CDN

check-okta-config says what becomes of each option of Okta's sign-in widget, and prints the same sign-in for createSignIn. FILE
is JSON, JavaScript, TypeScript or a page with \`new OktaSignIn({…})\`; it is read, and nothing in it is run. The exit code is 1
if something has to be done before moving.

  --json           the same as JSON
`;

const OPTIONS = { options: { type: 'string' }, package: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };

const COMMANDS = { csp: runCsp, 'check-okta-config': runCheck };

try {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) process.stdout.write(USAGE);
  else await runCommand(positionals, values);
} catch (error) {
  // Node's own errors of parseArgs are about the call, too.
  const isMistake = error instanceof Mistake || error instanceof ConfigMistake;
  const isCall = isMistake ? error.isCall : error.code?.startsWith('ERR_PARSE_ARGS');
  if (!isCall && !isMistake) throw error;
  process.stderr.write(`latchkey: ${error.message}\n${isCall ? `\n${USAGE}` : ''}`);
  process.exitCode = isCall ? 2 : 1;
}

async function runCommand([command, ...others], values) {
  if (!Object.hasOwn(COMMANDS, command ?? '')) throw new Mistake(command ? `there is no command \`${command}\`` : 'say what to do', true);
  await COMMANDS[command](others, values);
}

async function runCsp([other], values) {
  if (other !== undefined) throw new Mistake(`\`${other}\` is too much`, true);
  if (values.options === undefined) throw new Mistake('`--options FILE` is missing', true);
  const { policy, notes } = await csp(values.options, values.package);
  process.stdout.write(`${policy}\n`);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}

async function runCheck([file, other], { json = false }) {
  if (file === undefined) throw new Mistake('FILE is missing', true);
  if (other !== undefined) throw new Mistake(`\`${other}\` is too much`, true);
  const { text, isClean } = await checkOktaConfig(file, { json });
  process.stdout.write(text);
  if (!isClean) process.exitCode = 1;
}
