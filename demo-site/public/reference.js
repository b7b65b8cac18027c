// Runs the examples of the reference page: each button mounts the widget with exactly the options that stand above it, on top of
// the three that every sign-in needs. One at a time.

import { createSignIn } from '/latchkey/latchkey.js';
import { examples } from '/reference/examples.js';
import { byId, written } from './page.js';

/** What every sign-in needs. */
const needed = { issuer: written('issuer'), clientId: 'demo-spa', redirectUri: '/callback' };

/** Ends the example that runs. */
let stop = () => {};

for (const live of document.querySelectorAll('[data-example]')) {
  const [button, place, log] = /** @type {[HTMLButtonElement, HTMLElement, HTMLOutputElement]} */ ([...live.children]);
  button.hidden = false;
  button.addEventListener('click', () => (button.textContent === RUN ? run(/** @type {HTMLElement} */ (live).dataset.example ?? '', button, place, log) : stop()));
}

const RUN = 'Run it';

/**
 * @param {string} name
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} place
 * @param {HTMLOutputElement} log
 */
function run(name, button, place, log) {
  stop();
  log.textContent = '';
  /** @param {string} line */
  const tell = (line) => (log.textContent += `${line}\n`);
  const signIn = createSignIn({ ...needed, ...examples[name]() });
  signIn.on('screen', (screen) => tell(`screen ${screen.name}`));
  signIn.on('error', (error) => tell(`error ${error.code}`));
  signIn.on('success', (outcome) => tell(`success ${outcome.status}${outcome.status === 'signed-in' ? ` ${outcome.tokens.scopes.join(' ')}` : ''}`));
  button.textContent = 'Stop';
  stop = () => signIn.destroy();
  signIn.finished.then(({ status }) => {
    if (status === 'cancelled') tell('cancelled');
    button.textContent = RUN;
  });
  signIn.mount(place);
}

const look = byId('look');
look.hidden = false;
look.addEventListener('click', async () => {
  const { diagnose } = await import('/latchkey/latchkey-diagnose.js');
  const findings = await diagnose(needed);
  byId('looked').textContent = findings.map(({ code, ok, what }) => `${{ true: '✓', false: '✗', unknown: '?' }[String(ok)]} ${code}: ${what}\n`).join('');
});
