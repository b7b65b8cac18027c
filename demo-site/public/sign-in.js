// The customer's half of signing in: offers the way in that this page was sent for, and takes the tokens that come of it.
//
// Tokens live in the variables of these modules and nowhere else: a reload signs out, and no script finds them in storage.

import { offerDevice } from './device.js';
import { offerEmbedded } from './embedded.js';
import { comeBack, leaveHosted, offerHosted } from './hosted.js';
import { showMember } from './member.js';
import { byId, written } from './page.js';
import { revoke } from './tokens.js';

/** @typedef {import('latchkey').Tokens} Tokens */
/**
 * @typedef {object} Visit
 * @property {string} issuer
 * @property {string} clientId
 * @property {HTMLElement} place where the way in is drawn
 * @property {(tokens: Tokens) => void} onTokens
 * @property {(problem: string) => void} onProblem
 */

const news = byId('news');

/** @type {Visit} */
const visit = {
  issuer: written('issuer'),
  clientId: written('client-id'),
  place: byId('sign-in'),
  onTokens: welcome,
  onProblem: (problem) => (news.textContent = problem),
};

/** The ways by the names that the page may carry. `leave` gives the tokens back and goes on; without it this page does both. */
const WAYS = {
  embedded: { offer: offerEmbedded, leave: undefined },
  hosted: { offer: offerHosted, leave: leaveHosted },
  device: { offer: offerDevice, leave: undefined },
};

const way = WAYS[/** @type {keyof typeof WAYS} */ (written('way'))];

/** @param {Tokens} tokens */
function welcome(tokens) {
  byId('home').hidden = true;
  news.textContent = '';
  showMember({ issuer: visit.issuer, tokens, onSignOut: () => signOut(tokens) });
}

/**
 * The tokens are let go of first: whatever comes of the revocation, this page has them no more.
 *
 * @param {Tokens} tokens
 */
async function signOut(tokens) {
  byId('home').hidden = false;
  if (way.leave) return way.leave();
  const { issuer, clientId } = visit;
  way.offer(visit);
  byId('door-title').focus();
  const areRevoked = await revoke({ issuer, clientId, tokens });
  news.textContent = areRevoked
    ? 'You are signed out.'
    : 'You are signed out here, but the server could not be told. Your tokens end by themselves within the hour.';
}

byId('inbox').setAttribute('href', new URL('/inbox', visit.issuer).href);
if (written('way') !== 'hosted' || !(await comeBack(visit))) way.offer(visit);
