/**
 * `<latchkey-sign-in>` as a type: its properties, its attributes, its methods and events. What it does is in `element.ts`.
 */
import type { Outcome, SignInEvents, SignInOptions } from './types.js';

/** `clientId` becomes `client-id`. */
type AttributeName<Option extends string> = Option extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${AttributeName<Rest>}`
  : '';

type AttributeValue<Value> = Value extends string | number | boolean ? `${Value}` : Value extends readonly string[] ? string : never;

/**
 * What can be written in HTML: every option that is a text, a number, or a list of texts (separated by spaces), in small letters
 * with hyphens. Each is a string.
 */
export type SignInElementAttributes = {
  -readonly [Option in keyof SignInOptions as [AttributeValue<NonNullable<SignInOptions[Option]>>] extends [never]
    ? never
    : AttributeName<Option>]?: AttributeValue<NonNullable<SignInOptions[Option]>> | undefined;
};

/** Every option, as a property. What is set wins over the attribute; `undefined` gives way to it again. */
type Properties = { -readonly [Option in keyof SignInOptions]?: SignInOptions[Option] | undefined };

/** What the element has beside its options, each of which is a property and, where a text can say it, an attribute. */
export interface SignInElementMembers {
  /**
   * Settles once, and never rejects: with the first outcome, once its event has been told, or with `cancelled` on `destroy`. Until
   * then it is open, whatever fails meanwhile; taking the element out of the page leaves it open too, since it may be put in again.
   */
  readonly finished: Promise<Outcome>;
  /** Sets several properties. */
  update(options: Partial<SignInOptions>): void;
  /** Empties the element for good, and settles `finished`. */
  destroy(): void;
  /**
   * As `on` of the object that `createSignIn` gives: calls `handler` with what `addEventListener` would have as `detail`.
   *
   * @returns the way to stop listening
   * @throws SignInError `events.unknown` when there is no such event
   */
  on<Name extends keyof SignInEvents>(name: Name, handler: (event: SignInEvents[Name]) => void): () => void;
  /** Calls `listener` on each such event, with what `on` would hand over as its `detail`. Events do not bubble. */
  addEventListener<Name extends keyof SignInEvents>(
    name: Name,
    listener: (event: CustomEvent<SignInEvents[Name]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Takes it off again. */
  removeEventListener<Name extends keyof SignInEvents>(
    name: Name,
    listener: (event: CustomEvent<SignInEvents[Name]>) => void,
    options?: boolean | EventListenerOptions,
  ): void;
}

/**
 * The element `<latchkey-sign-in>`. In the page it is mounted, out of the page it is unmounted, and what the person has reached
 * is kept for the next time; moved within one turn of the page's code it keeps what was typed. Changes count once that turn is
 * over. Events do not bubble; what `on` hands to a handler is in `detail`.
 *
 * Options that are wrong are an `error` event. A widget that is there goes on with those it had; otherwise its place says what
 * is wrong.
 */
export type SignInElement = SignInElementMembers & Properties & HTMLElement;

declare global {
  interface HTMLElementTagNameMap {
    'latchkey-sign-in': SignInElement;
  }
}
