/**
 * Requests with the access token: the header, the proof, and what an API may answer because of them.
 */
import { readChallenges, type Challenge } from './challenge.js';
import type { Proofs } from './dpop.js';
import { TokensError } from './errors.js';
import type { Platform } from './platform.js';
import type { Tokens } from '../types.js';

/** What the session does for a request. */
export interface TokenSource {
  /** @throws TokensError when there are none */
  readonly current: () => Promise<Tokens>;
  readonly renew: () => Promise<Tokens>;
  /** Whether renewing can help. */
  readonly isRenewable: () => boolean;
}

/** What RFC 9470 section 3 wants of the next sign-in. */
export interface StepUp {
  readonly acrValues?: string;
  readonly maxAge?: number;
}

/** RFC 9470's name, and the one that Identity Engine has. */
const STEP_UP = ['insufficient_user_authentication', 'insufficient_authentication_context'];

/** See the head of the file. */
export class AuthorizedRequests {
  readonly #platform: Platform;
  readonly #source: TokenSource;
  readonly #proofs: Proofs | undefined;
  /** The origin and the token of an API that did not take a new one either: it is not the token that is wrong. */
  #refused: string | undefined;

  constructor(platform: Platform, source: TokenSource, proofs: Proofs | undefined) {
    this.#platform = platform;
    this.#source = source;
    this.#proofs = proofs;
  }

  /** @throws TokensError `tokens.…` before anything is sent; later what `fetch` itself throws */
  async send(request: Request): Promise<Response> {
    const tokens = await this.#source.current();
    const response = await this.#attempt(request, tokens);
    const named = ({ accessToken }: Tokens): string => `${new URL(request.url).origin} ${accessToken}`;
    if (!isTokenInvalid(response) || !this.#source.isRenewable() || this.#refused === named(tokens)) return response;
    const renewed = await this.#newer(tokens);
    if (!renewed) return response;
    const last = await this.#attempt(request, renewed);
    if (isTokenInvalid(last)) this.#refused = named(renewed);
    return last;
  }

  /** Another request, or another tab, may have renewed them while this one was on its way. */
  async #newer(used: Tokens): Promise<Tokens | undefined> {
    try {
      const current = await this.#source.current();
      return current.accessToken === used.accessToken ? await this.#source.renew() : current;
    } catch {
      // The caller gets the API's answer, which says what is wrong.
      return undefined;
    }
  }

  async #attempt(request: Request, tokens: Tokens): Promise<Response> {
    const response = await this.#once(request, tokens);
    const isWorthwhile = challengesOf(response).some(({ params }) => this.#proofs?.canCure(params['error'], response.headers));
    return isWorthwhile ? this.#once(request, tokens) : response;
  }

  async #once(request: Request, { accessToken, tokenType }: Tokens): Promise<Response> {
    // The body can be read once; there may be another attempt.
    const copy = request.clone();
    const isBound = tokenType.toLowerCase() === 'dpop';
    copy.headers.set('authorization', `${isBound ? 'DPoP' : 'Bearer'} ${accessToken}`);
    if (isBound && this.#proofs) copy.headers.set('dpop', await this.#proofs.prove({ method: request.method, url: request.url, accessToken }));
    const response = await this.#platform.fetch(copy);
    this.#proofs?.learnFrom(request.url, response.headers);
    return response;
  }
}

/** The request as it is sent, with nothing of ours in it yet. @throws TokensError `fetch.origin_not_allowed` */
export function makeRequest(input: string | URL | Request, init: RequestInit | undefined, page: string | undefined, allowed: readonly string[]): Request {
  const address = input instanceof Request ? input : new URL(input, page);
  const { origin } = new URL(input instanceof Request ? input.url : input, page);
  if (!allowed.includes(origin)) {
    throw new TokensError('fetch.origin_not_allowed', `option \`allowedOrigins\` does not name ${origin}, so nothing was sent`, { option: 'allowedOrigins' });
  }
  return new Request(address, { ...init, redirect: init?.redirect ?? 'error' });
}

/** What the API wants of the next sign-in, if that is what it says. */
export function stepUpOf(response: Response): StepUp | undefined {
  const params = challengesOf(response).find(({ params }) => STEP_UP.includes(params['error'] ?? ''))?.params;
  if (!params) return undefined;
  const { acr_values: acrValues, max_age: seconds } = params as { acr_values?: string; max_age?: string };
  const maxAge = /^\d{1,15}$/.test(seconds ?? '') ? Number(seconds) : undefined;
  return { ...(acrValues && { acrValues }), ...(maxAge !== undefined && { maxAge }) };
}

const challengesOf = (response: Response): readonly Challenge[] =>
  response.status === 401 || response.status === 403 || response.status === 400 ? readChallenges(response.headers.get('www-authenticate')) : [];

/** RFC 6750 section 3.1. The reason may be hidden from pages of another origin: then it may be this one. */
function isTokenInvalid(response: Response): boolean {
  if (response.status !== 401) return false;
  return !response.headers.has('www-authenticate') || challengesOf(response).some(({ params }) => params['error'] === 'invalid_token');
}
