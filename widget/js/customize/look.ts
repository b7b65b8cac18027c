/**
 * What the options `brand`, `theme` and the features of looks do on the element of the widget. The only part of customisation
 * that touches the page, and only by calls that a strict policy with Trusted Types lets through.
 */
import type { SignInOptions } from '../sign-in-options.js';
import { THEME_VARIABLES } from './theme-variables.js';

/** The dress of one widget, put on and taken off again. */
export class Look {
  readonly #host: HTMLElement;
  /** The title that the page has given itself. */
  #title = '';
  /** The one that it was given here last. */
  #given: string | undefined;
  #owesFocus = false;

  constructor(host: HTMLElement) {
    this.#host = host;
    host.addEventListener('focusin', this.#passOn);
  }

  /** Looks as the options say; may be called again and again, and must be when the content of the element was replaced. */
  apply({ brand, theme = {}, features = {} }: SignInOptions): void {
    for (const name of THEME_VARIABLES) this.#host.style.setProperty(`--latchkey-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, theme[name] ?? '');
    const hidden = [features.showIdentifier === false && 'identity', features.showPasswordToggle === false && 'reveal'];
    this.#host.dataset['hide'] = hidden.filter(Boolean).join(' ');
    this.#host.querySelector(`.${BRAND}`)?.remove();
    if (brand?.logo ?? brand?.name) this.#host.querySelector('.latchkey-card')?.prepend(header(brand ?? {}));
  }

  /** Gives the page the title of the screen, or the one that it had. */
  entitle({ brand, features = {} }: SignInOptions): void {
    const { setPageTitle = false } = features;
    if (setPageTitle === false) return this.#restoreTitle();
    if (document.title !== this.#given) this.#title = document.title;
    document.title = titleOf(this.#host.querySelector('.latchkey-title')?.textContent ?? '', setPageTitle, brand?.name);
    this.#given = document.title; // which has no spaces too many
  }

  /** Another screen has been drawn. */
  focus({ features = {} }: SignInOptions, isFirst: boolean): void {
    this.#owesFocus = !!features.autoFocus;
    const { activeElement } = this.#host.getRootNode() as Document | ShadowRoot;
    const isAtHeading = this.#host.contains(activeElement) && activeElement?.matches('.latchkey-title');
    if (this.#owesFocus && (isFirst || isAtHeading)) this.#focusField();
  }

  /** Leaves the page as it was; the element itself goes anyway. */
  end(): void {
    this.#host.removeEventListener('focusin', this.#passOn);
    this.#restoreTitle();
  }

  /** Whoever has set another one since then, a router perhaps, wants that. */
  #restoreTitle(): void {
    if (document.title === this.#given) document.title = this.#title;
    this.#given = undefined;
  }

  /** The widget gives the focus to the heading of a new screen. */
  readonly #passOn = ({ target }: FocusEvent): void => {
    if (this.#owesFocus && target instanceof Element && target.matches('.latchkey-title')) this.#focusField();
  };

  #focusField(): void {
    this.#owesFocus = false;
    this.#host.querySelector<HTMLElement>('.latchkey-form :is(input, select):not([hidden], [readonly], [type="checkbox"])')?.focus();
  }
}

const BRAND = 'latchkey-brand';

function header({ name, logo, logoText }: NonNullable<SignInOptions['brand']>): HTMLElement {
  const element = document.createElement('div');
  element.className = BRAND;
  if (logo === undefined) {
    element.textContent = name ?? '';
    return element;
  }
  const image = document.createElement('img');
  image.className = `${BRAND}__logo`;
  image.alt = logoText ?? name ?? '';
  image.src = logo;
  element.append(image);
  return element;
}

type PageTitle = Exclude<NonNullable<NonNullable<SignInOptions['features']>['setPageTitle']>, false>;

function titleOf(heading: string, title: PageTitle, brand: string | undefined): string {
  if (typeof title === 'function') return title(heading, brand);
  return typeof title === 'string' ? title : [heading, brand].filter(Boolean).join(' – ');
}
