/**
 * The findings for somebody at the console: what is wrong first, with its way out; what is well in one line.
 */
import type { Finding } from './findings.js';

/** The whole text. */
export function written(version: string, findings: readonly Finding[]): string {
  const bad = findings.filter(({ ok }) => ok === false);
  const unknown = findings.filter(({ ok }) => ok === 'unknown');
  const good = findings.filter(({ ok }) => ok === true);
  const title = bad.length === 0 ? 'nothing is wrong' : `${bad.length} of ${findings.length} checks failed`;
  return [
    `Latchkey ${version}: ${title}`,
    ...bad.map(({ code, what, fix, details }) => `\n✗ ${code}: ${what}\n  → ${fix ?? ''}${detail(details)}`),
    ...(unknown.length > 0 ? [`\n? not known: ${unknown.map(({ code, details }) => `${code} (${String(details?.['reason'] ?? 'the browser does not say')})`).join(', ')}`] : []),
    ...(good.length > 0 ? [`\n✓ well: ${good.map(({ code }) => code).join(', ')}`] : []),
  ].join('\n');
}

const detail = (details: Finding['details']): string => (details ? `\n    ${JSON.stringify(details)}` : '');
