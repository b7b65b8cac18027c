/**
 * From what somebody has given to the incumbent's widget to the options of `createSignIn` and `createTokens`, with what is to be
 * said about it. `OktaSignIn` does it with values, `npx latchkey check-okta-config` with what it has read in a file.
 */
import { nearestName } from '../option-rules.js';
import { ADAPTERS, type Surroundings } from './adapters.js';
import { DEFAULT_SCOPES, ROWS, type Row, type Verdict } from './option-table.js';
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
export function translate(options: Given, wrap: Surroundings['wrap']): Translation {
  const given = expanded(options);
  const findings: Finding[] = unknownOptions(given);
  const signIn: Record<string, unknown> = { scopes: DEFAULT_SCOPES };
  const tokens: Record<string, unknown> = { scopes: DEFAULT_SCOPES, storage: 'localStorage' };
  for (const row of ROWS) {
    const value = valueOf(given, row);
    if (value === undefined) continue;
    findings.push(...findingsOf(row, value));
    const surroundings: Surroundings = { given, wrap, note: (finding) => findings.push(finding) };
    const changed = row.adapter && !(value instanceof Source && !value.isFunction) ? ADAPTERS[row.adapter](value, surroundings) : value;
    if (row.to !== undefined) put(signIn, row.to, changed);
    if (row.toTokens !== undefined) put(tokens, row.toTokens, changed);
  }
  if (signIn['issuer'] !== undefined) tokens['issuer'] = signIn['issuer'];
  if (signIn['codeChallenge'] !== undefined) signIn['codeChallengeMethod'] ??= 'S256';
  return { signIn, tokens, findings };
}

/** The incumbent takes `'features.router': true` for `features: { router: true }`. */
export function expanded(options: Given): Given {
  const all: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name.includes('.')) put(all, name, value);
    else all[name] = isPlain(value) && isPlain(all[name]) ? { ...all[name], ...value } : value;
  }
  return all;
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
    if (value === undefined || ROWS.some((row) => row.option === option || option.startsWith(`${row.option}.`))) return [];
    const isParent = ROWS.some((row) => row.option.startsWith(`${option}.`));
    if (isParent && isPlain(value)) return unknownOptions(value, `${option}.`);
    if (isParent) return [{ option, verdict: 'dynamic', advice: 'What is in it is not known here, so look at it yourself.' }];
    const nearest = nearestName(option, ROWS.map((row) => row.option));
    return [{ option, verdict: 'unknown', advice: `Okta’s widget has no such option${nearest ? `; is it \`${nearest}\`?` : '.'}` }];
  });
}

const at = (object: Given, path: string): unknown => path.split('.').reduce<unknown>((value, name) => (isPlain(value) && Object.hasOwn(value, name) ? value[name] : undefined), object);

/** Sets what lies at `path`, and makes the objects on the way; names that would reach a prototype make nothing. */
function put(object: Record<string, unknown>, path: string, value: unknown): void {
  if (value === undefined || path.split('.').includes('__proto__')) return;
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) object[name] = value;
  else {
    const inner = { ...(isPlain(object[name]) ? object[name] : {}) };
    put(inner, rest.join('.'), value);
    object[name] = inner;
  }
}
