/**
 * An `OktaAuth` that the page has made itself (`@okta/okta-auth-js`): it keeps the verifier, since it redeems the code.
 */
import { ConfigError } from './errors.js';
import type { Challenge } from './login-redirect.js';

/** What is used of it. */
interface PageAuthClient {
  readonly idx?: {
    createTransactionMeta(params: object): Promise<Challenge>;
    saveTransactionMeta(meta: object): void;
  };
}

/** A challenge whose verifier that client keeps, by its `state`. @throws ConfigError where it knows nothing of interaction codes */
export async function challengeOf(client: object, wanted: object): Promise<Challenge> {
  const { idx } = client as PageAuthClient;
  if (!idx) throw new ConfigError('option `authClient`: its `idx` is not there, so give a `codeChallenge` too, or use `OktaAuth` of @okta/okta-auth-js 6 or later');
  const meta = await idx.createTransactionMeta(wanted);
  idx.saveTransactionMeta(meta);
  const { codeChallenge, state, nonce } = meta;
  return { codeChallenge, codeChallengeMethod: 'S256', state, nonce };
}
