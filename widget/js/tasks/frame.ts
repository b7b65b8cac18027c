/**
 * The frame in which a vendor's check runs: `latchkey-frame.html`, a packaged page with a policy of its own, because hCaptcha
 * and reCAPTCHA cannot run in a page under Trusted Types, and should not run in one where passwords are typed.
 *
 * What the sandbox does and does not do. The frame needs `allow-scripts`. It also needs `allow-same-origin`: without it
 * the frame has an opaque origin, and so has every frame within it, for they inherit the flags; the vendors' own frames
 * then find neither their storage nor each other (they compare origins), and reCAPTCHA refuses the site key. Both flags
 * together are no fence at all against a page of the *same* origin: a script in the frame could reach `parent.document`.
 * What keeps the vendor's script away from the form is therefore the origin, not the sandbox:
 *
 * - Files served from another origin than the page (a CDN, or `assetsUrl`): the browser's same-origin policy fences the
 *   frame off, as it does any foreign page. This is what a customer should do.
 * - Files served from the page's origin: the vendor's script has the power that it would have in the page itself, which is
 *   where the vendors' own instructions put it; it is not less safe than that, and it is not isolation.
 *
 * Duo's prompt runs no code of Duo's in the frame's origin at all (`frame/duo.ts`). In both cases the sandbox still takes
 * away what no check needs: leading the page away (top navigation), modal dialogues, downloads, screen lock.
 *
 * The two talk through a MessageChannel whose one end goes to exactly the frame's origin; no other window can read it or
 * put words into it. The frame gets what the vendor needs and nothing about the person or the flow.
 */
import { Failure, type FailureName } from './failure.js';
import type { CaptchaRequest, DuoRequest, FrameMessage, FrameRequest } from '../frame/messages.js';

const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-popups';
/** Until the frame's own script answers, in milliseconds. The vendor's may take longer. */
const PATIENCE = 15_000;
/** No vendor's answer is longer; some are several KB. */
const LONGEST = 64 * 1024;
/** The height that a check may ask for, in pixels. */
const HIGHEST = 1000;

/** Shows the check in the host's slot until it has an answer or `signal` is aborted, and gives the answer. */
export async function askFrame(
  request: CaptchaRequest | DuoRequest,
  title: string | null | undefined,
  signal: AbortSignal,
  host: HTMLElement,
): Promise<string> {
  const slot = host.querySelector('.latchkey-frame-slot');
  if (!slot) throw new Failure('UnknownError', 'there is no place for the frame');
  const url = frameUrl(host);
  const frame = makeFrame(url, title ?? NAMES[request.vendor]);
  const done = new AbortController();
  try {
    const answer = listen(frame, url, { ...request, theme: themeOf(host) }, done.signal);
    slot.replaceChildren(frame);
    return await Promise.race([answer, aborted(signal, done.signal)]);
  } finally {
    done.abort();
    frame.remove();
  }
}

const NAMES: Readonly<Record<FrameRequest['vendor'], string>> = { HCAPTCHA: 'hCaptcha', RECAPTCHA_V2: 'reCAPTCHA', DUO: 'Duo' };

/** Beside this script, or in the folder that the page has named for the package's files. */
function frameUrl(host: HTMLElement): URL {
  const folder = host.dataset['assetsUrl'];
  // Not the expression that bundlers look for: they would copy the page without the files that it needs.
  const base = folder === undefined ? import.meta.url : new URL(folder.replace(/\/?$/, '/'), document.baseURI);
  return new URL('latchkey-frame.html', base);
}

function makeFrame(url: URL, title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.className = 'latchkey-frame';
  frame.title = title;
  frame.setAttribute('sandbox', SANDBOX);
  frame.src = url.href;
  return frame;
}

/** The colours that the widget is drawn in at this moment. */
function themeOf(host: HTMLElement): FrameRequest['theme'] {
  const chosen = host.dataset['colorScheme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function aborted(signal: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Failure('AbortError')), { once: true, signal: done });
  });
}

/** Hands `request` to the frame once it is loaded, and waits for its answer until `done`. */
function listen(frame: HTMLIFrameElement, url: URL, request: FrameRequest, done: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (name: FailureName, message: string): void => reject(new Failure(name, message));
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => fail('Unreachable', `${url} does not answer: is it there, and may it be framed?`), PATIENCE);
    done.addEventListener('abort', () => {
      clearTimeout(timer);
      port1.close();
    });
    const violated = ({ blockedURI }: SecurityPolicyViolationEvent): void => {
      if (blockedURI === url.href || blockedURI === url.origin) fail('Blocked', `the page's frame-src does not allow ${url}`);
    };
    document.addEventListener('securitypolicyviolation', violated, { signal: done });
    const begin = (): void => frame.contentWindow?.postMessage(request, url.origin, [port2]);
    frame.addEventListener('load', begin, { once: true, signal: done });
    port1.onmessage = ({ data }: MessageEvent<FrameMessage>): void => {
      clearTimeout(timer); // The frame's script is there; from here on it is the person's time.
      if (data.type === 'height') frame.height = String(Math.min(Math.max(Math.ceil(data.height), 0), HIGHEST));
      if (data.type === 'value' && data.value.length <= LONGEST) resolve(data.value);
      if (data.type === 'error') fail(data.error, data.message);
    };
  });
}
