/**
 * An `OktaAuth` that the page has made itself (`@okta/okta-auth-js`): it keeps the verifier and redeems the code, as with the
 * incumbent's widget. So a code that comes back to another page, after another provider, finds who has begun.
 */
import type { Challenge } from './login-redirect.js';
import type { Tokens } from './types.js';

/** Who has the verifier: what the widget is given to begin with, and what becomes of its code on this page. */
export interface Redeemer {
  readonly challenge: object;
  redeem(interactionCode: string, state: string): Promise<Tokens>;
}

interface Meta extends Challenge {
  readonly codeVerifier: string;
}

/** What is used of it. */
interface PageAuthClient {
  readonly idx?: {
    getSavedTransactionMeta?(): Meta | undefined | Promise<Meta | undefined>;
    createTransactionMeta(params: object): Promise<Meta>;
    saveTransactionMeta(meta: Meta): void;
    clearTransactionMeta?(): void;
  };
  readonly token?: { exchangeCodeForTokens(params: object): Promise<{ readonly tokens: Tokens }> };
}

/** Nothing where the client knows nothing of interaction codes: it is of a version before 6, or something else. */
export async function redeemerOf(client: object, wanted: Partial<Pick<Challenge, 'state' | 'nonce'>>): Promise<Redeemer | undefined> {
  const { idx, token } = client as PageAuthClient;
  if (!idx || !token) return undefined;
  const saved = await idx.getSavedTransactionMeta?.();
  // A page that is drawn anew goes on with its transaction, since the code of the one before may be on its way.
  const isWanted = saved && (wanted.state ?? saved.state) === saved.state && (wanted.nonce ?? saved.nonce) === saved.nonce;
  const meta = isWanted ? saved : await idx.createTransactionMeta(wanted);
  if (!isWanted) idx.saveTransactionMeta(meta);
  const { codeVerifier, codeChallenge, state, nonce } = meta;
  const redeem = async (interactionCode: string): Promise<Tokens> => {
    try {
      return (await token.exchangeCodeForTokens({ codeVerifier, interactionCode })).tokens;
    } finally {
      idx.clearTransactionMeta?.();
    }
  };
  return { challenge: { codeChallenge, codeChallengeMethod: 'S256', state, nonce }, redeem };
}
