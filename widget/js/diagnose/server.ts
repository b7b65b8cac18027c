/**
 * What the identity server says to these options: whether it is there, lets the page read, knows the client, and begins a
 * sign-in. A sign-in that was begun to find out is cancelled again; nothing of a person is sent.
 */
import { serializeOptions } from '../options.js';
import { discoveryOf, endpointsOf } from '../tokens/endpoints.js';
import type { SignInOptions } from '../types.js';
import type { FindingCode } from './catalogue.js';
import type { Findings } from './findings.js';
import { ask, member, textOf, type Answer } from './requests.js';
import { lookAtTransaction } from './transaction.js';

type Answered = Extract<Answer, { kind: 'answered' }>;

/** What a refusal of `interact` may be about, in the order in which servers look. */
const ABOUT_CLIENT = ['server.client', 'server.grant_type', 'server.redirect_uri', 'server.scopes', 'server.begins'] as const;
const AFTERWARDS = ['server.addresses', 'passkeys.rp_id'] as const satisfies readonly FindingCode[];

/** Asks everything, in the order in which a sign-in does. */
export async function askServer(findings: Findings, options: SignInOptions): Promise<void> {
  const discovery = await ask(discoveryOf(options.issuer));
  const sentTo = new URL(options.issuer).origin;
  const redirectUri = textOf(JSON.parse(serializeOptions(options, location.href)), 'redirectUri') ?? '';
  if (options.mode === 'redirect') return askProvider(findings, options, discovery, redirectUri);
  const endpoints = endpointsOf(options.issuer);
  const interact = await ask(`${endpoints}/interact`, { method: 'POST', credentials: 'include', body: interactBody(options, redirectUri) });
  if (!isReadable(findings, interact, sentTo)) return;
  lookAtDiscovery(findings, options.issuer, discovery);
  lookAtInteract(findings, interact, redirectUri, options);
  lookAtClock(findings, interact);
  const handle = textOf(interact.body, 'interaction_handle');
  if (interact.response.ok && handle !== undefined) await lookAtTransaction(findings, sentTo, handle);
  else findings.skip(AFTERWARDS, 'no sign-in was begun');
  await askForKeys(findings, `${endpoints}/keys`);
  if (options.codeChallenge !== undefined) return findings.skip(['server.token'], 'the page’s backend redeems the code');
  const code = { grant_type: 'interaction_code', interaction_code: randomText() };
  await askForTokens(findings, `${endpoints}/token`, { ...code, client_id: options.clientId, redirect_uri: redirectUri });
}

/**
 * The same for `mode: 'redirect'`, which any provider will do for. Its sign-in page is the server's own, so what that refuses shows
 * there, and only what the page itself asks is looked at.
 */
async function askProvider(findings: Findings, { issuer, clientId }: SignInOptions, discovery: Answer, redirectUri: string): Promise<void> {
  if (!isReadable(findings, discovery, new URL(issuer).origin)) return;
  const names = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'];
  const found = names.map((name) => textOf(discovery.body, name));
  const isWhole = member(discovery.body, 'issuer') === issuer && found.every((address) => address !== undefined);
  const seen = Object.fromEntries(['issuer', ...names].map((name) => [name, member(discovery.body, name)]));
  findings.note('server.discovery', isWhole, { status: discovery.response.status, ...seen });
  findings.skip([...ABOUT_CLIENT, ...AFTERWARDS], 'the server’s own page says so: open it by the button');
  lookAtClock(findings, discovery);
  const [, token, keys] = found;
  if (keys !== undefined) await askForKeys(findings, keys);
  const code = { grant_type: 'authorization_code', code: randomText() };
  if (token !== undefined) await askForTokens(findings, token, { ...code, client_id: clientId, redirect_uri: redirectUri });
  findings.skip(['server.keys', 'server.token'], 'the discovery document does not say where that is');
}

async function askForKeys(findings: Findings, address: string): Promise<void> {
  const answer = await ask(address);
  const isSet = answer.kind === 'answered' && Array.isArray(member(answer.body, 'keys'));
  findings.note('server.keys', isSet, { address, origin: self.origin });
}

/** As the widget sends it, with a challenge that nobody knows the verifier of. */
function interactBody({ clientId, scopes, acrValues, maxAge }: SignInOptions, redirectUri: string): URLSearchParams {
  return new URLSearchParams({
    client_id: clientId,
    scope: (scopes ?? ['openid', 'profile', 'email']).join(' '),
    redirect_uri: redirectUri,
    code_challenge_method: 'S256',
    code_challenge: randomText(),
    state: randomText(),
    nonce: randomText(),
    ...(acrValues !== undefined && { acr_values: acrValues }),
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
  });
}

