/**
 * What this entry uses of the browser, in one place: so that it can be created where there is none, and so that tests can
 * bring their own server, clock and tabs. WebCrypto is not here: it is the same everywhere.
 */

/** See the head of the file. What a browser does not have, or does not let the page have, is `undefined`. */
export interface Platform {
  readonly fetch: typeof fetch;
  /** This device's clock, in milliseconds; may be wrong, and may jump. */
  readonly now: () => number;
  /** Milliseconds since some moment; never jumps back, and may stand still while the device sleeps. */
  readonly elapsed: () => number;
  readonly setTimeout: (work: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
  /** The page's address. */
  readonly href: () => string | undefined;
  /** Loads another page; `replace` leaves no way back to this one. */
  readonly go: (url: string, how: 'assign' | 'replace') => void;
  /** Changes the address without loading anything. */
  readonly rewrite: (url: string) => void;
  readonly sessionStorage: Storage | undefined;
  readonly localStorage: Storage | undefined;
  readonly locks: Pick<LockManager, 'request'> | undefined;
  readonly indexedDB: IDBFactory | undefined;
  readonly channel: ((name: string) => BroadcastChannel) | undefined;
  /** Calls `listener` when the page comes back: shown, restored, or online again. Gives the way to stop. */
  readonly onWake: (listener: () => void) => () => void;
}

/** The browser that this runs in, or what a server has of it. */
export function browser(): Platform {
  const page = typeof window === 'object' ? window : undefined;
  return {
    fetch: (...request) => fetch(...request),
    now: () => Date.now(),
    elapsed: () => performance.now(),
    setTimeout: (work, milliseconds) => setTimeout(work, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer),
    href: () => page?.location.href,
    go: (url, how) => page?.location[how](url),
    rewrite: (url) => page?.history.replaceState(page.history.state, '', url),
    sessionStorage: unlessForbidden(() => page?.sessionStorage),
    localStorage: unlessForbidden(() => page?.localStorage),
    locks: page?.navigator.locks,
    indexedDB: unlessForbidden(() => page?.indexedDB),
    channel: page && 'BroadcastChannel' in page ? (name) => new BroadcastChannel(name) : undefined,
    onWake: (listener) => (page ? listenForWaking(page, listener) : () => {}),
  };
}

/** Pages without a right to storage get an exception for merely looking, or for opening a channel. */
export function unlessForbidden<Thing>(look: () => Thing | undefined): Thing | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function listenForWaking(page: Window, listener: () => void): () => void {
  const whenVisible = (): void => {
    if (page.document.visibilityState === 'visible') listener();
  };
  const stopping = new AbortController();
  const { signal } = stopping;
  page.document.addEventListener('visibilitychange', whenVisible, { signal });
  page.addEventListener('pageshow', ({ persisted }) => persisted && listener(), { signal });
  page.addEventListener('online', listener, { signal });
  return () => stopping.abort();
}
