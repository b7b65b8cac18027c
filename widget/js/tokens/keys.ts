/**
 * The issuer's keys (RFC 7517), and whether one of them made a signature.
 */
import { isObject, type Jws, type Members } from './jwt.js';

/** Algorithms that are accepted, and no others: `none` and the HMAC family never (RFC 8725 section 3.1). */
const ALGORITHMS = {
  RS256: { kty: 'RSA', members: ['kty', 'n', 'e'], key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } },
  ES256: { kty: 'EC', members: ['kty', 'crv', 'x', 'y'], key: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } },
} as const;

type Algorithm = keyof typeof ALGORITHMS;

/** What a check of a signature can come to. */
export type Verdict = 'valid' | 'algorithm_not_allowed' | 'unknown_key' | 'signature_invalid';

/** The keys of one issuer. */
export class Keys {
  readonly #load: () => Promise<Members>;
  #set: Promise<Members> | undefined;

  /** `load` asks the issuer for its key set. */
  constructor(load: () => Promise<Members>) {
    this.#load = load;
  }

  /** Asks the issuer for its keys if that has not been done: for whoever must not fail for them later. */
  async ready(): Promise<void> {
    await (this.#set ?? this.#fresh());
  }

  /** Asks the issuer again, once, if its keys have none that has signed this: it may have changed them (OIDC Core 10.1.1). */
  async verdict(jws: Jws): Promise<Verdict> {
    const { alg } = jws.header;
    if (alg !== 'RS256' && alg !== 'ES256') return 'algorithm_not_allowed';
    const verdict = this.#set && (await judge(await this.#set, alg, jws));
    return verdict === 'valid' ? verdict : judge(await this.#fresh(), alg, jws);
  }

  #fresh(): Promise<Members> {
    const loading = this.#load();
    this.#set = loading;
    loading.catch(() => (this.#set = undefined));
    return loading;
  }
}

async function judge(set: Members, alg: Algorithm, { header, signed, signature }: Jws): Promise<Verdict> {
  const key = find(set, alg, header['kid']);
  if (!key) return 'unknown_key';
  return (await isSignedBy(key, alg, signed, signature)) ? 'valid' : 'signature_invalid';
}

/**
 * The key of this id that can have made such a signature. Without an id in the header the key must be the only one that
 * fits (OIDC Core 10.1).
 */
function find(set: Members, alg: Algorithm, id: unknown): Members | undefined {
  const keys: readonly unknown[] = Array.isArray(set['keys']) ? set['keys'] : [];
  const fitting = keys.filter((key): key is Members => isObject(key) && fits(key, alg) && (id === undefined || key['kid'] === id));
  return fitting.length === 1 || id !== undefined ? fitting[0] : undefined;
}

const fits = (key: Members, alg: Algorithm): boolean =>
  key['kty'] === ALGORITHMS[alg].kty &&
  (alg === 'RS256' || key['crv'] === 'P-256') &&
  (key['use'] ?? 'sig') === 'sig' &&
  (key['alg'] ?? alg) === alg;

async function isSignedBy(jwk: Members, alg: Algorithm, signed: BufferSource, signature: BufferSource): Promise<boolean> {
  const { members, key: algorithm } = ALGORITHMS[alg];
  // Only what WebCrypto needs: `use` and `key_ops` of a set that means well would make the import fail.
  const needed = Object.fromEntries(members.map((name) => [name, jwk[name]]));
  try {
    const key = await crypto.subtle.importKey('jwk', needed as JsonWebKey, algorithm, false, ['verify']);
    return await crypto.subtle.verify(algorithm, key, signature, signed);
  } catch {
    return false;
  }
}
