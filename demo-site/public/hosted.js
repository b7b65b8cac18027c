// The redirect model, by hand: authorization code with PKCE (RFC 6749 section 4.1, RFC 7636, OIDC Core 3.1).
//
// The browser leaves for the server's page and comes back to /hosted with a code. What has to be remembered in between is in
// sessionStorage until it is back.

import { element } from './page.js';

/** @typedef {import('latchkey').Tokens} Tokens */
/** @typedef {import('./sign-in.js').Visit} Visit */
/** @typedef {{ readonly state: string, readonly nonce: string, readonly verifier: string }} Remembered */

const MEMORY = 'towpath.hosted';
const redirectUri = new URL('/hosted', location.href).href;

/** @param {Visit} visit */
export function offerHosted(visit) {
  const button = element('button', 'Sign in');
  button.className = 'button';
  button.addEventListener('click', () => leaveFor(visit), { once: true });
  visit.place.replaceChildren(
    element('p', 'This page sends you to the identity server, which shows the widget in a page of its own.'),
    button,
  );
}

/** @param {Visit} visit */
async function leaveFor({ issuer, clientId }) {
  /** @type {Remembered} */
  const remembered = { state: random(), nonce: random(), verifier: random() };
  sessionStorage.setItem(MEMORY, JSON.stringify(remembered));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(remembered.verifier));
  location.assign(`${issuer}/v1/authorize?${new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    state: remembered.state,
    nonce: remembered.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  })}`);
}

/**
 * Takes up what the address says, if the browser has just come back.
 *
 * @param {Visit} visit
 * @returns {Promise<boolean>} whether the person is signed in now
 */
export async function comeBack(visit) {
  const said = new URL(location.href).searchParams;
  if (!said.has('state')) return false;
  const remembered = /** @type {Remembered | null} */ (JSON.parse(sessionStorage.getItem(MEMORY) ?? 'null'));
  sessionStorage.removeItem(MEMORY);
  history.replaceState(null, '', '/hosted');
  const problem = problemOf(said, remembered, visit.issuer);
  if (problem !== undefined || !remembered) {
    visit.onProblem(problem ?? '');
    return false;
  }
  try {
    visit.onTokens(await redeem(visit, said.get('code') ?? '', remembered));
    return true;
  } catch (error) {
    visit.onProblem(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/**
 * RFC 6749 section 10.12 for the state, RFC 9207 for the issuer.
 *
 * @param {URLSearchParams} said
 * @param {Remembered | null} remembered
 * @param {string} issuer
 */
function problemOf(said, remembered, issuer) {
  if (!said.has('code') && !said.has('error')) return 'You are signed out.';
  if (said.get('state') !== remembered?.state || said.get('iss') !== issuer) return 'That address belongs to no sign-in of this tab.';
  const error = said.get('error_description') ?? said.get('error');
  return error === null ? undefined : `The identity server says: ${error}`;
}

/**
 * @param {Visit} visit
 * @param {string} code
 * @param {Remembered} remembered
 * @returns {Promise<Tokens>}
 */
async function redeem({ issuer, clientId }, code, { verifier, nonce }) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
  });
  const answer = await fetch(`${issuer}/v1/token`, { method: 'POST', body });
  const got = await answer.json();
  if (!answer.ok) throw new Error(`The identity server refused the code: ${got.error_description ?? got.error}`);
  const claims = claimsOf(got.id_token);
  // OIDC Core 3.1.3.7: it came from the token endpoint itself, so that the signature may go unchecked (step 6).
  if (claims['iss'] !== issuer || claims['aud'] !== clientId || claims['nonce'] !== nonce) {
    throw new Error('The ID token was made for somebody else.');
  }
  return toTokens(got, claims);
}

/**
 * The names that the widget uses, for an answer of the token endpoint (RFC 6749 section 5.1).
 *
 * @param {Record<string, any>} got
 * @param {Record<string, unknown>} claims
 * @returns {Tokens}
 */
export const toTokens = (got, claims = claimsOf(got['id_token'])) => ({
  accessToken: got['access_token'],
  tokenType: got['token_type'],
  expiresAt: Math.floor(Date.now() / 1000) + got['expires_in'],
  scopes: got['scope'].split(' '),
  idToken: { raw: got['id_token'], claims: /** @type {any} */ (claims) },
  refreshToken: got['refresh_token'],
});

/**
 * Ends the session at the server too (OpenID Connect RP-Initiated Logout 1.0).
 *
 * @param {Visit} visit
 * @param {Tokens} tokens
 */
export function leaveHosted({ issuer }, tokens) {
  location.assign(`${issuer}/v1/logout?${new URLSearchParams({
    id_token_hint: tokens.idToken?.raw ?? '',
    post_logout_redirect_uri: redirectUri,
    state: random(),
  })}`);
}

/** @param {string} token */
function claimsOf(token) {
  const payload = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
  return /** @type {Record<string, unknown>} */ (JSON.parse(new TextDecoder().decode(Uint8Array.from(payload, (c) => c.charCodeAt(0)))));
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** @param {Uint8Array} bytes */
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
