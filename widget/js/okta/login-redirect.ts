/**
 * A sign-in whose interaction code comes back in the address: after `showSignInAndRedirect`, where the widget hands out the code
 * instead of redeeming it, and after another provider's page, where the widget that began is gone. The verifier waits in
 * sessionStorage, and the code is redeemed here (RFC 7636, OIDC Core 3.1.3.7).
 */
import { TokensError } from '../tokens/errors.js';
import { checkIdToken } from '../tokens/id-token.js';
import { hashOf, isObject, random } from '../tokens/jwt.js';
import { Keys } from '../tokens/keys.js';
import type { Platform } from '../tokens/platform.js';
import { AuthorizationServer } from '../tokens/server.js';
import { ServerClock } from '../tokens/server-clock.js';
import type { TokensOptions } from '../tokens/types.js';
import type { Tokens } from '../types.js';

/** What the widget is given to begin with. */
export interface Challenge {
  readonly codeChallenge: string;
  readonly codeChallengeMethod: 'S256';
  readonly state: string;
  readonly nonce: string;
}

/** What waits for the code. The names are those under which the widget itself keeps a transaction. */
export interface Waiting {
  readonly codeVerifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** What the address says. */
export interface Answer {
  readonly state: string;
  readonly interactionCode: string | null;
  readonly error: string | null;
  readonly description: string | null;
}

const NAME = 'okta.latchkey.redirect';
/** Where the widget keeps its own, by a name that begins so. */
const WIDGET = 'latchkey.';
const PARAMETERS = ['interaction_code', 'state', 'iss', 'error', 'error_description'];

/** See the head of the file. */
export class LoginRedirect {
  readonly #options: TokensOptions;
  readonly #platform: Platform;
  readonly #clock: ServerClock;
  readonly #server: AuthorizationServer;

  constructor(options: TokensOptions, platform: Platform) {
    this.#options = options;
    this.#platform = platform;
    this.#clock = new ServerClock(platform, () => undefined);
    this.#server = new AuthorizationServer(options, platform, this.#clock, undefined);
  }

  /** The same challenge until its code has come back, so that a page that is loaded anew goes on with its sign-in. */
  async begin({ state, nonce }: Partial<Pick<Challenge, 'state' | 'nonce'>>): Promise<Challenge> {
    const before = this.#read(NAME);
    const isOurs = before && (state ?? before.state) === before.state && (nonce ?? before.nonce) === before.nonce;
    const waiting = isOurs ? before : { codeVerifier: random(), state: state ?? random(), nonce: nonce ?? random() };
    this.#storage().setItem(NAME, JSON.stringify(waiting));
    return { codeChallenge: await hashOf(waiting.codeVerifier), codeChallengeMethod: 'S256', state: waiting.state, nonce: waiting.nonce };
  }

  /** What the address says, if it is that of `redirectUri` with such an answer in it. */
  read(address = this.#platform.href()): Answer | undefined {
    const { redirectUri } = this.#options;
    if (address === undefined || redirectUri === undefined) return undefined;
    const url = new URL(address, this.#platform.href());
    const own = new URL(redirectUri, this.#platform.href());
    const [state, interactionCode, error] = ['state', 'interaction_code', 'error'].map((name) => url.searchParams.get(name)) as (string | null)[];
    if (url.origin !== own.origin || url.pathname !== own.pathname || !state || !(interactionCode ?? error)) return undefined;
    return { state, interactionCode: interactionCode ?? null, error: error ?? null, description: url.searchParams.get('error_description') };
  }

  /** What waits for its code, of `showSignInAndRedirect` or of the widget; by its `state`, or the former. */
  waiting(state?: string): Waiting | undefined {
    return state === undefined ? this.#read(NAME) : this.#find(state)?.waiting;
  }

  /** Whatever comes back is refused then. */
  forget(): void {
    this.#storage().removeItem(NAME);
  }

  /** Gives one token back to the server (RFC 7009). @throws TokensError `server.…`, `network.…` */
  revoke(token: string, which: 'access_token' | 'refresh_token'): Promise<void> {
    return this.#server.revoke(token, which);
  }

  /**
   * The tokens that a code stands for. The address is cleaned and the verifier forgotten before anything is asked: neither can
   * be used twice.
   *
   * @throws TokensError `callback.…`, `id_token.…`, `server.…`, `network.…`
   */
  async redeem({ state, interactionCode, error, description }: Answer): Promise<Tokens> {
    const waiting = this.#take(state);
    this.clean();
    if (!waiting) throw new TokensError('callback.unknown_state', '`state` belongs to no sign-in that this tab has begun');
    if (interactionCode === null) throw new TokensError('callback.refused', `the server refused: \`${error}\` ${description ?? ''}`, { oauthError: error ?? undefined });
    return this.#exchange(interactionCode, waiting);
  }

  async #exchange(code: string, { codeVerifier, nonce }: Waiting): Promise<Tokens> {
    const { clientId, issuer, scopes = [], redirectUri = '' } = this.#options;
    const [server, clock] = [this.#server, this.#clock];
    const params = { grant_type: 'interaction_code', interaction_code: code, code_verifier: codeVerifier, redirect_uri: new URL(redirectUri, this.#platform.href()).href };
    const { accessToken, tokenType, lifetime, scopes: granted, idToken, refreshToken, toldTime } = await server.exchange(params, scopes);
    const expected = { issuer, clientId, accessToken, nonce };
    const claims = idToken === undefined ? undefined : await checkIdToken(idToken, expected, new Keys(() => server.keys()), clock, toldTime);
    return {
      accessToken,
      tokenType,
      expiresAt: Math.floor(this.#platform.now() / 1000 + lifetime),
      scopes: granted,
      ...(idToken !== undefined && claims && { idToken: { raw: idToken, claims } }),
      ...(refreshToken !== undefined && { refreshToken }),
    };
  }

  #take(state: string): Waiting | undefined {
    const found = this.#find(state);
    if (found) this.#storage().removeItem(found.name);
    return found?.waiting;
  }

  #find(state: string): { readonly name: string; readonly waiting: Waiting } | undefined {
    const names = [NAME, ...Object.keys(this.#storage()).filter((name) => name.startsWith(WIDGET))];
    return names.map((name) => ({ name, waiting: this.#read(name) })).find((found): found is { name: string; waiting: Waiting } => found.waiting?.state === state);
  }

  #read(name: string): Waiting | undefined {
    try {
      const waiting: unknown = JSON.parse(this.#storage().getItem(name) ?? 'null');
      const isWhole = isObject(waiting) && ['codeVerifier', 'state', 'nonce'].every((member) => typeof waiting[member] === 'string');
      return isWhole ? (waiting as unknown as Waiting) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Takes the answer out of the address. */
  clean(): void {
    const url = new URL(this.#platform.href() ?? '');
    for (const name of PARAMETERS) url.searchParams.delete(name);
    this.#platform.rewrite(url.href);
  }

  #storage(): Storage {
    const { sessionStorage } = this.#platform;
    if (sessionStorage) return sessionStorage;
    throw new TokensError('redirect.no_storage', 'the page has no sessionStorage');
  }
}
