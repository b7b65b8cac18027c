// The table in docs/migrating-from-okta.md, made of what `latchkey/okta` works by.
//
// usage: node scripts/build/okta-table.mjs     writes it anew; a test tells when it is stale

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../lib/run.mjs';

const GUIDE = 'docs/migrating-from-okta.md';
const [BEGIN, END] = ['<!-- made by scripts/build/okta-table.mjs -->', '<!-- end of what is made -->'];

/** The rows with equal words together, in the order of the table; as Markdown. */
export function oktaTable(rows) {
  const lines = new Map();
  for (const { option, verdict, to, toTokens, advice = '' } of rows) {
    const where = to ? ` → \`${to}\`` : toTokens ? ` → \`${toTokens}\` of \`createTokens\`` : '';
    const name = `\`${option}\`${where.includes(`\`${option}\``) && to === option ? '' : where}`;
    const rest = `${verdict} | ${advice}`;
    lines.set(rest, [...(lines.get(rest) ?? []), name]);
  }
  const body = [...lines].map(([rest, names]) => `| ${names.join(', ')} | ${rest} |`.replaceAll('  ', ' '));
  return ['| option | what becomes of it | |', '|---|---|---|', ...body].join('\n');
}

async function writeTable() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ absWorkingDir: ROOT, entryPoints: ['widget/js/okta/option-table.ts'], bundle: true, write: false, format: 'esm' });
  const { ROWS } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  const file = path.join(ROOT, GUIDE);
  const text = await readFile(file, 'utf8');
  const [before, after] = [text.slice(0, text.indexOf(BEGIN) + BEGIN.length), text.slice(text.indexOf(END))];
  await writeFile(file, `${before}\n${oktaTable(ROWS)}\n${after}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await writeTable();
