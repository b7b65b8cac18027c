/**
 * hCaptcha and reCAPTCHA in the frame: loads the vendor's script and has it draw its box.
 */
import type { CaptchaRequest, FrameMessage, FrameRequest } from './messages.js';
import { watchPolicy } from './policy.js';
import { CAPTCHA_VENDORS, scriptUrl, type CaptchaVendor } from './vendors.js';

/** What the two vendors' objects have in common. */
interface CaptchaApi {
  render(place: HTMLElement, settings: Readonly<Record<string, unknown>>): unknown;
}

declare global {
  interface Window {
    /** The vendors want the name of a function, not a function. */
    latchkeyVendorReady?: () => void;
    hcaptcha?: CaptchaApi;
    grecaptcha?: CaptchaApi;
  }
}

/** A script that has not begun by then is taken to be out of reach, in milliseconds. */
const PATIENCE = 15_000;

/** Draws the box in `place`, and says through `tell` what comes of it. */
export async function showCaptcha(
  request: CaptchaRequest & FrameRequest,
  place: HTMLElement,
  tell: (message: FrameMessage) => void,
): Promise<void> {
  const vendor = CAPTCHA_VENDORS[request.vendor];
  const policy = watchPolicy('script-src');
  const api = await load(vendor, request.language);
  if (!api) {
    const error = vendor.scripts.some(policy.hasBlocked) ? 'Blocked' : 'Unreachable';
    return tell({ type: 'error', error, message: `${vendor.scripts.join(' and ')} could not be loaded` });
  }
  api.render(place, {
    sitekey: request.siteKey,
    theme: request.theme,
    callback: (token: unknown) => tell({ type: 'value', value: String(token) }),
    'error-callback': (code: unknown) => {
      tell({ type: 'error', error: 'VendorError', message: typeof code === 'string' ? code : '' });
    },
  });
}

/** The vendor's object from the first address that gives it. */
async function load(vendor: CaptchaVendor, language: string | undefined): Promise<CaptchaApi | undefined> {
  for (const script of vendor.scripts) {
    if (await run(scriptUrl(script, 'latchkeyVendorReady', language))) return window[vendor.global];
  }
  return undefined;
}

/** Whether the script at `address` has run and called back. */
function run(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    const timer = setTimeout(() => resolve(false), PATIENCE);
    const settle = (isThere: boolean): void => {
      clearTimeout(timer);
      resolve(isThere);
    };
    window.latchkeyVendorReady = () => settle(true);
    script.addEventListener('error', () => settle(false));
    script.src = address;
    document.head.append(script);
  });
}