const randomText = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** The three ways in which there is no answer to read, told apart; whatever depends on one is unknown then. */
function isReadable(findings: Findings, answer: Answer, server: string): answer is Answered {
  const details = { server, origin: self.origin };
  findings.note('policy.connect', answer.kind !== 'blocked', details);
  if (answer.kind === 'blocked') findings.skip(['server.reachable', 'server.origin'], 'the page’s policy hides it');
  else {
    findings.note('server.reachable', answer.kind !== 'unreachable', details);
    if (answer.kind === 'unreachable') findings.skip(['server.origin'], 'the server cannot be reached');
    else findings.note('server.origin', answer.kind === 'answered', details);
  }
  if (answer.kind === 'answered') return true;
  findings.skip(['server.discovery', ...ABOUT_CLIENT, ...AFTERWARDS, 'server.keys', 'server.token', 'clock.skew'], 'the server’s answers cannot be read');
  return false;
}

function lookAtDiscovery(findings: Findings, issuer: string, discovery: Answer): void {
  if (discovery.kind !== 'answered') return findings.note('server.discovery', false, { reason: discovery.kind });
  const document = discovery.body;
  const endpoints = endpointsOf(issuer);
  const wanted = { issuer, token_endpoint: `${endpoints}/token`, jwks_uri: `${endpoints}/keys` };
  const different = Object.entries(wanted).filter(([name, value]) => member(document, name) !== value);
  const seen = Object.fromEntries(different.map(([name]) => [name, member(document, name)]));
  findings.note('server.discovery', different.length === 0, different.length === 0 ? undefined : { status: discovery.response.status, ...seen });
}

/** RFC 6749 section 5.2 has the codes; which parameter is meant stands in the description only. */
function lookAtInteract(findings: Findings, { response, body }: Answered, redirectUri: string, { clientId, scopes }: SignInOptions): void {
  const error = textOf(body, 'error');
  // A page in the place of an answer is none, whatever its status.
  if (response.ok && textOf(body, 'interaction_handle') !== undefined) return ABOUT_CLIENT.forEach((code) => findings.note(code, true));
  const description = textOf(body, 'error_description') ?? textOf(body, 'errorSummary') ?? '';
  const details = { status: response.status, error, description, requestId: response.headers.get('x-okta-request-id') ?? undefined };
  const about = aboutWhat(error, description);
  // What is looked at before is well.
  for (const code of ABOUT_CLIENT.slice(0, ABOUT_CLIENT.indexOf(about))) if (about !== 'server.begins') findings.note(code, true);
  findings.note(about, false, { ...details, clientId, redirectUri, scopes });
  findings.skip(ABOUT_CLIENT, 'the server has refused before it looked at this');
}

function aboutWhat(error: string | undefined, description: string): (typeof ABOUT_CLIENT)[number] {
  if (error === 'invalid_client' || /client_id/.test(description)) return 'server.client';
  if (error === 'unauthorized_client' || error === 'access_denied' || /grant type/i.test(description)) return 'server.grant_type';
  if (/redirect_uri/i.test(description)) return 'server.redirect_uri';
  return error === 'invalid_scope' ? 'server.scopes' : 'server.begins';
}

/** A difference of less harms nobody, in seconds. */
const NOTABLE = 60;

function lookAtClock(findings: Findings, { response, sentAt, cameAt }: Answered): void {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return findings.note('clock.skew', 'unknown', { reason: 'the server does not expose `Date`' });
  // `Date` is cut to whole seconds.
  const seconds = Math.round((sentAt + (cameAt - sentAt) / 2 - (date + 500)) / 1000);
  findings.note('clock.skew', Math.abs(seconds) < NOTABLE, { seconds });
}

/** A code that is none must be refused as such: whoever reads that may read tokens too. */
async function askForTokens(findings: Findings, address: string, params: Readonly<Record<string, string>>): Promise<void> {
  const body = new URLSearchParams({ ...params, code_verifier: randomText() });
  const answer = await ask(address, { method: 'POST', body });
  if (answer.kind !== 'answered') return findings.note('server.token', false, { reason: answer.kind, origin: self.origin });
  const error = textOf(answer.body, 'error');
  if (error === 'unauthorized_client') findings.note('server.grant_type', false, { error, description: textOf(answer.body, 'error_description') });
  const isUnderstood = error === 'invalid_grant' || ABOUT_CLIENT.some((code) => findings.hasFailed(code));
  findings.note('server.token', isUnderstood, { status: answer.response.status, error, description: textOf(answer.body, 'error_description') });
}
