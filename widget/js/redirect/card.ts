/**
 * The card of `mode: 'redirect'`: a title, where the button leads, the button, and what went wrong with it.
 *
 * Made by DOM calls alone, which Trusted Types let through; styled by the same classes as the real screens.
 */
import { element } from '../skeleton.js';
import type { Texts } from './texts.js';

/** What can be wrong, by the name of its text. */
export type Problem = keyof Texts;

/** See the head of the file. Nothing in it but text nodes and attributes. */
export class Card {
  readonly #section: HTMLElement;
  readonly #title: HTMLElement;
  readonly #lead = element('p', 'latchkey-text');
  readonly #alert = element('div', 'latchkey-alert latchkey-alert--error', { role: 'alert' });
  readonly #status = element('p', 'latchkey-visually-hidden', { role: 'status' });
  readonly #button = element('button', 'latchkey-button latchkey-button--primary', { type: 'button' });
  #texts: Texts;
  #host = '';
  #problem: Problem | undefined;
  #isBusy = false;

  constructor(host: HTMLElement, texts: Texts, onPress: () => void) {
    this.#texts = texts;
    const titleId = `${host.id}-title`;
    // It can be given the focus by whoever has drawn a failure here before.
    this.#title = element('h2', 'latchkey-title', { id: titleId, tabindex: '-1' });
    this.#button.addEventListener('click', () => this.#isBusy || onPress());
    const parts = [element('header', 'latchkey-header', {}, this.#title), this.#alert, this.#lead, this.#button, this.#status];
    this.#section = element('section', 'latchkey-card', { 'aria-labelledby': titleId }, ...parts);
    host.replaceChildren(this.#section);
  }

  /** Says in these words where the button leads, and what is wrong. */
  speak(texts: Texts, issuer: string): void {
    this.#texts = texts;
    this.#host = new URL(issuer).host;
    this.#draw();
  }

  /** The button keeps the focus, and does nothing more. */
  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    if (isBusy) this.#problem = undefined;
    this.#draw();
  }

  /** Shows a problem; the button can be pressed again. */
  fail(problem: Problem): void {
    this.#problem = problem;
    this.setBusy(false);
  }

  /** The same, where pressing again could not help. */
  failForGood(problem: Problem): void {
    this.fail(problem);
    this.#button.remove();
    this.#lead.remove();
  }

  /** As it was before all failures. */
  recover(): void {
    this.#problem = undefined;
    this.#alert.after(this.#lead, this.#button);
    this.#draw();
  }

  /** Takes away what is its own: the next skeleton may be there already. */
  clear(): void {
    this.#section.remove();
  }

  #draw(): void {
    const { title, lead, action, leaving } = this.#texts;
    const problem = this.#problem && this.#texts[this.#problem];
    this.#title.textContent = title;
    this.#lead.textContent = lead.replace('{host}', this.#host);
    this.#button.textContent = action;
    this.#button.setAttribute('aria-disabled', String(this.#isBusy));
    this.#status.textContent = this.#isBusy ? leaving : '';
    this.#alert.hidden = problem === undefined;
    // Said again only when it says something else.
    if (this.#alert.textContent !== (problem ?? '')) this.#alert.replaceChildren(...(problem === undefined ? [] : [element('p', 'latchkey-alert__text', {}, problem)]));
  }
}
