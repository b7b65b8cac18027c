/**
 * The card of `mode: 'redirect'`: a title, where the button leads, the button, and what went wrong with it.
 *
 * Made by DOM calls alone, which Trusted Types let through; styled by the same classes as the real screens.
 */
import { element } from '../skeleton.js';
import { texts } from './texts.js';

/** See the head of the file. Nothing in it but text nodes and attributes. */
export class Card {
  readonly #section: HTMLElement;
  readonly #lead = element('p', 'latchkey-text');
  readonly #alert = element('div', 'latchkey-alert latchkey-alert--error', { role: 'alert' });
  readonly #status = element('p', 'latchkey-visually-hidden', { role: 'status' });
  readonly #button = element('button', 'latchkey-button latchkey-button--primary', { type: 'button' }, texts.action);

  constructor(host: HTMLElement, onPress: () => void) {
    const titleId = `${host.id}-title`;
    // It can be given the focus by whoever has drawn a failure here before.
    const title = element('h2', 'latchkey-title', { id: titleId, tabindex: '-1' }, texts.title);
    this.#button.addEventListener('click', () => this.isBusy || onPress());
    this.#alert.hidden = true;
    const parts = [element('header', 'latchkey-header', {}, title), this.#alert, this.#lead, this.#button, this.#status];
    this.#section = element('section', 'latchkey-card', { 'aria-labelledby': titleId }, ...parts);
    host.replaceChildren(this.#section);
  }

  /** Says where the button leads. */
  leadTo(issuer: string): void {
    this.#lead.textContent = texts.lead.replace('{host}', new URL(issuer).host);
  }

  get isBusy(): boolean {
    return this.#button.getAttribute('aria-disabled') === 'true';
  }

  /** The button keeps the focus, and does nothing more. */
  setBusy(isBusy: boolean): void {
    this.#button.setAttribute('aria-disabled', String(isBusy));
    this.#status.textContent = isBusy ? texts.leaving : '';
    if (isBusy) this.#warn();
  }

  /** Shows a problem; the button can be pressed again. */
  fail(text: string): void {
    this.setBusy(false);
    this.#warn(text);
  }

  /** The same, where pressing again could not help. */
  failForGood(text: string): void {
    this.fail(text);
    this.#button.remove();
    this.#lead.remove();
  }

  /** Takes away what is its own: the next skeleton may be there already. */
  clear(): void {
    this.#section.remove();
  }

  #warn(text?: string): void {
    this.#alert.hidden = text === undefined;
    this.#alert.replaceChildren(...(text === undefined ? [] : [element('p', 'latchkey-alert__text', {}, text)]));
  }
}
