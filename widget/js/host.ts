/**
 * The widget's own element inside the customer's: what is drawn is in there, or in a shadow root of it.
 */

/** The build puts the package's version here. */
declare const VERSION: string;

/** Its id is the beginning of every id within. */
export function makeHost(): HTMLElement {
  let number = 1;
  while (document.getElementById(`lk${number}`)) number++;
  const host = document.createElement('div');
  host.id = `lk${number}`;
  host.className = 'latchkey';
  host.dataset['latchkey'] = VERSION; // read by `diagnose`
  host.lang = 'en';
  host.dir = 'ltr';
  return host;
}

/**
 * Fences `host` off from the page's styles, and gives the element within that is drawn into instead: the same, as far as styles, ids
 * and languages go. The style sheet comes as a link, which every policy allows that has allowed it in the page; until it is there,
 * or is known not to come, nothing is shown. `onError` is called in that last case.
 */
export function isolate(host: HTMLElement, href: string, onError: () => void): HTMLElement {
  const root = host.cloneNode() as HTMLElement;
  const show = (): void => void (root.hidden = false);
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href, onload: show, onerror: () => (show(), onError()) });
  root.hidden = true;
  host.attachShadow({ mode: 'open' }).append(link, root);
  return root;
}
