// The way in that this project is about: the widget in the page itself.

import { createSignIn } from '/latchkey/latchkey.js';

/** @param {import('./sign-in.js').Visit} visit */
export function offerEmbedded({ issuer, clientId, place, onTokens }) {
  const signIn = createSignIn({
    issuer,
    clientId,
    // Another provider sends the browser back to this page, wherever it is.
    redirectUri: location.pathname === '/' ? '/callback' : location.pathname,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    onSuccess: (outcome) => {
      signIn.destroy();
      if (outcome.status === 'signed-in') onTokens(outcome.tokens);
    },
    // The person has been told already, in plain words; this is for whoever runs the site.
    onError: (error) => console.warn(`sign-in: ${error.code}: ${error.message}`),
  });
  signIn.mount(place);
}
