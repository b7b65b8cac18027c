/**
 * The object that `createSignIn` gives: it puts a host element into the page, has the WebAssembly loaded, starts it in
 * there, and passes on what it says. The sign-in itself happens on the other side.
 *
 * Two rules keep it safe at odd moments. All that belongs to one attempt (a mount, or a new start after a failure) hangs on
 * one object, and whatever arrives for an attempt that is not the present one is dropped. And WebAssembly is called, and
 * its events are handed on, in a microtask of their own: never while its own frames are still on the stack.
 */
import type { Bindings, Perform, RunningSignIn } from './bindings.js';
import type { Customization } from './customize.js';
import { failure, SignInError, type SignInErrorCode } from './errors.js';
import { Listeners } from './events.js';
import { isolate, makeHost } from './host.js';
import { chooseLanguage, directionOf, ENGLISH, isBuiltIn, type Speech } from './language.js';
import { loadScript } from './load-script.js';
import { instantiate, stylesUrl } from './load-wasm.js';
import { CUSTOMIZING } from './option-table.js';
import { checkOptions, serializeOptions } from './options.js';
import { drawFailure, drawSkeleton } from './skeleton.js';
import { isKept, takeReturned } from './returned.js';
import type { Outcome, SignIn, SignInEvents, SignInOptions } from './types.js';

/** From one start of the WebAssembly to its end. The members arrive one after the other. */
interface Attempt {
  bindings?: Pick<Bindings, 'start' | 'detach'>;
  running?: RunningSignIn;
  custom?: Customization;
  /** What stands there is the page that says so. */
  hasFailed?: boolean;
}

/** What WebAssembly says, one JSON text at a time. */
type Message =
  | { readonly type: 'ready' }
  | { readonly type: 'screen'; readonly name: string; readonly authenticator?: string }
  | { readonly type: 'success'; readonly outcome: Outcome }
  | { readonly type: 'error'; readonly error: { readonly code: SignInErrorCode; readonly message: string; readonly requestId?: string } };

