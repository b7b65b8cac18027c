/**
 * What is shown to somebody as an error: the incumbent tells pages of it, while `createSignIn` keeps what a server says to a person
 * to that person. So it is read where it is shown.
 */
import type { ErrorDetails } from './types.js';

/** Each element that says that something went wrong. */
const ALERT = '[role="alert"]';
/** What an alert says one after the other. */
const SAID = '.latchkey-alert__text, li';
/** What leads to a field. */
const FIELD = 'a[href^="#"]';

/**
 * Calls `tell` with what each alert in `place` says: when it has something new to say, and when an answer has changed nothing in it.
 * What the widget finds wrong before it sends anything is not told, as the incumbent does not. Gives the way to stop.
 */
export function watchErrors(place: Element, tell: (details: Required<ErrorDetails>) => void): () => void {
  let said = '';
  let wasBusy = false;
  const look = (records: readonly MutationRecord[]): void => {
    wasBusy ||= records.some(({ type }) => type === 'attributes');
    if (place.querySelector('[aria-disabled="true"]')) return;
    const alert = place.querySelector(ALERT);
    const details = detailsOf(place, alert);
    const isNew = details.errorSummary !== said && !alert?.querySelector(FIELD);
    if (details.errorSummary !== '' && (isNew || wasBusy)) tell(details);
    [said, wasBusy] = [details.errorSummary, false];
  };
  const observer = new MutationObserver(look);
  // Buttons are disabled, by this attribute alone, while an answer is waited for.
  observer.observe(place, { childList: true, subtree: true, characterData: true, attributeFilter: ['aria-disabled'] });
  return () => observer.disconnect();
}

function detailsOf(place: Element, alert: Element | null): Required<ErrorDetails> {
  const parts = [...(alert?.querySelectorAll(SAID) ?? [])];
  const errorSummary = (parts.length > 0 ? parts : [alert]).map(textOf).filter((text) => text !== '').join(' ');
  const errorCauses = [...(alert?.querySelectorAll(FIELD) ?? [])].map((link) => {
    const property = place.querySelector(`[id="${CSS.escape(link.getAttribute('href')?.slice(1) ?? '')}"]`)?.getAttribute('name');
    return { errorSummary: [textOf(link)], ...(property && { property }) };
  });
  return { errorSummary, errorCauses };
}

const textOf = (element: Element | null): string => element?.textContent?.trim() ?? '';
