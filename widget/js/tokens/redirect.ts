/**
 * The way to the server's sign-in page and back: what has to be remembered in between, and what the answer in the address
 * says (RFC 6749 section 4.1, RFC 7636, RFC 9207). And the same for a sign-in of the widget, which stays in the page.
 */
import { TokensError } from './errors.js';
import { hashOf, isObject, random } from './jwt.js';
import type { Platform } from './platform.js';
import type { RedirectOptions, TokensOptions, WidgetOptions, WidgetSignIn } from './types.js';

/** What is in sessionStorage under the state's name until the browser is back. */
export interface Begun {
  readonly state: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly scopes: readonly string[];
  readonly originalUri: string;
  readonly acrValues?: string | undefined;
  readonly maxAge?: number | undefined;
  /** By this device's clock, in milliseconds. */
  readonly begunAt: number;
}

/** What the address says. */
export interface Said {
  readonly state: string;
  readonly code: string | null;
  readonly error: string | null;
  readonly description: string | null;
  readonly issuer: string | null;
}

const PREFIX = 'sign-in.latchkey.';
const REDIRECTS = `${PREFIX}redirects`;
/** How long somebody may take to sign in, in milliseconds. */
const LIFETIME = 60 * 60_000;
/** Parameters of the server's answer; others are the page's own. */
const PARAMETERS = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'session_state'];

export const DEFAULT_SCOPES: readonly string[] = ['openid', 'profile', 'email'];

/** See the head of the file. */
export class Redirects {
  readonly #options: TokensOptions;
  readonly #platform: Platform;

  constructor(options: TokensOptions, platform: Platform) {
    this.#options = options;
    this.#platform = platform;
  }

  /**
   * Remembers a sign-in, and gives the parameters of the authorization request.
   *
   * @throws TokensError `redirect.…`, `options.…`
   */
  async begin(given: RedirectOptions): Promise<Record<string, string>> {
    const storage = this.#storage();
    this.#countRedirect(storage);
    this.#sweep(storage);
    const begun = this.#describe(given);
    const { state, clientId, redirectUri, scopes, nonce, acrValues, maxAge } = begun;
    write(storage, PREFIX + state, begun);
    return {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      state,
      nonce,
      code_challenge: await hashOf(begun.verifier),
      code_challenge_method: 'S256',
      ...(acrValues !== undefined && { acr_values: acrValues }),
      ...(maxAge !== undefined && { max_age: String(maxAge) }),
      ...(given.loginHint !== undefined && { login_hint: given.loginHint }),
      ...(given.prompt !== undefined && { prompt: given.prompt }),
    };
  }

