/**
 * ALTCHA, a proof of work that the identity server hands out and checks itself (https://altcha.org): find the number whose
 * hash, with the server's salt, is the server's challenge. No third party, nothing to look at.
 *
 * On the page's own thread, since Trusted Types without a policy refuse `new Worker(url)`; so in slices, between which the
 * page's events have their turn. `SubtleCrypto` alone does not give it to them: Chromium settles short digests in
 * microtasks, and nothing is drawn until the last of them.
 */
import { Failure } from './failure.js';

interface Challenge {
  readonly algorithm: string;
  readonly challenge: string;
  readonly salt: string;
  readonly signature: string;
  readonly maxnumber?: number;
}

const ALGORITHMS: readonly string[] = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
/** What the servers' libraries take when nobody says. */
const USUAL_NUMBER = 1_000_000;
/** Minutes of work; a server that asks for more has made a mistake. */
const GREATEST_NUMBER = 20_000_000;
/** Hashes under way at once: waiting for each alone would take longer than hashing. A batch takes a few milliseconds. */
const BATCH = 250;
/** How long the page waits for its turn, in milliseconds: less than a frame. */
const SLICE = 10;

/** Gives the token: base64 of the challenge, its solution, and how long it took. */
export async function solveAltcha(challengeUrl: string, signal: AbortSignal): Promise<string> {
  const challenge = await request(challengeUrl, signal);
  const begun = performance.now();
  const number = await solve(challenge, signal);
  const { algorithm, challenge: hash, salt, signature } = challenge;
  const took = Math.round(performance.now() - begun);
  const token = JSON.stringify({ algorithm, challenge: hash, number, salt, signature, took });
  return btoa(String.fromCharCode(...new TextEncoder().encode(token)));
}

async function request(challengeUrl: string, signal: AbortSignal): Promise<Challenge> {
  const response = await reach(challengeUrl, signal);
  if (!response.ok) throw new Failure('Unreachable', `the challenge was answered with status ${response.status}`);
  const challenge = (await response.json().catch(() => undefined)) as Partial<Challenge> | undefined;
  if (isChallenge(challenge)) return challenge;
  throw new Failure('UnknownError', 'the challenge is not one of ALTCHA');
}

async function reach(challengeUrl: string, signal: AbortSignal): Promise<Response> {
  try {
    const headers = { accept: 'application/json' };
    return await fetch(challengeUrl, { signal, headers, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Failure('Unreachable', 'the challenge could not be fetched');
  }
}

function isChallenge(challenge: Partial<Challenge> | undefined): challenge is Challenge {
  const { algorithm, challenge: hash, salt, signature, maxnumber = USUAL_NUMBER } = challenge ?? {};
  const areTexts = [algorithm, hash, salt, signature].every((text) => typeof text === 'string');
  return areTexts && ALGORITHMS.includes(algorithm ?? '') && maxnumber >= 0 && maxnumber <= GREATEST_NUMBER;
}

/**
 * The number.
 *
 * @throws Failure `UnknownError` when there is none up to the greatest
 */
async function solve({ algorithm, challenge, salt, maxnumber = USUAL_NUMBER }: Challenge, signal: AbortSignal): Promise<number> {
  const wanted = challenge.toLowerCase();
  const encoder = new TextEncoder();
  let begun = performance.now();
  for (let first = 0; first <= maxnumber; first += BATCH) {
    if (signal.aborted) throw new Failure('AbortError');
    const size = Math.min(BATCH, maxnumber - first + 1);
    const texts = Array.from({ length: size }, (_, index) => encoder.encode(`${salt}${first + index}`));
    const hashes = await Promise.all(texts.map((text) => crypto.subtle.digest(algorithm, text)));
    const found = hashes.findIndex((bytes) => isHash(bytes, wanted));
    if (found >= 0) return first + found;
    if (performance.now() - begun < SLICE) continue;
    await turn();
    begun = performance.now();
  }
  throw new Failure('UnknownError', 'the challenge has no solution');
}

/** Lets the page's events have their turn. By a message, since timers of a page in the background come once a second. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Compared byte by byte, since nearly all differ in the first; writing them all out would take longer than hashing. */
function isHash(bytes: ArrayBuffer, wanted: string): boolean {
  const view = new Uint8Array(bytes);
  const byteAt = (index: number): number => Number.parseInt(wanted.slice(index * 2, index * 2 + 2), 16);
  return wanted.length === view.length * 2 && view.every((byte, index) => byte === byteAt(index));
}
