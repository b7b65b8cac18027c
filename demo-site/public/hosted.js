// The redirect model: the browser leaves for the server's page and comes back to /hosted, signed in. `latchkey/tokens` does
// what has to be done on the way (RFC 6749 section 4.1, RFC 7636, RFC 9207, OIDC Core 3.1), and keeps the tokens after it.
//
// They are in memory, and shared with other tabs of this page: a second one is signed in as soon as it is opened.

import { createTokens } from '/latchkey/latchkey-tokens.js';
import { element } from './page.js';

/** @typedef {import('latchkey/tokens').TokenSession} TokenSession */
/** @typedef {import('./sign-in.js').Visit} Visit */

/** @type {TokenSession} */
let session;
/** The browser is on its way to the server's logout. */
let isLeaving = false;

/** @param {Visit} visit */
export function offerHosted({ place, onProblem }) {
  const button = element('button', 'Sign in');
  button.className = 'button';
  button.addEventListener('click', () => {
    session.signInWithRedirect().catch((error) => onProblem(error.message));
  });
  place.replaceChildren(
    element('p', 'This page sends you to the identity server, which shows the widget in a page of its own.'),
    button,
  );
}

/**
 * Begins the session, and takes up what the address says if the browser has just come back.
 *
 * @param {Visit} visit
 * @returns {Promise<boolean>} whether the person is signed in now
 */
export async function comeBack({ issuer, clientId, onTokens, onProblem }) {
  session = createTokens({
    issuer,
    clientId,
    redirectUri: '/hosted',
    postLogoutRedirectUri: '/hosted',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    onError: (error) => console.warn(`tokens: ${error.code}: ${error.message}`),
  });
  session.on('change', ({ isSignedIn }) => {
    // In another tab, or by the server; this one has nothing to show any more.
    if (!isSignedIn && !isLeaving) location.replace('/hosted?state=signed-out');
  });
  if (hasSignedOut()) onProblem('You are signed out.');
  try {
    await session.handleCallback();
    const tokens = await session.getTokens();
    if (tokens) onTokens(tokens);
    return tokens !== undefined;
  } catch (error) {
    onProblem(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** The server's logout leads back here with nothing but the state that was sent along. */
function hasSignedOut() {
  const isSignedOut = new URL(location.href).searchParams.get('state') === 'signed-out';
  if (isSignedOut) history.replaceState(null, '', '/hosted');
  return isSignedOut;
}

/** Gives the tokens back, and ends the session at the server too (OpenID Connect RP-Initiated Logout 1.0). */
export function leaveHosted() {
  isLeaving = true;
  return session.signOut({ state: 'signed-out' });
}
