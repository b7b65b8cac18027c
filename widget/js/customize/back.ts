/**
 * `features.backButton`: the browser's Back button goes back one page of the widget, as it does one page of a site.
 *
 * While a screen has a way back, one entry of the history stands before the page's own, with the same address: leaving it is
 * Back, which presses the way back. A screen without one takes the entry away again, and so does the end of a sign-in, before the
 * page is told of it: whatever the page does then, a step in the history that was still under way would cross it. When the widget is
 * taken away, nobody knows whether the page is leaving already: the entry stays, as one of the page's own, and is used again if the
 * widget comes back to it. What a router keeps in `history.state` stays there. Which of its buttons are ways back the widget says
 * itself, in `data-back`; nothing here knows a step.
 */

/** The member of `history.state` that says whose the entry is. */
const KEY = 'latchkey';

/** The browser leaves the page: a traversal now would stop it. */
const IS_LEAVING = /redirect/;

/** Milliseconds. A traversal takes a few; one that something else has stopped never comes to its end. */
const LONGEST_WAIT = 1000;

/** While an entry is being taken away. */
let removal: Promise<void> | undefined;
/** The event of that, which is nobody's press of a button. */
let removed: Event | undefined;
/** Where an entry was left to the page; nothing once the person has gone anywhere since. */
let left: string | undefined;

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
    else if (!IS_LEAVING.test(name)) await this.leave();
  }

  /** Takes the entry away. Resolves once it is gone, or does not go. */
  async leave(): Promise<void> {
    this.#address = undefined;
    if (this.#isInside()) removal ??= stepBack();
    await removal;
  }

  /** The widget goes, or the feature is switched off. */
  end(): void {
    this.#listening.abort();
    if (removal || !this.#isInside()) return;
    const { [KEY]: _, ...state } = history.state;
    history.replaceState(Object.keys(state).length > 0 ? state : null, '');
    left = placeNow();
    addEventListener('popstate', () => (left = undefined), { once: true });
  }

  /** After a reload the entry is there already. */
  #enter(): void {
    this.#address = location.href;
    if (this.#isInside()) return;
    const change = left === placeNow() ? 'replaceState' : 'pushState';
    history[change]({ ...history.state, [KEY]: this.#root.id }, '');
  }

  #isInside(): boolean {
    return history.state?.[KEY] === this.#root.id;
  }

  /** An entry with another address is the page's own doing. */
  #popped(event: Event): void {
    if (event === removed) return;
    if (this.#isInside()) return void (this.#wayBack() ?? this.leave()); // by the Forward button
    // A press would not be heard now; the next Back leaves the page, however long the page's own functions take.
    if (this.#address !== location.href || this.#isBusy()) return;
    // Whatever comes of the press, the next screen decides whether the entry stays.
    this.#enter();
    this.#wayBack()?.click();
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

/** One entry back. */
async function stepBack(): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (event?: Event): void => {
      removeEventListener('popstate', done, true);
      clearTimeout(timer);
      removed = event;
      resolve();
    };
    const timer = setTimeout(done, LONGEST_WAIT);
    // Before those who might take it for a press.
    addEventListener('popstate', done, true);
    history.back();
  });
  removal = undefined;
}

/** Any entry more makes it another one. */
const placeNow = (): string => `${history.length} ${location.href}`;
