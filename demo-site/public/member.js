// The member area: a greeting, what the ID token says, what userinfo answers, how long it lasts, and the way out.
//
// Everything is drawn as text: what a server says is never markup.

import { byId, element } from './page.js';
import { userInfo } from './tokens.js';

/** @typedef {import('latchkey').Tokens} Tokens */
/** @typedef {{ issuer: string, tokens: Tokens, onSignOut: () => void }} Visit */

/** Claims that count seconds since the epoch (OIDC Core 2). */
const TIMES = new Set(['auth_time', 'exp', 'iat', 'nbf', 'updated_at']);

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

const member = byId('member');

/**
 * Shows the member area, and hides it again before `onSignOut` is called.
 *
 * @param {Visit} visit
 */
export function showMember({ issuer, tokens, onSignOut }) {
  const claims = tokens.idToken?.claims ?? {};
  const greeting = byId('greeting');
  greeting.textContent = `Good to see you, ${claims.name ?? claims.email ?? 'member'}`;
  byId('expiry').replaceChildren('Your access token is good until ', timeOf(tokens.expiresAt), '.');
  byId('claims').replaceChildren(...rowsOf(claims));

  const leaving = new AbortController();
  const ask = () => answerInto(byId('userinfo'), issuer, tokens, leaving.signal);
  const leave = () => {
    leaving.abort();
    clear();
    onSignOut();
  };
  byId('ask').addEventListener('click', ask, { signal: leaving.signal });
  byId('sign-out').addEventListener('click', leave, { signal: leaving.signal });

  member.hidden = false;
  greeting.focus();
  void ask();
}

/** Nothing of one member may be left for the next to read. */
function clear() {
  member.hidden = true;
  for (const id of ['greeting', 'expiry', 'claims', 'userinfo']) byId(id).replaceChildren();
}

/**
 * @param {HTMLElement} place
 * @param {string} issuer
 * @param {Tokens} tokens
 * @param {AbortSignal} leaving an answer that comes after it is dropped
 */
async function answerInto(place, issuer, tokens, leaving) {
  place.classList.remove('problem');
  place.replaceChildren(element('p', 'Asking…'));
  const answer = await userInfo(issuer, tokens);
  if (leaving.aborted) return;
  const isRefused = 'problem' in answer;
  place.replaceChildren(isRefused ? element('p', answer.problem) : element('pre', JSON.stringify(answer.claims, null, 2)));
  place.classList.toggle('problem', isRefused);
}

/** @param {Readonly<Record<string, unknown>>} claims */
function rowsOf(claims) {
  return Object.entries(claims).map(([name, value]) => {
    const head = element('th', name);
    head.setAttribute('scope', 'row');
    return element('tr', head, element('td', ...valueOf(name, value)));
  });
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {(Node | string)[]}
 */
function valueOf(name, value) {
  if (TIMES.has(name) && typeof value === 'number') return [`${value} (`, timeOf(value), ')'];
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

/** @param {number} seconds since the epoch */
function timeOf(seconds) {
  const date = new Date(seconds * 1000);
  const time = element('time', moment.format(date));
  time.setAttribute('datetime', date.toISOString());
  return time;
}
