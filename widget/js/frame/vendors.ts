/**
 * Whose code and whose pages the frame may load. The table is fixed: the page, and the server behind it, choose a line of
 * it and never an address. The policy in `frame.html` says the same once more, and a test keeps the two together.
 */

/** One vendor of captchas with the same interface: a script that leaves an object with `render`. */
export interface CaptchaVendor {
  /** Tried in this order. */
  readonly scripts: readonly string[];
  /** Name of the vendor's object on `window`. */
  readonly global: 'hcaptcha' | 'grecaptcha';
}

export const CAPTCHA_VENDORS: Readonly<Record<'HCAPTCHA' | 'RECAPTCHA_V2', CaptchaVendor>> = {
  HCAPTCHA: { scripts: ['https://js.hcaptcha.com/1/api.js'], global: 'hcaptcha' },
  // The second is Google's own, for networks in which the first cannot be reached.
  RECAPTCHA_V2: {
    scripts: ['https://www.google.com/recaptcha/api.js', 'https://www.recaptcha.net/recaptcha/api.js'],
    global: 'grecaptcha',
  },
};

/** The two domains of Duo: its commercial service and the one for governments. */
const DUO_HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?\.(duosecurity|duofederal)\.com$/;

/** Whether Duo's prompt may come from there. */
export const isDuoHost = (host: string): boolean => DUO_HOST.test(host);

/** Where Duo's prompt may lead in a window of its own: help, and the app's download. */
export const isDuoPage = (address: string): boolean => DUO_PAGE.test(address);

/** The host ends before the path, and no user info or port comes between. */
const DUO_PAGE = /^https:\/\/([a-z0-9-]+\.)*(duo|duosecurity|duofederal)\.com([/?#]|$)/;

/** The vendor's script with its settings. `callback` is the name of a function on `window`. */
export function scriptUrl(script: string, callback: string, language: string | undefined): string {
  const url = new URL(script);
  url.searchParams.set('render', 'explicit');
  url.searchParams.set('onload', callback);
  // BCP 47 in a form that cannot be anything else.
  if (language !== undefined && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)) url.searchParams.set('hl', language);
  return url.href;
}
