/**
 * The object that `createSignIn` gives: it puts a host element into the page, has the WebAssembly loaded, starts it in
 * there, and passes on what it says. The sign-in itself happens on the other side.
 *
 * Two rules keep it safe at odd moments. All that belongs to one attempt (a mount, or a new start after a failure) hangs on
 * one object, and whatever arrives for an attempt that is not the present one is dropped. And WebAssembly is called, and
 * its events are handed on, in a microtask of their own: never while its own frames are still on the stack.
 */
import type { Bindings, Perform, RunningSignIn } from './bindings.js';
import { SignInError } from './errors.js';
import { callSafely, Listeners } from './events.js';
import { instantiate } from './load-wasm.js';
import { checkOptions, serializeOptions } from './options.js';
import { drawFailure, drawSkeleton } from './skeleton.js';
import { takeReturned } from './returned.js';
import { texts, type FailureTexts } from './texts.js';
import type { Outcome, SignIn, SignInEvents, SignInOptions } from './types.js';

/** From one start of the WebAssembly to its end. The members arrive one after the other. */
interface Attempt {
  bindings?: Bindings;
  running?: RunningSignIn;
}

/** What WebAssembly says, one JSON text at a time. */
type Message =
  | { readonly type: 'ready' }
  | { readonly type: 'screen'; readonly name: string; readonly authenticator?: string }
  | { readonly type: 'success'; readonly outcome: Outcome }
  | { readonly type: 'error'; readonly error: { readonly code: string; readonly message: string; readonly requestId?: string } };

/** See {@link SignIn}; here is only what is not said there. */
export class SignInWidget implements SignIn {
  readonly finished: Promise<Outcome>;
  readonly #listeners = new Listeners();
  readonly #destroyOnAbort = (): void => this.destroy();
  #settle!: (outcome: Outcome) => void;
  #options: SignInOptions;
  #host: HTMLElement | undefined;
  #attempt: Attempt | undefined;
  #isDestroyed = false;
  /** The person pressed a button of the failure page: the focus that was on it goes to what is drawn next. */
  #owesFocus = false;

