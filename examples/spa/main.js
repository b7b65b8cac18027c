// A single-page app with routes: the widget signs people in on the page, `latchkey/tokens` keeps their tokens and guards the
// routes. The addresses are real ones, so whoever serves this answers all of them with index.html.

import { createTokens } from 'latchkey/tokens';
import { hideSignIn, showSignIn } from './sign-in.js';

/** Which pages want somebody to be signed in. A real app has one of these and not a choice. */
const LEVELS = { all: 'all', some: ['/orders', '/orders/*'], none: 'none' };

const byId = (id) => document.getElementById(id);
const level = new URLSearchParams(location.search).get('guard') ?? sessionStorage.getItem('guard') ?? 'some';
sessionStorage.setItem('guard', level);

const settings = { issuer: document.querySelector('meta[name="issuer"]').content, clientId: 'demo-spa', redirectUri: '/callback' };
const tokens = createTokens({
  ...settings,
  postLogoutRedirectUri: '/',
  requireSignIn: LEVELS[level],
  // Without this line, guards would send people to the server's page.
  signIn: ({ href }) => {
    // Another provider's page may lie between here and the end of the sign-in.
    sessionStorage.setItem('wanted', href);
    return signInHere();
  },
});

function signInHere() {
  show(['Members only', 'This page is for people who are signed in.']);
  return showSignIn(byId('sign-in'), settings);
}

/** Back from another provider's page: the widget reads the address, goes on where it was, and ends where the person wanted to be. */
async function goOnHere() {
  const outcome = await signInHere();
  if (outcome.status !== 'signed-in') return;
  tokens.accept(outcome);
  history.replaceState(null, '', sessionStorage.getItem('wanted') ?? '/');
  await draw();
}

/** What each page says. */
function textOf(pathname) {
  const order = /^\/orders\/(\d+)$/.exec(pathname)?.[1];
  if (order) return [`Order ${order}`, 'One inner tube, 28 inches.'];
  if (pathname === '/orders') return ['Orders', 'Number 7 is on its way.'];
  return ['Home', `Guarded: ${level}.`];
}

/** Draws the page that the address names, once it may be seen; the guard shows the sign-in if it may not. */
async function draw() {
  const { href, pathname } = location;
  hideSignIn();
  try {
    if (await tokens.guard(href)) show(textOf(pathname));
  } catch (error) {
    showProblem(error);
  }
}

/** The same after a link or Back: screen readers begin at the title. */
async function goOn() {
  await draw();
  byId('title').focus();
}

function show([title, text]) {
  document.title = `${title} · Single-page app`;
  byId('title').textContent = title;
  byId('text').textContent = text;
}

const showProblem = ({ code, message }) => show(['You are not signed in', `${code}: ${message}`]);

function showWho() {
  const { name } = tokens.tokens?.idToken?.claims ?? {};
  byId('who').textContent = tokens.isSignedIn ? `Signed in as ${name}` : '';
  byId('out').hidden = !tokens.isSignedIn;
  byId('in').hidden = tokens.isSignedIn;
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  // Links with a query choose another guard: those load the page anew.
  if (!link || link.origin !== location.origin || link.search || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  void goOn();
});
window.addEventListener('popstate', () => void goOn());
byId('in').addEventListener('click', () => void tokens.signInWithRedirect().catch(showProblem));
byId('out').addEventListener('click', () => void tokens.signOut());
tokens.on('change', showWho);

/** Back from the server's page: this leaves the place where the person was in the address. What is not for it is the widget's. */
async function takeUp() {
  await tokens.ready;
  try {
    return (await tokens.handleCallback()).status;
  } catch (error) {
    if (new URLSearchParams(location.search).has('error')) return 'none';
    showProblem(error);
    return 'failed';
  }
}

const status = await takeUp();
showWho();
if (location.pathname !== '/callback') await draw();
else if (status === 'none') await goOnHere();
