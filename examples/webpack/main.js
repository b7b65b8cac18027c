import { createSignIn } from 'latchkey';
import 'latchkey/latchkey.css';

const signIn = createSignIn({
  issuer: document.querySelector('meta[name="issuer"]').content,
  clientId: 'demo-spa',
  redirectUri: '/callback',
});
signIn.mount('#sign-in');

const outcome = await signIn.finished;
if (outcome.status === 'signed-in') {
  signIn.unmount();
  document.querySelector('#welcome').textContent = `Welcome, ${outcome.tokens.idToken.claims.name}`;
}