/** See {@link SignIn}; here is only what is not said there. */
export class SignInWidget implements SignIn {
  readonly finished: Promise<Outcome>;
  readonly #listeners = new Listeners();
  readonly #destroyOnAbort = (): void => this.destroy();
  #settle!: (outcome: Outcome) => void;
  /** How the sign-in has ended, from the moment when that is known. */
  #outcome: Outcome = { status: 'cancelled' };
  #options: SignInOptions;
  #host: HTMLElement | undefined;
  /** What is drawn into: the host, or its likeness in the shadow root. */
  #root: HTMLElement | undefined;
  #attempt: Attempt | undefined;
  #speech: Speech = ENGLISH;
  /** The latest search for other words; what an earlier one finds is dropped. */
  #learning: object | undefined;
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
    const { assetsUrl, isolation } = this.#options;
    const host = (this.#host = makeHost());
    const root = (this.#root = isolation === 'shadow' ? isolate(host, stylesUrl(assetsUrl), () => this.#report(noStyles())) : host);
    this.#applyColorScheme();
    place.append(host);
    void this.#begin(root);
  }

  unmount(): void {
    if (!this.#host) return;
    this.#abandon();
    this.#host.remove();
    this.#host = this.#root = undefined;
    this.#listeners.emit('unload', undefined);
  }

  update(changes: Partial<SignInOptions>): void {
    const before = this.#options;
    const after = checkOptions({ ...before, ...changes });
    if (this.#isDestroyed) return;
    if (this.#host) serializeOptions(after, location.href); // What it refuses, it refuses before anything is changed.
    this.#options = after;
    this.#followSignal(before.signal, after.signal);
    this.#applyColorScheme();
    if (!this.#root) return;
    const isRevived = this.#attempt?.hasFailed && JSON.stringify(before) !== JSON.stringify(after);
    if (before.mode !== after.mode || isRevived) return void this.#begin(this.#root);
    void this.#handOver();
    if (saidBy(before) !== saidBy(after)) void this.#speakAnew(this.#root);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.unmount();
    this.#followSignal(this.#options.signal, undefined);
    this.#settle(this.#outcome);
    this.#listeners.clear();
  }

  on<Name extends keyof SignInEvents>(name: Name, handler: (event: SignInEvents[Name]) => void): () => void {
    return this.#listeners.add(name, handler);
  }

  #serialize(returned?: object): string {
    return serializeOptions({ ...this.#options, language: this.#speech.language }, location.href, returned);
  }

  #followSignal(before: AbortSignal | undefined, after: AbortSignal | undefined): void {
    before?.removeEventListener('abort', this.#destroyOnAbort);
    after?.addEventListener('abort', this.#destroyOnAbort);
    if (after?.aborted) this.destroy();
  }

  #applyColorScheme(): void {
    const { colorScheme = 'auto' } = this.#options;
    if (colorScheme === 'auto') this.#root?.removeAttribute('data-color-scheme');
    else this.#root?.setAttribute('data-color-scheme', colorScheme);
  }

  /** Loads an instance and starts it in `host`. Never rejects: a failure is drawn and told. */
  async #begin(host: HTMLElement): Promise<void> {
    this.#abandon();
    const attempt: Attempt = {};
    this.#attempt = attempt;
    // The frames of second scripts come from where the page keeps the package.
    const { assetsUrl, mode } = this.#options;
    if (assetsUrl !== undefined) host.dataset['assetsUrl'] = assetsUrl;
    const language = chooseLanguage(this.#options, this.#host as Element);
    const isKnown = language === this.#speech.language;
    drawSkeleton(host, isKnown ? this.#speech.texts.loading : '');
    host.dir = directionOf(language);
    const learnt = this.#learn(language, () => attempt === this.#attempt);
    try {
      const [bindings] = await Promise.all([
        mode === 'redirect' ? loadScript('redirect', assetsUrl) : this.#instantiate(attempt),
        this.#customize(attempt, host),
        learnt,
      ]);
      if (attempt !== this.#attempt) return bindings.detach();
      attempt.bindings = bindings;
      const perform: Perform = (kind, argument, signal) => performLazily(kind, argument, signal, host, this.#options.assetsUrl);
      attempt.running = bindings.start(host, this.#serialize(takeReturned()), this.#speech.words, (text) => void this.#receive(attempt, text), perform);
      attempt.custom?.dress();
    } catch (error) {
      await learnt;
      if (attempt === this.#attempt) this.#failToLoad(error);
    }
  }

  /**
   * Finds the words for `language`, and speaks them from then on, if they are still wanted. Never rejects; true where they are others
   * than before.
   */
  async #learn(language: string, isWanted: () => boolean): Promise<boolean> {
    const learning = (this.#learning = {});
    const speech = await speechOf(this.#options, language);
    if (!isWanted() || learning !== this.#learning) return false;
    const before = this.#speech;
    this.#speech = speech;
    this.#applySpeech();
    const told = before.problems.map(({ message }) => message);
    for (const { code, message, ...details } of speech.problems) if (!told.includes(message)) this.#report(new SignInError(code, message, details));
    return speech.language !== before.language || speech.words !== before.words;
  }

  #applySpeech(): void {
    const { language, texts } = this.#speech;
    for (const element of [this.#host, this.#root]) if (element) Object.assign(element, { lang: language, dir: directionOf(language) });
    const status = !this.#attempt?.running && this.#root?.querySelector('.latchkey-skeleton [role=status]');
    if (status) status.textContent = texts.loading;
  }

  /** Another language while the widget is there: the screen stays, and so does what was typed. */
  async #speakAnew(host: HTMLElement): Promise<void> {
    const attempt = this.#attempt;
    const isWanted = (): boolean => attempt === this.#attempt;
    if (!(await this.#learn(chooseLanguage(this.#options, this.#host as Element), isWanted)) || !attempt?.running) return;
    // There already, unless one English follows another: what was typed is worth more than that.
    const script = await loadScript('speech', this.#options.assetsUrl).catch(() => undefined);
    if (!script || !isWanted()) return;
    const putBack = script.keepTyped(host);
    await this.#handOver();
    setTimeout(() => isWanted() && void putBack());
  }

  #instantiate(attempt: Attempt): Promise<Bindings> {
    const send = (request: Request): Promise<Response> => attempt.custom?.fetch(request) ?? fetch(request);
    return instantiate(this.#options.assetsUrl, (cause) => this.#crash(attempt, String(cause)), send);
  }

  /** Fetches what the page's own functions and looks need, if it has any. */
  async #customize(attempt: Attempt, host: HTMLElement): Promise<void> {
    if (attempt.custom || !CUSTOMIZING.some((name) => this.#options[name])) return;
    const { Customization } = await loadScript('customize', this.#options.assetsUrl);
    if (attempt !== this.#attempt || attempt.custom) return;
    attempt.custom = new Customization(host, {
      options: () => this.#options,
      report: (code, message, cause) => attempt === this.#attempt && this.#report(new SignInError(code, message, { cause })),
    });
    attempt.custom.dress();
  }

  /** An attempt that is still loading reads the options when it starts. */
  async #handOver(): Promise<void> {
    const [attempt, root] = [this.#attempt, this.#root];
    if (!attempt || !root) return;
    const wasPlain = !attempt.custom;
    try {
      await this.#customize(attempt, root);
      if (attempt !== this.#attempt) return;
      attempt.running?.update(this.#serialize(), this.#speech.words);
      if (attempt.custom?.update() || (wasPlain && attempt.custom)) attempt.running?.refresh();
    } catch (cause) {
      this.#report(cause instanceof SignInError ? cause : refusal(cause));
    }
  }

  /** Called by WebAssembly, with its frames on the stack. */
  async #receive(attempt: Attempt, text: string): Promise<void> {
    if (attempt !== this.#attempt) return;
    const message = JSON.parse(text) as Message;
    // At once, so that it is not lost if the page takes the widget away before it is told.
    if (message.type === 'success') this.#outcome = message.outcome;
    await undefined;
    if (message.type === 'success') await attempt.custom?.finish(message.outcome);
    if (attempt === this.#attempt) this.#tell(message);
    // Last, so that whoever waits for it can take the widget away without losing the event.
    if (message.type === 'success') this.#settle(message.outcome);
  }

  #tell(message: Message): void {
    switch (message.type) {
      case 'ready':
        this.#giveFocus();
        return void this.#listeners.emit('ready', undefined);
      case 'screen': {
        const { type, ...screen } = message;
        this.#attempt?.custom?.drawn(screen);
        return void this.#listeners.emit('screen', screen);
      }
      case 'success':
        return void this.#listeners.emit('success', message.outcome, this.#options.onSuccess);
      case 'error': {
        const { code, message: text, ...details } = message.error;
        return this.#report(failure(code, text, details));
      }
    }
  }

  #report(error: SignInError): void {
    const isHeard = this.#listeners.emit('error', error, this.#options.onError);
    // Its developer reads it then: to a person it says nothing that they could mend.
    if (!isHeard) console.warn(`latchkey: ${error.code}: ${error.message}`);
  }

  #failToLoad(cause: unknown): void {
    if (!(cause instanceof SignInError)) return this.#fail(refusal(cause), 'crashed');
    this.#fail(cause, cause.code === 'load.unsupported' ? 'unsupported' : 'loadFailed');
  }

  /** The instance is dead: nothing calls into it again, and what it drew is replaced. */
  #crash(attempt: Attempt, message: string): void {
    attempt.bindings?.detach();
    attempt.custom?.end();
    if (attempt !== this.#attempt) return;
    forgetProgress();
    const dead: Attempt = {};
    this.#attempt = dead;
    queueMicrotask(() => dead === this.#attempt && this.#fail(failure('internal.panic', message), 'crashed'));
  }

  #fail(error: SignInError, page: 'crashed' | 'unsupported' | 'loadFailed'): void {
    const host = this.#root;
    if (!host || !this.#attempt) return;
    this.#attempt.hasFailed = true;
    drawFailure(host, this.#speech.texts[page], () => {
      this.#owesFocus = true;
      void this.#begin(host);
    });
    this.#giveFocus();
    this.#report(error);
  }

  /** Ends the present attempt; its instance is taken down once its frames are off the stack. */
  #abandon(): void {
    const { bindings, running, custom } = this.#attempt ?? {};
    this.#attempt = undefined;
    custom?.end();
    if (!running) return;
    queueMicrotask(() => {
      running.unmount();
      running.free();
      bindings?.detach();
    });
  }

  #giveFocus(): void {
    if (this.#owesFocus && document.activeElement === document.body) {
      this.#root?.querySelector<HTMLElement>('.latchkey-title')?.focus();
    }
    this.#owesFocus = false;
  }
}

/** Few sign-ins need what is in there, so it is no part of what all of them load. */
const performLazily = async (kind: string, argument: string, signal: AbortSignal, host: HTMLElement, assetsUrl: string | undefined): Promise<string> => {
  try {
    const { perform } = await loadScript('tasks', assetsUrl);
    return await perform(kind, argument, signal, host);
  } catch {
    return '{"error":"Unavailable"}';
  }
};

/** By what is in them: frameworks make new objects of the same texts at every turn. */
const saidBy = ({ language, messages }: SignInOptions): string => JSON.stringify([language, messages]);

/** Most pages speak the English that is there already. */
async function speechOf(options: SignInOptions, language: string): Promise<Speech> {
  if (isBuiltIn(options, language)) return { ...ENGLISH, language };
  try {
    const { findSpeech } = await loadScript('speech', options.assetsUrl);
    return await findSpeech(options, language);
  } catch (cause) {
    return { ...ENGLISH, problems: [{ code: 'load.texts', message: 'latchkey-speech.js could not be loaded: the texts are English', cause }] };
  }
}

/** What WebAssembly throws in so many words, rather than by a trap, is an option that it cannot work with. */
const refusal = (cause: unknown): SignInError =>
  new SignInError('options.value', cause instanceof Error ? cause.message : String(cause), { cause });

const noStyles = (): SignInError =>
  failure('load.unreachable', '`latchkey.css` could not be fetched from where `latchkey.js` is (or `assetsUrl`): style-src has to allow it');

function find(target: Element | string): Element {
  const place = typeof target !== 'string' ? target : typeof document === 'object' && select(target);
  if (place && 'append' in place) return place;
  const what = typeof target === 'string' ? `no element matches \`${target}\`` : 'the target is not an element';
  throw new SignInError('mount.no_target', `${what}; mount in a browser, once the element is in the page`);
}

/** What is no selector matches nothing. */
function select(target: string): Element | null {
  try {
    return document.querySelector(target);
  } catch {
    return null;
  }
}

/**
 * After a crash the same answer would crash again: what was kept to go on after a reload is dropped, so that starting again
 * really does.
 */
function forgetProgress(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (isKept(key)) sessionStorage.removeItem(key);
  } catch {
    // A page without storage has kept nothing.
  }
}
