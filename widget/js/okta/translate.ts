/**
 * From what somebody has given to the incumbent's widget to the options of `createSignIn` and `createTokens`, with what is to be
 * said about it. `OktaSignIn` does it with values, `npx latchkey check-okta-config` with what it has read in a file.
 */
import { nearestName } from '../option-rules.js';
import { ADAPTERS, type Wrap } from './adapters.js';
import { DEFAULT_SCOPES, ROWS, type Row, type Verdict } from './option-table.js';
import { at, expanded, put } from './paths.js';
import { isPlain, Source } from './source.js';

/** What is said about one option that was given. */
export interface Finding {
  /** Its path, as it was given. */
  readonly option: string;
  /** `unknown`: the incumbent has no such option either; `dynamic`: it is computed, so that its value is not known here. */
  readonly verdict: Verdict | 'unknown' | 'dynamic';
  readonly advice: string;
  /** What stands in its place. */
  readonly to?: string;
}

/** What comes out. */
export interface Translation {
  /** Options of `createSignIn`. */
  readonly signIn: Readonly<Record<string, unknown>>;
  /** Options of `createTokens`. */
  readonly tokens: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

type Given = Readonly<Record<string, unknown>>;

/** See the head of the file. */
export function translate(options: Given, wrap: Wrap): Translation {
  const given = expanded(options);
  const findings: Finding[] = unknownOptions(given);
  const signIn: Record<string, unknown> = { scopes: DEFAULT_SCOPES };
  const tokens: Record<string, unknown> = { scopes: DEFAULT_SCOPES, storage: 'localStorage' };
  for (const row of ROWS) {
    const value = valueOf(given, row);
    if (value === undefined) continue;
    if (isEmpty(value)) {
      findings.push({ option: row.option, verdict: 'honoured', advice: 'Is empty, which is as if it were not given.' });
      continue;
    }
    const notes: Finding[] = [];
    const changed = row.adapter ? ADAPTERS[row.adapter](value, { given, wrap, note: (finding) => notes.push(finding) }) : value;
    // What the adapter has to say about this very value is more than what is said about all.
    findings.push(...(notes.some(({ option }) => option === row.option) ? [] : findingsOf(row, value)), ...notes);
    if (row.to !== undefined) put(signIn, row.to, changed);
    if (row.toTokens !== undefined) put(tokens, row.toTokens, changed);
  }
  if (signIn['issuer'] !== undefined) tokens['issuer'] = signIn['issuer'];
  findings.push(...complete(signIn, wrap));
  return { signIn, tokens, findings };
}

/** Pages fill in what they have: `otp: params.get('otp')`, `logoText: ''`. */
const isEmpty = (value: unknown): boolean => value === null || value === '';

/** What follows from several options together. */
function complete(signIn: Record<string, unknown>, wrap: Wrap): readonly Finding[] {
  const { codeChallenge, codeChallengeMethod, stateToken, registration } = signIn;
  // A transaction that the server has begun has its own client, so these are not used.
  if (stateToken !== undefined) {
    signIn['clientId'] ??= 'of-the-state-token';
    signIn['redirectUri'] ??= '/';
  }
  if (isPlain(registration) && registration['postSubmit'] !== undefined) signIn['registration'] = wrap('submits', registration);
  if (codeChallenge !== undefined) signIn['codeChallengeMethod'] ??= 'S256';
  else delete signIn['codeChallengeMethod'];
  const isAlone = codeChallenge === undefined && codeChallengeMethod !== undefined;
  return isAlone ? [{ option: 'codeChallengeMethod', verdict: 'ignored', advice: 'Does nothing without `codeChallenge`: give both, or remove it.' }] : [];
}

/** The value at the row's path, where that has not its own rows further in. */
function valueOf(given: Given, { option }: Row): unknown {
  const value = at(given, option);
  if (!isPlain(value)) return value;
  const inner = ROWS.filter((row) => row.option.startsWith(`${option}.`)).map((row) => row.option.slice(option.length + 1));
  if (inner.length === 0) return value;
  const rest = Object.entries(value).filter(([name]) => !inner.some((path) => path === name || path.startsWith(`${name}.`)));
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
}

function findingsOf(row: Row, value: unknown): readonly Finding[] {
  const { option, verdict, advice = '', same = [], to } = row;
  const target = to === undefined ? {} : { to };
  if (same.includes(value)) return [{ option, verdict: 'honoured', advice: '', ...target }];
  if (value instanceof Source && !value.isFunction && (to !== undefined || verdict === 'honoured')) {
    const dynamic = `Its value is computed (\`${shortened(value.text)}\`), so look at it yourself.`;
    return [{ option, verdict: 'dynamic', advice: advice ? `${dynamic} ${advice}` : dynamic, ...target }];
  }
  return [{ option, verdict, advice, ...target }];
}

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};

/** Paths that neither stand in the table nor lie inside of what does. */
function unknownOptions(given: Given, prefix = ''): Finding[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const option = `${prefix}${name}`;
    if (value === undefined || value === null || ROWS.some((row) => row.option === option || option.startsWith(`${row.option}.`))) return [];
    const isParent = ROWS.some((row) => row.option.startsWith(`${option}.`));
    if (isParent && isPlain(value)) return unknownOptions(value, `${option}.`);
    if (isParent) return [{ option, verdict: 'dynamic', advice: 'What is in it is not known here, so look at it yourself.' }];
    const nearest = nearestName(option, ROWS.map((row) => row.option));
    return [{ option, verdict: 'unknown', advice: `Okta’s widget has no such option${nearest ? `; is it \`${nearest}\`?` : '.'}` }];
  });
}
