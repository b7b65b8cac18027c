import { createSignIn } from '/latchkey/latchkey.js';

const signIn = createSignIn(JSON.parse(document.querySelector('meta[name="options"]').content));
signIn.mount('#sign-in');

const outcome = await signIn.finished;
if (outcome.status === 'interaction-code') {
  const { interactionCode, state } = outcome;
  const answer = await fetch('/session', { method: 'POST', body: new URLSearchParams({ interactionCode, state }) });
  if (answer.ok) location.reload();
  else document.querySelector('#problem').textContent = 'Signing in did not work. Please load the page again.';
}
