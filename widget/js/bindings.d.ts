/**
 * What the build makes of wasm-bindgen's glue: see `scripts/build/glue.mjs`.
 *
 * The glue is an ES module with state of its own; wrapped in a function, every call gives a scope of its own, so that a
 * crashed instance can be replaced by a fresh one and no closure of the old one ever reaches the new one.
 */

/** The handle that Rust gives for a widget that is drawn. */
export interface RunningSignIn {
  /** New options and words, as those of `start`. */
  update(options: string, words: string): void;
  /** Asks where the sign-in stands, and draws that: for answers that now read differently. */
  refresh(): void;
  /** Takes the tree out of the page, gives up requests and timers. */
  unmount(): void;
  /** Gives the memory back. */
  free(): void;
}

/** Does what `tasks.ts` can do. Never rejects. */
export type Perform = (kind: string, argument: string, signal: AbortSignal) => Promise<string>;

/** As the browser's own, for what the instance sends. */
export type Fetch = (request: Request) => Promise<Response>;

/** One instance's glue. */
export interface Bindings {
  /** What the WebAssembly module wants to import. */
  readonly imports: WebAssembly.Imports;
  /** Ties the glue to the instance and runs its start function. */
  attach(instance: WebAssembly.Instance): void;
  /**
   * Cuts the glue off from the instance: from now on its closures, timers and finalizers do nothing. Without it, a listener
   * that a dead instance left behind would call into memory that nobody keeps consistent any more.
   */
  detach(): void;
  /**
   * Draws the widget into `host`; `onEvent` is called with one JSON text for each event, `perform` for what only few
   * sign-ins need: with the task's name and its argument as JSON text, and gives a promise of JSON text. `words` are those of
   * `speech.ts`.
   */
  start(host: HTMLElement, options: string, words: string, onEvent: (event: string) => void, perform: Perform): RunningSignIn;
}

/**
 * A fresh glue. `onTrap` is called when an exception has come through WebAssembly frames: their destructors have not run,
 * so the instance must not be called again. The exception goes no further. `fetch` sends the instance's requests.
 */
export function createBindings(onTrap: (cause: unknown) => void, fetch: Fetch): Bindings;
