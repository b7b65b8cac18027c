#!/usr/bin/env node
// The package's command, for those who set it up: `npx latchkey csp --options FILE`. What a command does is in a file of its own;
// here are only the arguments. What the person can mend is one line on stderr, and the exit code 1 or, for a wrong call, 2.

import { parseArgs } from 'node:util';
import { csp, Mistake } from './csp.mjs';

const USAGE = `usage: latchkey csp --options FILE [--package URL]

Prints the Content-Security-Policy of a page with the sign-in: all that the options in FILE need, and nothing else.

  --options FILE   JSON: the options of createSignIn, as far as JSON can say them (see options.schema.json in the package),
                   and "features", a list of what the server's policy uses: passkeys, altcha, probe, captcha, duo
  --package URL    where the package's files come from, if not from the page's own origin: a folder of a CDN
`;

const OPTIONS = { options: { type: 'string' }, package: { type: 'string' }, help: { type: 'boolean', short: 'h' } };

try {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) process.stdout.write(USAGE);
  else await runCommand(positionals, values);
} catch (error) {
  // Node's own errors of parseArgs are about the call, too.
  const isCall = error instanceof Mistake ? error.isCall : error.code?.startsWith('ERR_PARSE_ARGS');
  if (!isCall && !(error instanceof Mistake)) throw error;
  process.stderr.write(`latchkey: ${error.message}\n${isCall ? `\n${USAGE}` : ''}`);
  process.exitCode = isCall ? 2 : 1;
}

async function runCommand([command, ...others], values) {
  if (command !== 'csp') throw new Mistake(command ? `there is no command \`${command}\`` : 'say what to do', true);
  if (others.length > 0) throw new Mistake(`\`${others[0]}\` is too much`, true);
  if (values.options === undefined) throw new Mistake('`--options FILE` is missing', true);
  const { policy, notes } = await csp(values.options, values.package);
  process.stdout.write(`${policy}\n`);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}