  /**
   * Remembers a sign-in of the widget. Before it is over the same is given again, because after a reload the widget goes on
   * only with the options that it began with.
   *
   * @throws TokensError `redirect.no_storage`, `options.…`
   */
  async embed(given: WidgetOptions): Promise<WidgetSignIn> {
    const storage = this.#storage();
    const wanted = this.#describe(given);
    const before = this.#read(storage, this.#embedded);
    const begun = before && this.#isFresh(before) && wants(before) === wants(wanted) ? before : wanted;
    write(storage, this.#embedded, begun);
    const { issuer, clientId, redirectUri, scopes, state, nonce, verifier, acrValues, maxAge } = begun;
    return { issuer, clientId, redirectUri, scopes, state, nonce, acrValues, maxAge, codeChallenge: await hashOf(verifier), codeChallengeMethod: 'S256' };
  }

  /** What the address says, if it is that of `redirectUri` with an answer in it. */
  read(address: string | undefined): Said | undefined {
    if (address === undefined || this.#options.redirectUri === undefined) return undefined;
    const url = new URL(address, this.#platform.href());
    const own = this.redirectUri();
    const parameter = (name: string): string | null => url.searchParams.get(name);
    const [state, code, error] = [parameter('state'), parameter('code'), parameter('error')];
    if (url.origin !== own.origin || url.pathname !== own.pathname || state === null || (code ?? error) === null) return undefined;
    return { state, code, error, description: parameter('error_description'), issuer: parameter('iss') };
  }

  /**
   * The sign-in that this state belongs to, by redirect or in the widget; it can be taken once.
   *
   * @throws TokensError `callback.unknown_state`
   */
  take(state: string, isEmbedded = false): Begun {
    const storage = this.#storage();
    const name = isEmbedded ? this.#embedded : PREFIX + state;
    const begun = this.#read(storage, name);
    const { issuer, clientId } = this.#options;
    // Whoever made the address has chosen the name: nothing else that is kept here is touched.
    const isIts = begun?.state === state;
    if (isIts) storage.removeItem(name);
    if (isIts && begun.issuer === issuer && begun.clientId === clientId && this.#isFresh(begun)) return begun;
    throw new TokensError('callback.unknown_state', '`state` belongs to no sign-in that this tab has begun, or to one that is too old or done');
  }

  /** The address without the server's answer. */
  clean(address: string): string {
    const url = new URL(address, this.#platform.href());
    for (const name of PARAMETERS) url.searchParams.delete(name);
    return url.href;
  }

  /** @throws TokensError `options.…` when there is none, or the page makes it an insecure one */
  redirectUri(): URL {
    const { redirectUri } = this.#options;
    if (redirectUri === undefined) throw missingRedirectUri();
    return new URL(redirectUri, this.#platform.href());
  }

  #describe({ originalUri = this.#platform.href() ?? '', scopes = this.#options.scopes ?? DEFAULT_SCOPES, acrValues, maxAge }: RedirectOptions): Begun {
    const { issuer, clientId, redirectUri = '' } = this.#options;
    const { href, protocol } = this.redirectUri();
    const original = new URL(originalUri, this.#platform.href());
    // An address of elsewhere that comes back as "the original place" would be an open redirector (RFC 9700 section 4.11).
    if (original.origin !== new URL(this.#platform.href() ?? '').origin) {
      throw new TokensError('options.value', 'option `originalUri` must be on this origin', { option: 'originalUri' });
    }
    return {
      state: random(),
      issuer,
      clientId,
      // As written if it is absolute: the server compares it letter by letter (RFC 6749 section 3.1.2.3).
      redirectUri: redirectUri.startsWith(protocol) ? redirectUri : href,
      nonce: random(),
      verifier: random(),
      scopes,
      originalUri: original.href,
      acrValues,
      maxAge,
      begunAt: this.#platform.now(),
    };
  }

  /** Where the one sign-in is that the widget is at: no state is called so. */
  get #embedded(): string {
    return `${PREFIX}@${this.#options.clientId}`;
  }

  /** A page that comes back signed out and goes to sign in again by itself would do so for ever. */
  #countRedirect(storage: Storage): void {
    const { redirects, seconds } = this.#options.redirectLimit ?? { redirects: 5, seconds: 30 };
    const now = this.#platform.now();
    const earlier: unknown = parseJson(storage.getItem(REDIRECTS));
    const recent = (Array.isArray(earlier) ? earlier : []).filter((time) => time <= now && time > now - seconds * 1000);
    if (recent.length >= redirects) {
      throw new TokensError('redirect.loop', `this tab was sent to the server ${recent.length} times within ${seconds} seconds`);
    }
    write(storage, REDIRECTS, [...recent, now]);
  }

  /** Sign-ins that nobody came back from. */
  #sweep(storage: Storage): void {
    for (const name of Object.keys(storage)) {
      if (!name.startsWith(PREFIX) || name === REDIRECTS) continue;
      const begun = this.#read(storage, name);
      if (!begun || !this.#isFresh(begun)) storage.removeItem(name);
    }
  }

  #read(storage: Storage, name: string): Begun | undefined {
    const begun = parseJson(storage.getItem(name));
    return isObject(begun) && typeof begun['verifier'] === 'string' ? (begun as unknown as Begun) : undefined;
  }

  #isFresh({ begunAt }: Begun): boolean {
    return Math.abs(this.#platform.now() - begunAt) < LIFETIME;
  }

  #storage(): Storage {
    const { sessionStorage } = this.#platform;
    if (sessionStorage) return sessionStorage;
    throw noStorage();
  }
}

/** A storage that is full is none. */
function write(storage: Storage, name: string, value: unknown): void {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch (cause) {
    throw noStorage(cause);
  }
}

const noStorage = (cause?: unknown): TokensError => new TokensError('redirect.no_storage', 'the page has no sessionStorage, or it is full', { cause });

/** What a sign-in is for, to tell whether two are for the same. */
const wants = ({ issuer, redirectUri, scopes, acrValues, maxAge }: Begun): string => JSON.stringify([issuer, redirectUri, scopes, acrValues, maxAge]);

const missingRedirectUri = (): TokensError =>
  new TokensError('options.missing', 'option `redirectUri` is required for the redirect model', { option: 'redirectUri' });

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}

/**
 * What must hold before the code is worth anything. The state has been found; now the sender.
 *
 * @throws TokensError `callback.…`
 */
export function checkSaid({ issuer, error, description, code }: Said, begun: Begun, namesIssuer: boolean): string {
  // RFC 9207 section 2.4: a name that is there must be right, and must be there if the server has announced it.
  if (issuer === null ? namesIssuer : issuer !== begun.issuer) {
    throw new TokensError('callback.issuer_mismatch', '`iss` of the answer is not the option `issuer`');
  }
  if (error !== null || code === null) {
    const oauthError = error ?? 'invalid_request';
    throw new TokensError('callback.refused', `the server refused: \`${oauthError}\` ${description ?? ''}`, { oauthError });
  }
  return code;
}
