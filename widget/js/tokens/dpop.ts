/**
 * Proofs that whoever shows a token holds the key that it was made for (RFC 9449).
 *
 * The key is ES256 and cannot be read by any script. IndexedDB keeps it for other tabs and for after a reload; where there is
 * none it lives as long as the page, like tokens in memory.
 */
import { bytesOf, encodeBase64url, hashOf, random, thumbprintOf, writePart } from './jwt.js';
import type { Platform } from './platform.js';
import type { ServerClock } from './server-clock.js';

/** As it is in IndexedDB. */
interface Made {
  readonly privateKey: CryptoKey;
  /** The public members, for the proof's head. */
  readonly jwk: JsonWebKey;
  /** RFC 7638: what `dpop_jkt` and `cnf` say. */
  readonly thumbprint: string;
}

export interface Key extends Made {
  /** Whether it is there for other tabs and after a reload. */
  readonly isStored: boolean;
}

/** What a proof is for. */
export interface Request {
  readonly method: string;
  readonly url: string;
  /** The token that is shown with it; absent at the token endpoint. */
  readonly accessToken?: string | undefined;
  /** A key of before, for tokens that are bound to it. Default: the present one. */
  readonly key?: Promise<Key> | undefined;
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

  /** The key, made if there is none. */
  own(): Promise<Key> {
    this.#key ??= this.#keys.keepFirst(generate);
    this.#key.catch(() => (this.#key = undefined));
    return this.#key;
  }

  /** RFC 9449 section 10. */
  async thumbprint(): Promise<string> {
    return (await this.own()).thumbprint;
  }

  /** The key, if there is one, for what is sent after it has been forgotten. */
  get key(): Promise<Key> | undefined {
    return this.#key;
  }

  /** A proof for one request; RFC 9449 section 4.2. */
  async prove({ method, url, accessToken, key = this.own() }: Request): Promise<string> {
    const { privateKey, jwk } = await key;
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
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytesOf(signed));
    return `${signed}.${encodeBase64url(signature)}`;
  }

  /** A nonce that an answer brought is in proofs for that server from now on; RFC 9449 section 8. */
  learnFrom(url: string, headers: Headers): void {
    const nonce = headers.get('dpop-nonce');
    if (nonce !== null) this.#nonces.set(new URL(url).origin, nonce);
  }

  /** Whether after such a refusal another proof may be taken, since the answer has brought a nonce or the server's time. */
  canCure(error: unknown, headers: Headers): boolean {
    if (error === 'use_dpop_nonce') return headers.has('dpop-nonce');
    return error === 'invalid_dpop_proof' && this.#clock.learnFrom(headers);
  }

  /** Nobody takes this key up from now on; whoever has it can go on with it. */
  async discard(): Promise<void> {
    const key = await this.#key?.catch(() => undefined);
    if (key) await this.#keys.remove(key);
  }

  /** The next proof has another key, unless this one has not been discarded. */
  forget(): void {
    this.#key = undefined;
    this.#nonces.clear();
  }
}

async function generate(): Promise<Made> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  const jwk = { kty, crv, x, y } as JsonWebKey;
  return { privateKey, jwk, thumbprint: await thumbprintOf(jwk) };
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
  async keepFirst(make: () => Promise<Made>): Promise<Key> {
    const made = await make();
    let kept = made;
    try {
      await this.#look((store, found) => {
        if (found) kept = found;
        else store.put(made, this.#name);
      });
      return { ...kept, isStored: true };
    } catch {
      // A page without storage has a key for as long as it lives.
      return { ...made, isStored: false };
    }
  }

  /** Unless another is there by now, which somebody else uses. */
  async remove({ thumbprint }: Made): Promise<void> {
    await this.#look((store, found) => {
      if (found?.thumbprint === thumbprint) store.delete(this.#name);
    }).catch(() => {});
  }

  /** Does `work` with what is there. */
  async #look(work: (store: IDBObjectStore, found: Made | undefined) => void): Promise<void> {
    const database = await this.#open();
    try {
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction(STORE, 'readwrite');
        const store = transaction.objectStore(STORE);
        const asked: IDBRequest<Made | undefined> = store.get(this.#name);
        // One of another version is none.
        asked.onsuccess = () => work(store, asked.result?.thumbprint === undefined ? undefined : asked.result);
        transaction.oncomplete = () => resolve();
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
