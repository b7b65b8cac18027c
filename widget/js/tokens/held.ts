/**
 * What one sign-in has brought so far: kept in memory, written to storage, told to other tabs.
 */
import type { Tokens } from '../types.js';
import { isObject } from './jwt.js';

/** Times are the server's. */
export interface Held {
  /** `expiresAt` in seconds since the epoch. */
  readonly tokens: Tokens;
  /** Which sign-in they come from; a renewal goes on with it. */
  readonly signIn: string;
  /** When these tokens came, in milliseconds since the epoch; grows with every renewal, so that it tells which are newer. */
  readonly issuedAt: number;
  /** When they should be renewed, in seconds since the epoch. */
  readonly renewAt: number;
  /** How far the device's clock was behind when they came, in milliseconds. */
  readonly skew: number;
  /** The nonce of the sign-in, which a renewed ID token may repeat. */
  readonly nonce?: string | undefined;
  /** The key that they are bound to, if they are (RFC 7638). */
  readonly thumbprint?: string | undefined;
}

/** Whether this is what it was when it was written; a version of another day may have written otherwise. */
export function isHeld(value: unknown): value is Held {
  if (!isObject(value) || !isObject(value['tokens'])) return false;
  const { accessToken, tokenType, expiresAt, scopes, idToken, refreshToken } = value['tokens'];
  const areTimes = [value['issuedAt'], value['renewAt'], value['skew'], expiresAt].every(Number.isFinite);
  const areTexts = [value['signIn'], accessToken, tokenType, refreshToken ?? ''].every((text) => typeof text === 'string');
  const isIdToken = idToken === undefined || (isObject(idToken) && typeof idToken['raw'] === 'string' && isObject(idToken['claims']));
  return areTimes && areTexts && isIdToken && Array.isArray(scopes);
}
