// A screen without a keyboard: it shows a code, and somebody types that code into a browser elsewhere (RFC 8628).

import { element } from './page.js';

/** @typedef {import('latchkey').Tokens} Tokens */
/** @typedef {import('./sign-in.js').Visit} Visit */
/** @typedef {{ device_code: string, user_code: string, verification_uri: string, verification_uri_complete: string, interval?: number }} Asked */

/** @param {Visit} visit */
export function offerDevice(visit) {
  const button = element('button', 'Show a code');
  button.className = 'button';
  button.addEventListener('click', () => void begin(visit), { once: true });
  visit.place.replaceChildren(element('p', 'The screen by the workshop’s door wants to show your bookings.'), button);
}

/** @param {Visit} visit */
async function begin(visit) {
  const asked = await post(visit, 'device/authorize', { client_id: visit.clientId, scope: 'openid profile email' });
  if ('error' in asked) return visit.onProblem(`The identity server refused: ${asked['error_description'] ?? asked['error']}`);
  showCode(visit, /** @type {Asked} */ (asked));
  await waitFor(visit, /** @type {Asked} */ (asked));
}

/**
 * @param {Visit} visit
 * @param {Asked} asked
 */
function showCode({ place }, { user_code, verification_uri, verification_uri_complete }) {
  const link = element('a', verification_uri);
  link.setAttribute('href', verification_uri_complete);
  link.setAttribute('target', '_blank');
  const code = element('strong', user_code);
  code.className = 'device-code';
  place.replaceChildren(element('p', 'On a phone or a computer, open ', link, ' and type:'), element('p', code));
}

/**
 * RFC 8628 section 3.5: asks at the pace that the server sets.
 *
 * @param {Visit} visit
 * @param {Asked} asked
 */
async function waitFor(visit, { device_code, interval = 5 }) {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  for (let pause = interval; ; ) {
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    const got = await post(visit, 'token', { grant_type, device_code, client_id: visit.clientId });
    if (!('error' in got)) return visit.onTokens(toTokens(got));
    if (got['error'] === 'slow_down') pause += 5;
    else if (got['error'] !== 'authorization_pending') {
      visit.onProblem(`The identity server says: ${got['error_description'] ?? got['error']}`);
      return offerDevice(visit);
    }
  }
}

/**
 * @param {Visit} visit
 * @param {string} endpoint
 * @param {Record<string, string>} params
 * @returns {Promise<Record<string, any>>}
 */
async function post({ issuer }, endpoint, params) {
  try {
    const answer = await fetch(`${issuer}/v1/${endpoint}`, { method: 'POST', body: new URLSearchParams(params) });
    return await answer.json();
  } catch {
    return { error: 'unreachable', error_description: 'it could not be reached' };
  }
}

/**
 * The names that the widget uses, for an answer of the token endpoint (RFC 6749 section 5.1).
 *
 * @param {Record<string, any>} got
 * @returns {Tokens}
 */
const toTokens = (got) => ({
  accessToken: got['access_token'],
  tokenType: got['token_type'],
  expiresAt: Math.floor(Date.now() / 1000) + got['expires_in'],
  scopes: got['scope'].split(' '),
  idToken: { raw: got['id_token'], claims: claimsOf(got['id_token']) },
  refreshToken: got['refresh_token'],
});

/**
 * It came from the token endpoint itself, so that the signature may go unchecked (OIDC Core 3.1.3.7, step 6).
 *
 * @param {string} token
 */
function claimsOf(token) {
  const payload = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
  return /** @type {Record<string, unknown>} */ (JSON.parse(new TextDecoder().decode(Uint8Array.from(payload, (c) => c.charCodeAt(0)))));
}
