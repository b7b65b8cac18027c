/**
 * The last two answers of a sign-in, made by the test instead of the server: tokens with whatever claims a test wants, and the key
 * that signs them. All that comes before is the real server's.
 */
import { createHash, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';
import type { Page, Route } from '@playwright/test';

type Claims = Readonly<Record<string, unknown>>;

/** What a test may change; what it leaves is right. */
export interface Forgery {
  /** On top of the claims that are right. */
  readonly claims?: Claims;
  /** On top of the header that is right. */
  readonly header?: Claims;
  /** On top of the token endpoint's answer. */
  readonly answer?: Claims;
  /** The key that is published is another one. */
  readonly isOtherKey?: boolean;
  /** By how many seconds the server's clock is ahead of this machine's; `hidden` if its CORS does not expose it. */
  readonly date?: number | 'hidden';
}

/** The name that the server gives to each of these requests. */
export const REQUEST_ID = 'request-of-the-test';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

/** Answers at the token and the key endpoint of `issuer` from now on. */
export async function forge(page: Page, issuer: string, forgery: Forgery): Promise<void> {
  let nonce = '';
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/interact')) nonce = new URLSearchParams(request.postData() ?? '').get('nonce') ?? '';
  });
  await page.route(`${issuer}/v1/keys`, (route) => fulfill(route, { keys: [published(forgery.isOtherKey ? other.export({ format: 'jwk' }) : publicKey.export({ format: 'jwk' }))] }));
  await page.route(`${issuer}/v1/token`, (route) => {
    const ahead = typeof forgery.date === 'number' ? forgery.date : 0;
    const now = Math.floor(Date.now() / 1000) + ahead;
    const right = { iss: issuer, aud: 'demo-spa', sub: '00u1', nonce, iat: now, exp: now + 300, auth_time: now };
    const answer = { token_type: 'Bearer', access_token: 'an-access-token', expires_in: 300, scope: 'openid', id_token: signed(right, forgery) };
    return fulfill(route, { ...answer, ...forgery.answer }, forgery.date === 'hidden' ? undefined : new Date(now * 1000));
  });
}

/** The left half of the hash of an access token (OIDC Core 3.1.3.6). */
export const accessTokenHash = (token: string): string => createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

const published = (jwk: JsonWebKey) => ({ ...jwk, kid: 'k1', use: 'sig', alg: 'ES256' });

function signed(claims: Claims, forgery: Forgery): string {
  const encode = (value: Claims): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'ES256', kid: 'k1', ...forgery.header })}.${encode({ ...claims, ...forgery.claims })}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

async function fulfill(route: Route, answer: unknown, date?: Date): Promise<void> {
  const exposed = date ? { 'access-control-expose-headers': 'x-okta-request-id, date', date: date.toUTCString() } : { 'access-control-expose-headers': 'x-okta-request-id' };
  const headers = { 'access-control-allow-origin': '*', 'x-okta-request-id': REQUEST_ID, ...exposed };
  await route.fulfill({ json: answer, headers });
}
