/**
 * What is asked of the authorization server, and how its answers are read. Which answer means what for the session is not
 * decided here.
 */
import { isEndpoint } from './options.js';
import type { Key, Proofs } from './dpop.js';
import { discoveryOf, endpointsOf } from './endpoints.js';
import { TokensError } from './errors.js';
import { isObject, type Members } from './jwt.js';
import type { Platform } from './platform.js';
import type { ServerClock } from './server-clock.js';
import type { Endpoints, TokensOptions } from './types.js';

/** The token endpoint's answer before the ID token has been checked. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly tokenType: string;
  /** In seconds. */
  readonly lifetime: number;
  readonly scopes: readonly string[];
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  /** Whether the server's clock was in its head. */
  readonly toldTime: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Members | undefined;
}

/** Addresses, and whether answers of the authorization endpoint name their issuer (RFC 9207 section 3). */
interface Metadata extends Endpoints {
  readonly namesIssuer: boolean;
}

/** A server that says nothing for so long, in milliseconds, says nothing. */
const TIMEOUT = 30_000;
/** Where the server names no lifetime, the shortest that is usual; better renewed early than late. */
const DEFAULT_LIFETIME = 300;

/** One issuer, as one client talks to it. */
export class AuthorizationServer {
  readonly #options: TokensOptions;
  readonly #platform: Platform;
  readonly #clock: ServerClock;
  readonly #proofs: Proofs | undefined;
  #metadata: Promise<Metadata> | undefined;

  constructor(options: TokensOptions, platform: Platform, clock: ServerClock, proofs: Proofs | undefined) {
    this.#options = options;
    this.#platform = platform;
    this.#clock = clock;
    this.#proofs = proofs;
  }

  /** Where the endpoints are. A failure to find out is forgotten, so that the next call asks again. */
  metadata(): Promise<Metadata> {
    const { issuer, endpoints = 'derived' } = this.#options;
    if (endpoints !== 'discovered') return Promise.resolve({ ...derived(issuer), ...(endpoints === 'derived' ? {} : endpoints) });
    this.#metadata ??= this.#discover();
    this.#metadata.catch(() => (this.#metadata = undefined));
    return this.#metadata;
  }

