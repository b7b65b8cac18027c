/**
 * One look at the first step of a sign-in that was begun to find out: where its forms lead, and whose passkeys it asks for.
 */
import type { Findings } from './findings.js';
import { parse } from '../option-rules.js';
import { ask, member, textOf } from './requests.js';

/** The media type of the embedded API. */
const ION = 'application/ion+json; okta-version=1.0.0';

/** Introspects, reads, and cancels again. */
export async function lookAtTransaction(findings: Findings, server: string, interactionHandle: string): Promise<void> {
  const post = (path: string, body: object) =>
    ask(`${server}/idp/idx/${path}`, { method: 'POST', credentials: 'include', headers: { accept: ION, 'content-type': ION }, body: JSON.stringify(body) });
  const answer = await post('introspect', { interactionHandle });
  if (answer.kind !== 'answered' || !answer.response.ok) {
    const reason = `introspect: ${answer.kind === 'answered' ? `status ${answer.response.status}` : answer.kind}`;
    return findings.skip(['server.addresses', 'passkeys.rp_id'], reason);
  }
  // Images and links of the brand may be anywhere; forms may not.
  const forms = [...values(answer.body, 'href')].filter((href) => parse(href) && /\/idp\/idx\//.test(href));
  const foreign = forms.filter((href) => parse(href)?.origin !== server);
  if (forms.length === 0) findings.skip(['server.addresses'], 'the first step has no form');
  else findings.note('server.addresses', foreign.length === 0, foreign.length === 0 ? undefined : { server, forms: foreign });
  lookAtRpId(findings, answer.body);
  const stateHandle = textOf(answer.body, 'stateHandle');
  if (stateHandle !== undefined) await post('cancel', { stateHandle });
}

/** WebAuthn Level 3, 5.1.3: the RP ID is the host, or a parent of it. */
function lookAtRpId(findings: Findings, body: unknown): void {
  const [rpId] = values(body, 'rpId');
  if (rpId === undefined) return findings.skip(['passkeys.rp_id'], 'the first step asks for no passkey');
  const isWithin = location.hostname === rpId || location.hostname.endsWith(`.${rpId}`);
  findings.note('passkeys.rp_id', isWithin, { rpId, host: location.hostname });
}

/** All texts under this name, however deep. */
function* values(value: unknown, name: string): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  const found = member(value, name);
  if (typeof found === 'string') yield found;
  for (const inner of Object.values(value)) yield* values(inner, name);
}
