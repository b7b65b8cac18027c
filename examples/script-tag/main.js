const signIn = Latchkey.createSignIn({
  issuer: document.querySelector('meta[name="issuer"]').content,
  clientId: 'demo-spa',
  redirectUri: '/callback',
});
signIn.mount('#sign-in');

signIn.finished.then((outcome) => {
  if (outcome.status !== 'signed-in') return;
  signIn.unmount();
  document.querySelector('#welcome').textContent = `Welcome, ${outcome.tokens.idToken.claims.name}`;
});
