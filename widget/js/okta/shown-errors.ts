/**
 * What is shown to somebody as an error: the incumbent tells pages of it, while `createSignIn` keeps what a server says to a person
 * to that person. So it is read where it is shown.
 */

/** Each element that says that something went wrong. */
const ALERT = '[role="alert"]';

/** Calls `tell` with each such text in `place`, once; gives the way to stop. */
export function watchErrors(place: Element, tell: (text: string) => void): () => void {
  let shown: Element | null = null;
  let said = '';
  const look = (): void => {
    const alert = place.querySelector(ALERT);
    const text = alert?.textContent?.trim() ?? '';
    const isNew = text !== '' && (alert !== shown || text !== said);
    [shown, said] = [alert, text];
    if (isNew) tell(text);
  };
  const observer = new MutationObserver(look);
  observer.observe(place, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}
