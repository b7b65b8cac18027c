/**
 * Duo's prompt in the frame: a page of Duo's own server in a frame within this one.
 *
 * The server names a script of Duo's that would do this (Duo Web SDK 2). It is not loaded: it may lie anywhere, and all
 * it does is what is below. So nothing of Duo's ever runs in this origin.
 */
import type { DuoRequest, FrameMessage } from './messages.js';
import { watchPolicy } from './policy.js';
import { isDuoHost, isDuoPage } from './vendors.js';

/** `AUTH|…|…` or `ENROLL|…|…`: what Duo says when the person is through; anything else on that channel is not for us. */
const ANSWER = /^(AUTH|ENROLL)\|[A-Za-z0-9+/=]+\|[A-Za-z0-9+/=]+$/;
const REFUSAL = /^ERR\|([\w\s.()]+)$/;
const OPEN_WINDOW = 'DUO_OPEN_WINDOW|';
/** The prompt's own height, in pixels; it scrolls inside when its pages are longer. */
const HEIGHT = '480';
/** The version of the SDK whose words these are. */
const VERSION = '2.8';

/** Shows the prompt in `place`, and says through `tell` what comes of it. */
export function showDuo(request: DuoRequest, place: HTMLElement, tell: (message: FrameMessage) => void): void {
  const [duoPart, ownPart, ...more] = request.signedToken.split(':');
  if (!isDuoHost(request.host)) return tell({ type: 'error', error: 'Forbidden', message: 'the host is not one of Duo' });
  if (!duoPart || !ownPart || more.length > 0) {
    const message = REFUSAL.exec(request.signedToken)?.[1] ?? 'the token is not one of Duo';
    return tell({ type: 'error', error: 'UnknownError', message });
  }
  const origin = `https://${request.host}`;
  const frame = makePrompt(`${origin}/frame/web/v1/auth`, duoPart);
  window.addEventListener('message', ({ data, source, origin: from }: MessageEvent<unknown>) => {
    if (from !== origin || source !== frame.contentWindow || typeof data !== 'string') return;
    if (ANSWER.test(data)) tell({ type: 'value', value: `${data}:${ownPart}` });
    else if (REFUSAL.test(data)) tell({ type: 'error', error: 'VendorError', message: data.slice('ERR|'.length) });
    else if (data.startsWith(OPEN_WINDOW)) openPage(data.slice(OPEN_WINDOW.length));
  });
  watchPolicy('frame-src', (blocked) => {
    if (!blocked.startsWith(origin)) return;
    tell({ type: 'error', error: 'Blocked', message: `the policy of latchkey-frame.html does not allow ${origin}` });
  });
  place.append(frame);
}

function makePrompt(address: string, duoPart: string): HTMLIFrameElement {
  const url = new URL(address);
  url.search = new URLSearchParams({ tx: duoPart, parent: location.href, v: VERSION }).toString();
  const frame = document.createElement('iframe');
  frame.title = 'Duo';
  frame.width = '100%';
  frame.height = HEIGHT;
  frame.src = url.href;
  return frame;
}

function openPage(address: string): void {
  if (isDuoPage(address)) window.open(address, '_blank', 'noopener');
}
