/**
 * `features.backButton`: the browser's Back button goes back one page of the widget, as it does one page of a site.
 *
 * While a screen has a way back, one entry of the history stands before the page's own, with the same address: leaving it is
 * Back, which presses the way back. A screen without one takes the entry away again, so that neither the end of a sign-in nor
 * unmounting leaves anything behind. What a router keeps in `history.state` stays there. Which of its buttons are ways back the
 * widget says itself, in `data-back`; nothing here knows a step.
 */

/** The member of `history.state` that says whose the entry is. */
const KEY = 'latchkey';

/** The browser leaves the page: a traversal now would stop it. */
const IS_LEAVING = /redirect/;

/** While an entry is being taken away. */
let removal: Promise<void> | undefined;
/** The event of that, which is nobody's press of a button. */
let removed: Event | undefined;

/** The Back button for the widget that is drawn into `root`. */
export class BackButton {
  readonly #root: HTMLElement;
  readonly #listening = new AbortController();
  /** Where the entry was made. */
  #address: string | undefined;
  /** Names of the last screen and of the one before. */
  #screens: readonly string[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
    addEventListener('popstate', (event) => this.#popped(event), { signal: this.#listening.signal });
  }

  /** Another screen has been drawn. */
  async drawn(name: string): Promise<void> {
    this.#screens = [name, ...this.#screens.slice(0, 1)];
    await removal;
    if (this.#listening.signal.aborted) return;
    if (this.#wayBack()) this.#enter();
    else if (!IS_LEAVING.test(name)) this.#leave();
  }

  /** The widget goes, or the feature is switched off. */
  end(): void {
    this.#listening.abort();
    this.#leave();
  }

  /** After a reload the entry is there already. */
  #enter(): void {
    this.#address = location.href;
    if (!this.#isInside()) history.pushState({ ...history.state, [KEY]: this.#root.id }, '');
  }

  #leave(): void {
    this.#address = undefined;
    if (!this.#isInside()) return;
    removal ??= new Promise((resolve) => {
      const done = (event: Event): void => {
        removed = event;
        removal = undefined;
        resolve();
      };
      // Before those who might take it for a press.
      addEventListener('popstate', done, { once: true, capture: true });
      history.back();
    });
  }

  #isInside(): boolean {
    return history.state?.[KEY] === this.#root.id;
  }

  /** An entry with another address is the page's own doing. */
  #popped(event: Event): void {
    if (event === removed) return;
    if (this.#isInside()) return void (this.#wayBack() ?? this.#leave()); // by the Forward button
    if (this.#address !== location.href) return;
    // Whatever comes of the press, the next screen decides whether the entry stays.
    this.#enter();
    if (!this.#isBusy()) this.#wayBack()?.click();
  }

  #isBusy(): boolean {
    return this.#root.querySelector('.latchkey-progress:not([hidden])') !== null;
  }

  #wayBack(): HTMLElement | null {
    const to = (place: string): HTMLElement | null => this.#root.querySelector(`[data-back="${place}"]`);
    const cameFromChoice = /^select-/.test(this.#screens[1] ?? '');
    return to('form') ?? (cameFromChoice ? to('choice') : null) ?? to('start') ?? to('choice');
  }
}
