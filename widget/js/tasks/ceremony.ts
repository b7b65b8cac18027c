/**
 * One WebAuthn ceremony at a time, for all widgets of the page.
 *
 * Browsers answer a second request with an error while the first is open, and the first is often the autofill's, which is
 * open all the time. So a new ceremony ends the one before it, and waits until the browser says that it is over.
 */
import { Failure } from './failure.js';

interface Ceremony {
  readonly controller: AbortController;
  /** Fulfilled when the browser is through with it, however it went. */
  readonly over: Promise<unknown>;
}

/** The newest; those before it are aborted. */
let newest: Ceremony | undefined;

/** Some password managers do not hear the signal, and must not lock everybody else out, in milliseconds. */
const PATIENCE = 1000;

/**
 * Runs `start` once nothing else runs, with a signal that is aborted by `signal` and by the next ceremony.
 *
 * @throws Failure `AbortError` when that happens before `start` was called
 */
export async function alone<Result>(signal: AbortSignal, start: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const before = newest;
  const work = (before?.over ?? Promise.resolve()).then(() => startUnlessAborted(controller.signal, start));
  const mine: Ceremony = { controller, over: settled(work, controller.signal) };
  newest = mine;
  before?.controller.abort();
  try {
    return await work;
  } finally {
    signal.removeEventListener('abort', abort);
    if (newest === mine) newest = undefined;
  }
}

async function startUnlessAborted<Result>(signal: AbortSignal, start: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  if (signal.aborted) throw new Failure('AbortError');
  return start(signal);
}

/** When `work` is over, or was told to be and does not react. */
function settled(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  const given = new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, PATIENCE), { once: true }));
  return Promise.race([ended, given]);
}
