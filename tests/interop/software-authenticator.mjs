// An authenticator made of software: what a phone or a security key does in WebAuthn, with the browser in front of it. Real
// keys and real signatures, and the two calls of `navigator.credentials` as a client makes them.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What a page of this origin finds in `navigator.credentials`: one device that remembers the passkeys made on it. */
export class SoftwareAuthenticator {
  #origin;
  #rpId;
  #passkeys = [];

  constructor(origin, rpId = new URL(origin).hostname) {
    this.#origin = origin;
    this.#rpId = rpId;
  }

  /** `navigator.credentials.create`. WebAuthn Level 3, 6.3.2: refuses if it has one of those to exclude. */
  create({ publicKey }) {
    const excluded = publicKey.excludeCredentials.map(({ id }) => encoded(id));
    if (this.#passkeys.some(({ id }) => excluded.includes(encoded(id)))) throw new DOMException('known already', 'InvalidStateError');
    if (!publicKey.pubKeyCredParams.some(({ alg }) => alg === ES256)) throw new DOMException('no algorithm', 'NotSupportedError');
    const passkey = { id: randomBytes(32), user: Buffer.from(publicKey.user.id), counter: 0, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
    this.#passkeys.push(passkey);
    const clientDataJSON = this.#clientData('webauthn.create', publicKey.challenge);
    const attested = Buffer.concat([Buffer.alloc(16), uint16(passkey.id.length), passkey.id, coseKey(passkey.publicKey)]);
    const authData = Buffer.concat([this.#authenticatorData(passkey, FLAGS.attested), attested]);
    // RFC 8949: a map of three, {"fmt": "none", "attStmt": {}, "authData": h'…'}.
    const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex');
    const attestationObject = Buffer.concat([head, Buffer.from([authData.length]), authData]);
    return { id: encoded(passkey.id), type: 'public-key', response: { clientDataJSON, attestationObject, getTransports: () => ['internal'] } };
  }

  /** `navigator.credentials.get`: the first passkey that is allowed; any, if none is named. */
  get({ publicKey }) {
    const allowed = (publicKey.allowCredentials ?? []).map(({ id }) => encoded(id));
    const passkey = this.#passkeys.find(({ id }) => allowed.length === 0 || allowed.includes(encoded(id)));
    if (!passkey) throw new DOMException('no such passkey', 'NotAllowedError');
    passkey.counter += 1;
    const clientDataJSON = this.#clientData('webauthn.get', publicKey.challenge);
    const authenticatorData = this.#authenticatorData(passkey, 0);
    const hash = createHash('sha256').update(clientDataJSON).digest();
    const signature = sign('sha256', Buffer.concat([authenticatorData, hash]), passkey.privateKey);
    return { id: encoded(passkey.id), type: 'public-key', response: { clientDataJSON, authenticatorData, signature, userHandle: passkey.user } };
  }

  #clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge: encoded(challenge), origin: this.#origin, crossOrigin: false }));
  }

  /** WebAuthn Level 3, 6.1. */
  #authenticatorData({ counter }, flags) {
    const rpIdHash = createHash('sha256').update(this.#rpId).digest();
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([rpIdHash, Buffer.from([flags | FLAGS.present | FLAGS.verified]), count]);
  }
}

/** COSE's number of ECDSA on P-256 with SHA-256 (RFC 9053 section 2.1). */
const ES256 = -7;
const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 };

/** RFC 9053 section 7.1.1: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey(publicKey) {
  const { x, y } = publicKey.export({ format: 'jwk' });
  const [head, between] = ['a5010203262001215820', '225820'].map((hex) => Buffer.from(hex, 'hex'));
  return Buffer.concat([head, Buffer.from(x, 'base64url'), between, Buffer.from(y, 'base64url')]);
}

const encoded = (bytes) => Buffer.from(bytes).toString('base64url');

function uint16(number) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(number);
  return bytes;
}
