/**
 * What OIDC Core 3.1.3.7 wants checked before somebody is believed to be signed in, and 12.2 before a renewal is.
 *
 * The rules and the names of the faults are those of the widget's own check (`widget/core/src/oidc/id_token.rs`).
 */
import { TokensError, type IdTokenFault } from './errors.js';
import { encodeBase64url, parseJws, sha256, type Members } from './jwt.js';
import type { Keys } from './keys.js';
import type { ServerClock } from './server-clock.js';

/** What a token must say to be ours. */
export interface Expected {
  readonly issuer: string;
  readonly clientId: string;
  /** The access token that came with it, for `at_hash`. */
  readonly accessToken: string;
  /** The nonce of the sign-in. A renewal need not repeat it (OIDC Core 12.2). */
  readonly nonce?: string | undefined;
  readonly acrValues?: string | undefined;
  readonly maxAge?: number | undefined;
  /** The claims of the token that is renewed. */
  readonly before?: Members | undefined;
}

/** Seconds that this device's idea of the server's time and the issuer's own may differ. */
const CLOCK_SKEW = 300;

const FAULTS: Readonly<Record<IdTokenFault, string>> = {
  malformed: 'the ID token is not a compact JWS with JSON inside',
  algorithm_not_allowed: '`alg` is neither RS256 nor ES256',
  unknown_key: 'the issuer’s keys have none with this `kid`',
  signature_invalid: 'the ID token’s signature is not the issuer’s',
  issuer_mismatch: '`iss` is not exactly the option `issuer`',
  audience_mismatch: '`aud` does not hold the option `clientId`',
  authorized_party_mismatch: '`azp` is not the option `clientId`',
  subject_mismatch: '`sub` is not that of the token which was renewed',
  expired: '`exp` has passed by more than the allowed clock skew',
  issued_in_the_future: '`iat` is later than the server’s clock',
  nonce_mismatch: '`nonce` is not the one of this sign-in',
  access_token_mismatch: '`at_hash` is not that of the access token',
  acr_mismatch: '`acr` is none of those that were asked for',
  authentication_too_old: '`auth_time` is older than `maxAge`',
};

/**
 * The claims of a token that the issuer has made, for us, now, for this very sign-in.
 *
 * `isTimeKnown`: whether the answer that brought it told the server's time. If it did not, `iat` does: the token came from
 * the server itself just now, and `nonce`, or the token before it, shows that it is no older one.
 *
 * @throws TokensError `id_token.…`
 */
export async function checkIdToken(raw: string, expected: Expected, keys: Keys, clock: ServerClock, isTimeKnown: boolean): Promise<Members> {
  const jws = parseJws(raw);
  if (!jws) throw fault('malformed');
  const verdict = await keys.verdict(jws);
  if (verdict !== 'valid') throw fault(verdict);
  const { claims } = jws;
  checkParties(claims, expected);
  checkBinding(claims, expected);
  if (!isTimeKnown && typeof claims['iat'] === 'number') clock.learn(claims['iat'] * 1000 + 500);
  checkTimes(claims, expected, clock.now() / 1000);
  await checkAccessToken(claims, expected.accessToken);
  return claims;
}

function checkParties(claims: Members, { issuer, clientId, before }: Expected): void {
  // Step 2: the issuer must be exactly the one that was asked.
  if (claims['iss'] !== issuer) throw fault('issuer_mismatch');
  // Step 3: aud is one string or several; ours must be among them.
  const audiences: readonly unknown[] = [claims['aud']].flat();
  if (!audiences.includes(clientId)) throw fault('audience_mismatch');
  // Steps 4 and 5: with several audiences azp must be there, and where it is there it must be us.
  const isShared = audiences.length > 1 || claims['azp'] !== undefined;
  if (isShared && claims['azp'] !== clientId) throw fault('authorized_party_mismatch');
  if (typeof claims['sub'] !== 'string') throw fault('malformed');
  // 12.2: a renewal is for the same person.
  if (before && claims['sub'] !== before['sub']) throw fault('subject_mismatch');
}

function checkBinding(claims: Members, { nonce, acrValues, before }: Expected): void {
  // Step 11: a nonce was sent, so it must come back. 12.2: a renewal may leave it out, and must not have another.
  const isNonceDue = !before || claims['nonce'] !== undefined;
  if (isNonceDue && nonce !== undefined && claims['nonce'] !== nonce) throw fault('nonce_mismatch');
  // Step 12. A context that was wanted only if possible binds nobody.
  if (acrValues === undefined || acrValues.includes(':ifpossible')) return;
  if (!acrValues.split(' ').some((wanted) => wanted === claims['acr'])) throw fault('acr_mismatch');
}

function checkTimes(claims: Members, { maxAge, before }: Expected, now: number): void {
  const time = (name: string): number => (typeof claims[name] === 'number' ? claims[name] : NaN);
  // Step 9. Comparisons with NaN are false, so each is written as what must hold.
  if (!(now - CLOCK_SKEW < time('exp'))) throw fault('expired');
  // Step 10, and 12.2: a renewal is no older than what it renews; two machines of one issuer may differ in that.
  if (!(time('iat') <= now + CLOCK_SKEW)) throw fault('issued_in_the_future');
  if (before && !(time('iat') >= Number(before['iat'] ?? 0) - CLOCK_SKEW)) throw fault('expired');
  // Step 13: auth_time must be there if max_age was asked for.
  if (maxAge !== undefined && !(time('auth_time') >= now - CLOCK_SKEW - maxAge)) throw fault('authentication_too_old');
}

/** OIDC Core 3.1.3.8 with 3.3.2.11: optional in the code flow, so only a claim that is there can be wrong. */
async function checkAccessToken(claims: Members, accessToken: string): Promise<void> {
  if (claims['at_hash'] === undefined) return;
  const digest = await sha256(accessToken);
  if (claims['at_hash'] !== encodeBase64url(digest.subarray(0, digest.length / 2))) throw fault('access_token_mismatch');
}

const fault = (name: IdTokenFault): TokensError => new TokensError(`id_token.${name}`, FAULTS[name]);
