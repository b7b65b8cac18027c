/**
 * What a page changes about the sign-in beyond plain options: functions of its own, other ways on the first screen, its brand.
 * Most sign-ins need none of it, so it is a script of its own, `latchkey-customize.js`, fetched when one of its options is used.
 *
 * It stands between the widget and the network, in the place of `fetch`, so the widget's core knows none of these options, and
 * what they bring is held to the same checks as what a server says. What happens on the way is in `customize/exchange.ts`.
 */
import { BackButton } from './customize/back.js';
import { Exchange, type Surroundings } from './customize/exchange.js';
import { callHooks } from './customize/hooks.js';
import { SUCCESS } from './customize/idx.js';
import { Look } from './customize/look.js';
import { Refused } from './customize/refusal.js';
import { THEME_VARIABLES } from './customize/theme-variables.js';
import { nearestName } from './option-rules.js';
import type { Outcome, ScreenEvent } from './types.js';

/** The screen of a sign-in that is through; hooks know its step by another name. */
const DONE = 'done';

/** Customisation of one widget, from one start of it to its end. */
export class Customization {
  readonly #around: Omit<Surroundings, 'send' | 'page'>;
  readonly #exchange: Exchange;
  readonly #look: Look;
  readonly #reported = new Set<string>();
  readonly #root: HTMLElement;
  #back: BackButton | undefined;
  #hasScreen = false;
  /** Until what follows the last screen has begun. */
  #drawing: Promise<void> | undefined;

  constructor(host: HTMLElement, around: Omit<Surroundings, 'send' | 'page'>) {
    this.#around = around;
    this.#exchange = new Exchange({ ...around, send: (request) => fetch(request), page: document.baseURI });
    this.#look = new Look(host);
    this.#root = host;
    this.#checkTheme();
  }

  /** In the place of `fetch`, for all requests of the widget. */
  fetch(request: Request): Promise<Response> {
    return this.#exchange.fetch(request);
  }

  /** Looks as the options say; for when the content of the element was replaced. */
  dress(): void {
    this.#look.apply(this.#around.options());
  }

  /** Other options. True where the screen has to be drawn from the answer again. */
  update(): boolean {
    this.dress();
    if (this.#hasScreen) setTimeout(() => this.#entitle()); // as in `drawn`: the heading may be another
    this.#checkTheme();
    return this.#exchange.isStale();
  }

  /** The widget draws another screen. */
  drawn({ name, authenticator }: ScreenEvent): void {
    // After the effects that draw, which run in this turn.
    this.#drawing = new Promise((resolve) =>
      setTimeout(() => {
        void this.#follow({ name, ...(authenticator !== undefined && { authenticator }) });
        resolve();
      }),
    );
  }

  /** The sign-in has ended, and the page is about to be told: resolves once there is nothing here that could cross its next step. */
  async finish({ status }: Outcome): Promise<void> {
    // The browser is leaving, and a step in the history would stop it.
    if (status === 'redirected') return;
    await this.#drawing;
    await this.#back?.leave();
  }

  /** Nothing that was begun counts any more, and the page is as it was before. */
  end(): void {
    this.#exchange.end();
    this.#look.end();
    this.#back?.end();
  }

  /** The names are checked here and not with the other options: all sign-ins would load their list. */
  #checkTheme(): void {
    const known: readonly string[] = THEME_VARIABLES;
    for (const name of Object.keys(this.#around.options().theme ?? {}).filter((given) => !known.includes(given) && !this.#reported.has(given))) {
      this.#reported.add(name);
      const nearest = nearestName(name, known);
      this.#around.report('options.unknown', `there is no option \`theme.${name}\`${nearest ? `; did you mean \`theme.${nearest}\`?` : ''}`);
    }
  }

  async #follow(screen: ScreenEvent): Promise<void> {
    const { signal } = this.#exchange;
    if (signal.aborted) return;
    const { options } = this.#around;
    this.#entitle();
    this.#goBack(screen.name);
    this.#look.focus(options(), !this.#hasScreen);
    this.#hasScreen = true;
    const step = screen.name === DONE ? { name: SUCCESS } : screen;
    await callHooks('after', step, options, signal).catch((refused: Refused) => this.#report(refused));
  }

  /** Switched on or off by an update, it counts from the next screen on. */
  #goBack(screen: string): void {
    if (this.#around.options().features?.backButton) void (this.#back ??= new BackButton(this.#root)).drawn(screen);
    else this.#back = void this.#back?.end();
  }

  #entitle(): void {
    if (this.#exchange.signal.aborted) return;
    try {
      this.#look.entitle(this.#around.options());
    } catch (cause) {
      this.#report(new Refused('features.setPageTitle', cause));
    }
  }

  #report(refused: Refused): void {
    this.#around.report('hooks.failed', refused.message, refused.cause);
  }
}
