/**
 * An abort signal with a time limit. `AbortSignal.any` and `AbortSignal.timeout` are younger than the browsers that are
 * supported.
 */

/** A signal that follows another one, and ends by itself. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether the time ran out, rather than the other signal being aborted. */
  isOver(): boolean;
  /** Begins the time; it has not begun before. */
  start(milliseconds: number): void;
  /** Lets go of the timer and of the other signal. */
  release(): void;
}

/** Whoever makes one releases it. */
export function deadline(outer: AbortSignal): Deadline {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const abort = (): void => controller.abort();
  outer.addEventListener('abort', abort, { once: true });
  if (outer.aborted) abort();
  return {
    signal: controller.signal,
    isOver: () => isOver,
    start(milliseconds) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isOver = true;
        abort();
      }, milliseconds);
    },
    release() {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}
