/**
 * Proofs that whoever shows a token holds the key that it was made for (RFC 9449).
 *
 * The key is ES256 and cannot be read by any script. IndexedDB keeps it for other tabs and for after a reload; where there is
 * none it lives as long as the page, like tokens in memory.
 */
import { bytesOf, encodeBase64url, hashOf, random, thumbprintOf, writePart } from './jwt.js';
import type { Platform } from './platform.js';
import type { ServerClock } from './server-clock.js';

interface Key {
  readonly pair: CryptoKeyPair;
  /** The public members, for the proof's head. */
  readonly jwk: JsonWebKey;
  /** RFC 7638: what `dpop_jkt` and `cnf` say. */
  readonly thumbprint: string;
}

/** What a proof is for. */
export interface Request {
  readonly method: string;
  readonly url: string;
  /** The token that is shown with it; absent at the token endpoint. */
  readonly accessToken?: string | undefined;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** One key and the proofs that are made with it. */
export class Proofs {
  readonly #keys: KeyStore;
  readonly #clock: ServerClock;
  /** By origin: each server gives its own (RFC 9449 section 8.2). */
  readonly #nonces = new Map<string, string>();
  #key: Promise<Key> | undefined;

  /** `name` tells this client's key from others of the origin. */
  constructor(platform: Platform, clock: ServerClock, name: string) {
    this.#keys = new KeyStore(platform.indexedDB, name);
    this.#clock = clock;
  }

  /** RFC 9449 section 10. */
  async thumbprint(): Promise<string> {
    return (await this.#ownKey()).thumbprint;
  }

  /** A proof for one request; RFC 9449 section 4.2. */
  async prove({ method, url, accessToken }: Request): Promise<string> {
    const { pair, jwk } = await this.#ownKey();
    const { origin, pathname } = new URL(url);
    const nonce = this.#nonces.get(origin);
    const claims = {
      htm: method,
      // Without query and fragment.
      htu: origin + pathname,
      iat: Math.floor(this.#clock.now() / 1000),
      jti: random(),
      ...(nonce !== undefined && { nonce }),
      ...(accessToken !== undefined && { ath: await hashOf(accessToken) }),
    };
    const signed = `${writePart({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${writePart(claims)}`;
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, bytesOf(signed));
    return `${signed}.${encodeBase64url(signature)}`;
  }

  /** Whether an answer brought a nonce, which proofs for that server have from now on; RFC 9449 section 8. */
  learnFrom(url: string, headers: Headers): boolean {
    const nonce = headers.get('dpop-nonce');
    if (nonce !== null) this.#nonces.set(new URL(url).origin, nonce);
    return nonce !== null;
  }

  /** The next proof has another key. `isLast`: nobody else uses this one, so that it is deleted. */
  async forget(isLast: boolean): Promise<void> {
    this.#key = undefined;
    this.#nonces.clear();
    if (isLast) await this.#keys.remove();
  }

  #ownKey(): Promise<Key> {
    this.#key ??= this.#keys.keepFirst(generate).then(describe);
    this.#key.catch(() => (this.#key = undefined));
    return this.#key;
  }
}

const generate = async (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);

async function describe(pair: CryptoKeyPair): Promise<Key> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const jwk = { kty, crv, x, y } as JsonWebKey;
  return { pair, jwk, thumbprint: await thumbprintOf(jwk) };
}

const DATABASE = 'latchkey-tokens';
const STORE = 'keys';

/** One key in IndexedDB. */
class KeyStore {
  readonly #factory: IDBFactory | undefined;
  readonly #name: string;

  constructor(factory: IDBFactory | undefined, name: string) {
    this.#factory = factory;
    this.#name = name;
  }

  /** The key that is there, or a new one; where two tabs come with one at once, the first is taken by both. */
  async keepFirst(make: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair> {
    const made = await make();
    try {
      return await this.#within('readwrite', (store, resolve) => {
        const asked: IDBRequest<CryptoKeyPair | undefined> = store.get(this.#name);
        asked.onsuccess = () => {
          if (!asked.result) store.put(made, this.#name);
          resolve(asked.result ?? made);
        };
      });
    } catch {
      // A page without storage has a key for as long as it lives.
      return made;
    }
  }

  async remove(): Promise<void> {
    await this.#within<void>('readwrite', (store, resolve) => {
      store.delete(this.#name).onsuccess = () => resolve();
    }).catch(() => {});
  }

  async #within<Result>(mode: IDBTransactionMode, work: (store: IDBObjectStore, resolve: (result: Result) => void) => void): Promise<Result> {
    const database = await this.#open();
    try {
      return await new Promise<Result>((resolve, reject) => {
        const transaction = database.transaction(STORE, mode);
        let result: Result;
        work(transaction.objectStore(STORE), (value) => (result = value));
        transaction.oncomplete = () => resolve(result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  #open(): Promise<IDBDatabase> {
    const factory = this.#factory;
    if (!factory) return Promise.reject(new Error('no IndexedDB'));
    return new Promise((resolve, reject) => {
      const opening = factory.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
  }
}
