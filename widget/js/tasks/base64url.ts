/**
 * Binary members of WebAuthn's JSON forms: base64url without padding going out, anything like it coming in.
 *
 * The server side of the border wants other encodings at times; that is not decided here.
 */

/** RFC 4648 section 5, without padding. */
export function encodeBase64url(bytes: ArrayBuffer | ArrayBufferView): string {
  const isView = ArrayBuffer.isView(bytes);
  const view = isView ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
  let characters = '';
  for (const byte of view) characters += String.fromCharCode(byte);
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The bytes behind `text`. Lenient, because servers are not: both alphabets, with padding or without, and with bits left
 * over at the end, which RFC 4648 section 3.5 lets a decoder ignore and the browsers' own parser refuses.
 *
 * @throws DOMException `InvalidCharacterError` when it is not base64 of any kind
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}