  constructor(options: SignInOptions) {
    this.#options = checkOptions(options);
    this.finished = new Promise((resolve) => (this.#settle = resolve));
    this.#followSignal(undefined, this.#options.signal);
  }

  mount(target: Element | string): void {
    if (this.#isDestroyed) return;
    const place = find(target);
    if (this.#host) {
      if (this.#host.parentNode !== place) place.append(this.#host);
      return;
    }
    this.#serialize(); // What it refuses, it refuses before anything is drawn.
    const host = makeHost();
    this.#host = host;
    this.#applyColorScheme();
    // The frames of second scripts come from where the page keeps the package.
    if (this.#options.assetsUrl !== undefined) host.dataset['assetsUrl'] = this.#options.assetsUrl;
    place.append(host);
    void this.#begin(host);
  }

  unmount(): void {
    if (!this.#host) return;
    this.#abandon();
    this.#host.remove();
    this.#host = undefined;
    this.#listeners.emit('unload', undefined);
  }

  update(changes: Partial<SignInOptions>): void {
    const before = this.#options;
    const after = checkOptions({ ...before, ...changes });
    if (this.#isDestroyed) return;
    const text = this.#host && serializeOptions(after, location.href);
    this.#options = after;
    this.#followSignal(before.signal, after.signal);
    this.#applyColorScheme();
    if (text !== undefined) this.#handOver(text);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.unmount();
    this.#followSignal(this.#options.signal, undefined);
    this.#settle({ status: 'cancelled' });
    this.#listeners.clear();
  }

  on<Name extends keyof SignInEvents>(name: Name, handler: (event: SignInEvents[Name]) => void): () => void {
    return this.#listeners.add(name, handler);
  }

  #serialize(): string {
    return serializeOptions(this.#options, location.href);
  }

  #followSignal(before: AbortSignal | undefined, after: AbortSignal | undefined): void {
    before?.removeEventListener('abort', this.#destroyOnAbort);
    after?.addEventListener('abort', this.#destroyOnAbort);
    if (after?.aborted) this.destroy();
  }

  #applyColorScheme(): void {
    const { colorScheme = 'auto' } = this.#options;
    if (colorScheme === 'auto') this.#host?.removeAttribute('data-color-scheme');
    else this.#host?.setAttribute('data-color-scheme', colorScheme);
  }

  /** Loads an instance and starts it in `host`. Never rejects: a failure is drawn and told. */
  async #begin(host: HTMLElement): Promise<void> {
    const attempt: Attempt = {};
    this.#attempt = attempt;
    drawSkeleton(host);
    try {
      const bindings = await instantiate(this.#options.assetsUrl, (cause) => this.#crash(attempt, String(cause)));
      if (attempt !== this.#attempt) return;
      attempt.bindings = bindings;
      const perform: Perform = (kind, argument, signal) => performLazily(kind, argument, signal, host);
      const options = serializeOptions(this.#options, location.href, takeReturned());
      attempt.running = bindings.start(host, options, (text) => this.#receive(attempt, text), perform);
    } catch (error) {
      if (attempt === this.#attempt) this.#failToLoad(error);
    }
  }

  /** An attempt that is still loading reads the options when it starts. */
  #handOver(options: string): void {
    const attempt = this.#attempt;
    queueMicrotask(() => {
      if (attempt !== this.#attempt) return;
      try {
        attempt?.running?.update(options);
      } catch (cause) {
        this.#report(refusal(cause));
      }
    });
  }

  /** Called by WebAssembly, with its frames on the stack. */
  #receive(attempt: Attempt, text: string): void {
    if (attempt !== this.#attempt) return;
    const message = JSON.parse(text) as Message;
    // At once, so that an outcome is not lost if the page unmounts before the microtask.
    if (message.type === 'success') this.#settle(message.outcome);
    queueMicrotask(() => attempt === this.#attempt && this.#tell(message));
  }

  #tell(message: Message): void {
    switch (message.type) {
      case 'ready':
        this.#giveFocus();
        return this.#listeners.emit('ready', undefined);
      case 'screen': {
        const { type, ...screen } = message;
        return this.#listeners.emit('screen', screen);
      }
      case 'success':
        callSafely(() => this.#options.onSuccess?.(message.outcome));
        return this.#listeners.emit('success', message.outcome);
      case 'error': {
        const { code, message: text, ...details } = message.error;
        return this.#report(new SignInError(code, text, details));
      }
    }
  }

  #report(error: SignInError): void {
    callSafely(() => this.#options.onError?.(error));
    this.#listeners.emit('error', error);
  }

  #failToLoad(cause: unknown): void {
    if (!(cause instanceof SignInError)) return this.#fail(refusal(cause), texts.crashed);
    this.#fail(cause, cause.code === 'load.unsupported' ? texts.unsupported : texts.loadFailed);
  }

  /** The instance is dead: nothing calls into it again, and what it drew is replaced. */
  #crash(attempt: Attempt, message: string): void {
    attempt.bindings?.detach();
    if (attempt !== this.#attempt) return;
    forgetProgress();
    const dead: Attempt = {};
    this.#attempt = dead;
    queueMicrotask(() => dead === this.#attempt && this.#fail(new SignInError('internal.panic', message), texts.crashed));
  }

  #fail(error: SignInError, failure: FailureTexts): void {
    const host = this.#host;
    if (!host) return;
    drawFailure(host, failure, () => {
      this.#owesFocus = true;
      void this.#begin(host);
    });
    this.#giveFocus();
    this.#report(error);
  }

  /** Ends the present attempt; its instance is taken down once its frames are off the stack. */
  #abandon(): void {
    const { bindings, running } = this.#attempt ?? {};
    this.#attempt = undefined;
    if (!running) return;
    queueMicrotask(() => {
      running.unmount();
      running.free();
      bindings?.detach();
    });
  }

  #giveFocus(): void {
    if (this.#owesFocus && document.activeElement === document.body) {
      this.#host?.querySelector<HTMLElement>('.latchkey-title')?.focus();
    }
    this.#owesFocus = false;
  }
}

/** Few sign-ins need what is in there, so it is no part of what all of them load. */
const performLazily = async (kind: string, argument: string, signal: AbortSignal, host: HTMLElement): Promise<string> => {
  try {
    const { perform } = await import('./tasks.js');
    return await perform(kind, argument, signal, host);
  } catch {
    return '{"error":"Unavailable"}';
  }
};

/** What WebAssembly throws in so many words, rather than by a trap, is an option that it cannot work with. */
const refusal = (cause: unknown): SignInError =>
  new SignInError('options.value', cause instanceof Error ? cause.message : String(cause), { cause });

function find(target: Element | string): Element {
  const place = typeof target !== 'string' ? target : typeof document === 'object' && document.querySelector(target);
  if (place && 'append' in place) return place;
  const what = typeof target === 'string' ? `no element matches \`${target}\`` : 'the target is not an element';
  throw new SignInError('mount.no_target', `${what}; mount in a browser, once the element is in the page`);
}

/** The widget's own element inside the customer's; its id is the beginning of every id within. */
function makeHost(): HTMLElement {
  let number = 1;
  while (document.getElementById(`lk${number}`)) number++;
  const host = document.createElement('div');
  host.id = `lk${number}`;
  host.className = 'latchkey';
  host.lang = 'en';
  host.dir = 'ltr';
  return host;
}

/**
 * After a crash the same answer would crash again: what was kept to go on after a reload is dropped, so that starting again
 * really does.
 */
function forgetProgress(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('latchkey')) sessionStorage.removeItem(key);
  } catch {
    // A page without storage has kept nothing.
  }
}
