/**
 * `<latchkey-sign-in>`: the object that `createSignIn` gives, as an element. Its options are attributes and properties, its
 * events are events, and being in the page is being mounted.
 *
 * Frameworks set attributes and properties one by one, before and after the element is in the page, and move it by taking it
 * out and putting it in again. So nothing happens at once: what the element is to be is looked at in a microtask, when the
 * page's own code has come to its end. Which options are attributes follows from their rules; the types are in
 * `element-types.ts`.
 */
import type { SignInError } from './errors.js';
import { callSafely, Listeners } from './events.js';
import { makeHost } from './host.js';
import { areStrings, isNumber, isString } from './option-rules.js';
import { RULES } from './option-table.js';
import { SignInWidget } from './sign-in.js';
import { drawFailure } from './skeleton.js';
import { texts } from './texts.js';
import type { Outcome, SignInEvents, SignInOptions } from './types.js';

const TAG = 'latchkey-sign-in';

/** What an attribute's text means, by the check of the option's type. An option of another type is a property only. */
const PARSERS = new Map<unknown, (text: string) => unknown>([
  [isString, (text) => text],
  [isNumber, (text) => (text.trim() ? Number(text) : NaN)],
  [areStrings, (text) => text.trim().split(/\s+/)],
]);

const OPTIONS = Object.keys(RULES);
const parserOf = (option: string) => PARSERS.get((RULES[option] || undefined)?.hasType);
const attributeOf = (option: string): string => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Defines the element, where there are elements and nobody has done it before: a page may load the package twice. */
export function defineElement(): void {
  if (typeof customElements !== 'object' || customElements.get(TAG)) return;

  /** In here, since a server has no class to extend. */
  class SignInElement extends HTMLElement {
    /** In here, since the properties need what is private, and Safari has blocks for that from 16.4 on only. */
    static readonly observedAttributes = OPTIONS.filter((option) => {
      Object.defineProperty(this.prototype, option, {
        get(this: SignInElement) {
          return this.#valueOf(option);
        },
        set(this: SignInElement, value) {
          this.update({ [option]: value });
        },
      });
      return parserOf(option);
    }).map(attributeOf);
    readonly finished: Promise<Outcome>;
    #settle!: (outcome: Outcome) => void;
    readonly #listeners = new Listeners();
    /** What was set as a property. It wins over the attribute. */
    readonly #properties: Record<string, unknown> = {};
    #signIn: SignInWidget | undefined;
    #isMounted = false;
    #isScheduled = false;
    #isDestroyed = false;
    /** Says in the widget's place why it cannot be there. */
    #notice: HTMLElement | undefined;
    /** What was wrong when it was last looked at: told once. */
    #complaint = '';

    constructor() {
      super();
      this.finished = new Promise((resolve) => (this.#settle = resolve));
      // What was set before there was this class hides what the class has.
      for (const option of OPTIONS as (keyof this)[]) {
        if (!Object.hasOwn(this, option)) continue;
        const value = this[option];
        delete this[option];
        this[option] = value;
      }
    }

    connectedCallback(): void {
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      queueMicrotask(() => {
        this.#isScheduled = false;
        this.#follow();
      });
    }

    disconnectedCallback(): void {
      this.connectedCallback();
    }

    attributeChangedCallback(): void {
      this.connectedCallback();
    }

    update(changes: Partial<SignInOptions>): void {
      Object.assign(this.#properties, changes);
      this.connectedCallback();
    }

    on<Name extends keyof SignInEvents>(name: Name, handler: (event: SignInEvents[Name]) => void): () => void {
      return this.#listeners.add(name, handler);
    }

    destroy(): void {
      this.#isDestroyed = true;
      this.#notice?.remove();
      if (this.#signIn) this.#signIn.destroy();
      else this.#settle({ status: 'cancelled' });
    }

    #valueOf(option: string): unknown {
      // Browsers hide the attribute `nonce` from scripts, and keep its value in the property.
      const text = (option === 'nonce' && super.nonce) || this.getAttribute(attributeOf(option));
      return this.#properties[option] ?? (text === null ? undefined : parserOf(option)?.(text));
    }

    /** Becomes what its place, its attributes and its properties say now. */
    #follow(): void {
      if (this.#isDestroyed) return;
      this.#isMounted &&= this.isConnected;
      if (!this.isConnected) return this.#signIn?.unmount();
      // Those that do not exist are among them too, so that somebody hears of it.
      const named = [...OPTIONS, ...Object.keys(this.#properties)];
      const options = Object.fromEntries(named.map((option) => [option, this.#valueOf(option)])) as unknown as SignInOptions;
      try {
        this.#signIn?.update(options);
        this.#signIn ??= this.#begin(options);
        this.#signIn.mount(this);
        this.#isMounted = true;
        this.#notice?.remove();
        this.#complaint = '';
      } catch (error) {
        this.#refuse(error as SignInError, options);
      }
    }

    #begin(options: SignInOptions): SignInWidget {
      const signIn = new SignInWidget(options);
      for (const name of ['ready', 'screen', 'success', 'error', 'unload'] as const) signIn.on(name, (detail) => this.#tell(name, detail));
      void signIn.finished.then(this.#settle);
      return signIn;
    }

    #tell<Name extends keyof SignInEvents>(name: Name, detail: SignInEvents[Name]): void {
      this.#listeners.emit(name, detail);
      this.dispatchEvent(new CustomEvent(name, { detail }));
    }

    /** A widget that is there goes on with the options that it has. */
    #refuse(error: SignInError, { onError }: SignInOptions): void {
      error.message = error.message.replace(/(option )?`(\w+)`/g, (named, isOption, option: string) =>
        parserOf(option) && this.#properties[option] == null ? `${isOption ? 'attribute ' : ''}\`${attributeOf(option)}\`` : named,
      );
      if (error.message === this.#complaint) return;
      this.#complaint = error.message;
      if (!this.#isMounted) drawFailure(this.appendChild((this.#notice ??= makeHost())), { ...texts.refused, text: error.message });
      callSafely(() => onError?.(error));
      this.#tell('error', error);
    }
  }

  customElements.define(TAG, SignInElement);
}
