/** What an authenticator app computes: RFC 6238 with the values that all of them assume, by a second hand. */
import { createHmac } from 'node:crypto';

const SECONDS = 30;

/** The time step of a moment, in milliseconds since 1970. */
export const stepOf = (moment: number): number => Math.floor(moment / 1000 / SECONDS);

/** The six digits of this step, for a secret in Base32. */
export function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const tag = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  // RFC 4226 section 5.3: the last half-byte says where the number is, whose sign is dropped.
  const offset = tag.readUInt8(tag.length - 1) & 0x0f;
  const number = tag.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** RFC 4648 section 6, without padding. */
function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
