// The customer's half of signing in: makes the widget, puts it into the page, and takes the tokens that come out of it.
//
// Tokens live in the variables of these modules and nowhere else: a reload signs out, and no script finds them in storage.

import { createSignIn } from '/latchkey/latchkey.js';
import { showMember } from './member.js';
import { revoke } from './tokens.js';

/** @typedef {import('latchkey').Outcome} Outcome */
/** @typedef {import('latchkey').Tokens} Tokens */

const issuer = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="issuer"]')).content;
const clientId = 'demo-spa';

const home = /** @type {HTMLElement} */ (document.getElementById('home'));
const news = /** @type {HTMLElement} */ (document.getElementById('news'));

/** Puts a new widget into the page. */
function offerSignIn() {
  const signIn = createSignIn({
    issuer,
    clientId,
    redirectUri: '/callback',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    onSuccess: (outcome) => {
      signIn.destroy();
      welcome(outcome);
    },
    // The person has been told already, in plain words; this is for whoever runs the site.
    onError: (error) => console.warn(`sign-in: ${error.code}: ${error.message}`),
  });
  signIn.mount('#sign-in');
}

/** @param {Outcome} outcome */
function welcome(outcome) {
  if (outcome.status !== 'signed-in') return;
  const { tokens } = outcome;
  home.hidden = true;
  news.textContent = '';
  showMember({ issuer, tokens, onSignOut: () => signOut(tokens) });
}

/**
 * The tokens are let go of first: whatever comes of the revocation, this page has them no more.
 *
 * @param {Tokens} tokens
 */
async function signOut(tokens) {
  home.hidden = false;
  offerSignIn();
  document.getElementById('door-title')?.focus();
  const areRevoked = await revoke({ issuer, clientId, tokens });
  news.textContent = areRevoked
    ? 'You are signed out.'
    : 'You are signed out here, but the server could not be told. Your tokens end by themselves within the hour.';
}

document.getElementById('inbox')?.setAttribute('href', new URL('/inbox', issuer).href);
offerSignIn();
