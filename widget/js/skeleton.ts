/**
 * What stands in the widget's place while there is no WebAssembly: the skeleton before it, the failure page after it.
 *
 * Made by DOM calls alone, which Trusted Types let through; styled by the same classes as the real screens.
 */
import type { FailureTexts } from './texts.js';

/** Draws grey lines of the first screen's final size, and says to screen readers what is going on. */
export function drawSkeleton(host: HTMLElement, told: string): void {
  const lines = ['title', 'label', 'input', 'button'].map((line) =>
    element('span', `latchkey-skeleton__line latchkey-skeleton__line--${line}`),
  );
  const status = element('p', 'latchkey-visually-hidden', { role: 'status' }, told);
  host.replaceChildren(element('section', 'latchkey-card latchkey-skeleton', { 'aria-busy': 'true' }, status, ...lines));
}

/** Draws what went wrong and, where the texts have one, the button that tries again. */
export function drawFailure(host: HTMLElement, failure: FailureTexts, onAction?: () => void): void {
  const hadFocus = host.matches(':focus-within');
  const titleId = `${host.id}-title`;
  const title = element('h2', 'latchkey-title', { id: titleId, tabindex: '-1' }, failure.title);
  const alert = element('div', 'latchkey-alert latchkey-alert--error', { role: 'alert' });
  const card = element('section', 'latchkey-card', { 'aria-labelledby': titleId }, element('header', 'latchkey-header', {}, title), alert);
  alert.append(element('p', 'latchkey-alert__text', {}, failure.text));
  if (failure.action && onAction) card.append(actionButton(failure.action, onAction));
  host.replaceChildren(card);
  // Whoever was typing would otherwise be left on a control that is gone.
  if (hadFocus) title.focus();
}

function actionButton(label: string, onAction: () => void): HTMLElement {
  const button = element('button', 'latchkey-button latchkey-button--primary', { type: 'button' }, label);
  button.addEventListener('click', onAction, { once: true });
  return button;
}

/** One element with its class, attributes and children. */
export function element(tag: string, className: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
