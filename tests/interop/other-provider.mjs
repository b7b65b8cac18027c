// Somebody else's OpenID Provider: npm's `oidc-provider`, certified by the OpenID Foundation, with its own sign-in pages and
// two people who have accounts there.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/** Who has an account there, by what they sign in with. */
const PEOPLE = {
  robin: { email: 'robin@canal.example', email_verified: true, given_name: 'Robin', family_name: 'Canal' },
  pat: { email: 'pat@example.com', email_verified: true, given_name: 'Pat', family_name: 'Elsewhere' },
  mallory: { email: 'pat@example.com', email_verified: false, given_name: 'Mallory', family_name: 'Elsewhere' },
};

/**
 * Listens, and becomes a provider as soon as it is known who its client is: each has to know the other's address.
 *
 * @returns {Promise<{ issuer: string, serve: (redirectUri: string, client?: object) => void, stop: () => Promise<void> }>}
 */
export async function otherProvider() {
  let answer;
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const issuer = `http://localhost:${server.address().port}`;
  return {
    issuer,
    serve: (redirectUri, client = {}) => (answer = provider(issuer, redirectUri, client).callback()),
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What the client is called, and how it proves it. */
export const CLIENT = { client_id: 'latchkey', client_secret: 'a secret: of both' };

function provider(issuer, redirectUri, client) {
  return new Provider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: [redirectUri], ...client }],
    cookies: { keys: ['for tests only'] },
    // Pages of the client's may ask the token endpoint.
    clientBasedCORS: () => true,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
    jwks: { keys: [key('rsa', { modulusLength: 2048 }), key('ec', { namedCurve: 'P-256' })] },
    features: {
      // Its own, plain pages: they take any password.
      devInteractions: { enabled: true },
      revocation: { enabled: true },
      // Whoever proves possession of a key has to use a nonce of this server (RFC 9449 section 8).
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    },
    ttl: { Session: 600, Grant: 600, Interaction: 600, AccessToken: 600, IdToken: 600 },
  });
}

function key(type, options) {
  return { ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig' };
}

/** Signs in there as `login`, lets the client know who it is, and comes back: where the browser ends up. */
export async function signInThere(browser, page, login) {
  const next = await browser.submit(page, { login, password: 'anything' });
  // Whoever has said yes before is not asked again.
  return next.html ? browser.submit(next) : next;
}