  /**
   * A grant exchanged for tokens (RFC 6749 section 3.2).
   *
   * @throws TokensError `server.…`, `network.…`, `dpop.not_bound`
   */
  async exchange(params: Readonly<Record<string, string>>, scopes: readonly string[]): Promise<TokenAnswer> {
    const { token } = await this.metadata();
    const answer = await this.#post(token, { ...params, client_id: this.#options.clientId });
    if (answer.status !== 200 || !answer.body) throw refusal('the token endpoint', answer);
    const toldTime = this.#clock.learnFrom(answer.headers);
    return { ...readTokens(answer.body, scopes, this.#proofs !== undefined), toldTime };
  }

  /**
   * Does nothing where the server has no endpoint for it.
   *
   * @param key what the token is bound to, where that is not the present key
   * @throws TokensError `server.…`, `network.…`
   */
  async revoke(token: string, hint: 'access_token' | 'refresh_token', key?: Promise<Key>): Promise<void> {
    const { revocation } = await this.metadata();
    if (!revocation) return;
    const params = { token, token_type_hint: hint, client_id: this.#options.clientId };
    const answer = await this.#post(revocation, params, { keepalive: true }, key);
    if (answer.status !== 200) throw refusal('the revocation endpoint', answer);
  }

  /** The issuer's key set. @throws TokensError `server.unreadable`, `network.…` */
  async keys(): Promise<Members> {
    const { keys } = await this.metadata();
    // Asked for only when none of those known fits: a cached answer might be the one that was not enough.
    return this.#read(keys, { cache: 'reload' });
  }

  async #discover(): Promise<Metadata> {
    const { issuer } = this.#options;
    const found = await this.#read(discoveryOf(issuer), { cache: 'default' });
    // OIDC Discovery 4.3.
    if (found['issuer'] !== issuer) throw new TokensError('server.issuer_mismatch', '`issuer` of the discovery document is not the option `issuer`');
    const address = (name: string, isOptional = false): string => {
      const value = found[name];
      if (isEndpoint(value)) return value;
      if (isOptional && value === undefined) return '';
      throw new TokensError('server.missing_member', `the discovery document has no \`${name}\` that is an https address`);
    };
    return {
      authorization: address('authorization_endpoint'),
      token: address('token_endpoint'),
      userinfo: address('userinfo_endpoint', true),
      revocation: address('revocation_endpoint', true),
      keys: address('jwks_uri'),
      endSession: address('end_session_endpoint', true),
      namesIssuer: found['authorization_response_iss_parameter_supported'] === true,
    };
  }

  async #read(url: string, init: RequestInit): Promise<Members> {
    const answer = await this.#send(url, init);
    if (answer.status === 200 && answer.body) return answer.body;
    throw refusal(url, answer);
  }

  /**
   * RFC 9449 section 8: a server that wants a nonce of its own says so, and gets it. One that does not take the proof may say
   * in the same answer by how much this device's clock is wrong. Once, lest it be asked for ever.
   */
  async #post(url: string, params: Readonly<Record<string, string>>, init: RequestInit = {}, key?: Promise<Key>): Promise<Answer> {
    const attempt = async (): Promise<Answer> => {
      const headers = { accept: 'application/json', ...(this.#proofs && { dpop: await this.#proofs.prove({ method: 'POST', url, key }) }) };
      const answer = await this.#send(url, { cache: 'no-store', ...init, method: 'POST', headers, body: new URLSearchParams(params) });
      this.#proofs?.learnFrom(url, answer.headers);
      return answer;
    };
    const answer = await attempt();
    const isWorthwhile = this.#proofs?.canCure(answer.body?.['error'], answer.headers);
    return isWorthwhile ? attempt() : answer;
  }

  async #send(url: string, init: RequestInit): Promise<Answer> {
    const { fetch, setTimeout, clearTimeout } = this.#platform;
    const stopping = new AbortController();
    const { signal } = stopping;
    const timer = setTimeout(() => stopping.abort(), TIMEOUT);
    try {
      const response = await fetch(url, { ...init, credentials: 'omit', redirect: 'error', signal });
      return { status: response.status, headers: response.headers, body: readObject(await response.text()) };
    } catch (cause) {
      throw new TokensError(signal.aborted ? 'network.timed_out' : 'network.unreachable', `${url} could not be reached`, { cause });
    } finally {
      clearTimeout(timer as never);
    }
  }
}

function derived(issuer: string): Metadata {
  const base = endpointsOf(issuer);
  return {
    authorization: `${base}/authorize`,
    token: `${base}/token`,
    userinfo: `${base}/userinfo`,
    revocation: `${base}/revoke`,
    keys: `${base}/keys`,
    endSession: `${base}/logout`,
    namesIssuer: false,
  };
}

function readObject(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 6749 section 5.1, OIDC Core 3.1.3.3. */
function readTokens(body: Members, scopes: readonly string[], isBound: boolean): Omit<TokenAnswer, 'toldTime'> {
  const text = (name: string): string | undefined => (typeof body[name] === 'string' ? body[name] : undefined);
  const required = (name: string): string => text(name) ?? missing(name);
  const tokenType = required('token_type');
  checkType(tokenType.toLowerCase(), isBound);
  const lifetime = Number(body['expires_in'] ?? DEFAULT_LIFETIME);
  return {
    accessToken: required('access_token'),
    tokenType,
    lifetime: lifetime >= 0 ? lifetime : DEFAULT_LIFETIME,
    // RFC 6749 section 5.1: scope may be left out where it is what was asked for.
    scopes: text('scope')?.split(' ') ?? scopes,
    idToken: text('id_token'),
    refreshToken: text('refresh_token'),
  };
}

function checkType(tokenType: string, isBound: boolean): void {
  if (tokenType === (isBound ? 'dpop' : 'bearer')) return;
  // RFC 9449 section 5: a client that needs bound tokens must not go on with others.
  if (isBound) throw new TokensError('dpop.not_bound', 'the server gave a token that is not bound to the key');
  throw new TokensError('server.token_type', '`token_type` is not Bearer');
}

/** For what the answer must have and has not. */
export const missing = (name: string): never => {
  throw new TokensError('server.missing_member', `the token endpoint’s answer has no \`${name}\``);
};

function refusal(who: string, { status, headers, body }: Answer): TokensError {
  const requestId = headers.get('x-okta-request-id') ?? undefined;
  const oauthError = typeof body?.['error'] === 'string' ? body['error'] : undefined;
  if (oauthError === undefined) return new TokensError('server.unreadable', `${who} answered ${status} without a reason`, { requestId });
  return new TokensError('server.token_refused', `${who} refused: \`${oauthError}\` ${String(body?.['error_description'] ?? '')}`, { oauthError, requestId });
}
