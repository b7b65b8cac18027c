/**
 * The script of `latchkey-frame.html`: waits for what the page wants shown, shows it, and answers through the channel that
 * came with it. Why there is a frame, and how far it is one, stands in `tasks/frame.ts`.
 *
 * Who frames this page is not checked here, since everything that could be compared comes from whoever does: a site that
 * wants to be the only one says so in a header, `frame-ancestors`. The answer goes to the asking window alone.
 */
import { showCaptcha } from './captcha.js';
import { showDuo } from './duo.js';
import { ROOM_FOR_PUZZLE, watchHeight } from './height.js';
import type { FrameMessage, FrameRequest } from './messages.js';

const place = document.querySelector<HTMLElement>('main');
const isFramed = window.parent !== window;

function receive({ data, source, ports: [port] }: MessageEvent<FrameRequest>): void {
  if (source !== window.parent || !port || !place) return;
  window.removeEventListener('message', receive);
  const tell = (message: FrameMessage): void => port.postMessage(message);
  tell({ type: 'ready' });
  document.documentElement.dataset['theme'] = data.theme;
  watchHeight(place, data.vendor === 'DUO' ? 0 : ROOM_FOR_PUZZLE, (height) => tell({ type: 'height', height }));
  show(data, place, tell).catch((cause: unknown) => tell({ type: 'error', error: 'UnknownError', message: String(cause) }));
}

async function show(request: FrameRequest, where: HTMLElement, tell: (message: FrameMessage) => void): Promise<void> {
  switch (request.vendor) {
    case 'HCAPTCHA':
    case 'RECAPTCHA_V2':
      return showCaptcha(request, where, tell);
    case 'DUO':
      return showDuo(request, where, tell);
  }
}

if (isFramed) window.addEventListener('message', receive);
