/**
 * What JSON Web Tokens are made of: digests, random values, a compact JWS taken apart or put together (RFC 7515).
 */
import { decodeBase64url, encodeBase64url } from '../tasks/base64url.js';

export { encodeBase64url };

/** JSON objects of a token, or of an answer. */
export type Members = Readonly<Record<string, unknown>>;

/** A compact JWS, not checked in any way. */
export interface Jws {
  readonly header: Members;
  readonly claims: Members;
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

export const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7515 section 7.1; `undefined` unless it is three parts of base64url with JSON objects in the first two. */
export function parseJws(text: string): Jws | undefined {
  const [header, payload, signature, ...more] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined;
  if (!/^[\w.-]+$/.test(text)) return undefined;
  try {
    const [protectedHeader, claims] = [readPart(header), readPart(payload)];
    if (!isObject(protectedHeader) || !isObject(claims)) return undefined;
    return { header: protectedHeader, claims, signed: bytesOf(`${header}.${payload}`), signature: decodeBase64url(signature) };
  } catch {
    return undefined;
  }
}

/** @throws SyntaxError, TypeError or DOMException when it is no JSON in UTF-8 in base64url */
const readPart = (part: string): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(decodeBase64url(part)));

export const writePart = (members: Members): string => encodeBase64url(bytesOf(JSON.stringify(members)));

/** In UTF-8. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

export const sha256 = async (text: string): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(text)));

/** BASE64URL(SHA256(…)): a PKCE challenge (RFC 7636 section 4.2), a thumbprint, `ath`. */
export const hashOf = async (text: string): Promise<string> => encodeBase64url(await sha256(text));

/** 256 bits that nobody can guess, 43 characters: state, nonce, `code_verifier`, `jti`. */
export const random = (): string => encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));

/** RFC 7638, for the only kind of key that is made here: P-256. */
export const thumbprintOf = ({ crv, kty, x, y }: JsonWebKey): Promise<string> => hashOf(JSON.stringify({ crv, kty, x, y }));
