/**
 * What the page and the frame say to each other. Types only: both sides are packaged together.
 */

/** From the page, once, with one end of a channel. */
export type FrameRequest = (CaptchaRequest | DuoRequest) & {
  /** The colours that the widget is drawn in. */
  readonly theme: 'light' | 'dark';
};

/** Shows a vendor's captcha. */
export interface CaptchaRequest {
  readonly vendor: 'HCAPTCHA' | 'RECAPTCHA_V2';
  /** Names the customer to the vendor. */
  readonly siteKey: string;
  /** BCP 47; the vendor chooses when it is absent. */
  readonly language?: string;
}

/** Shows Duo's prompt. */
export interface DuoRequest {
  readonly vendor: 'DUO';
  /** Of Duo: `api-….duosecurity.com`. */
  readonly host: string;
  /** Duo's part and the application's part, with a colon between. */
  readonly signedToken: string;
}

/** From the frame, through the channel. `ready` only says that its script runs. */
export type FrameMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'height'; readonly height: number }
  | { readonly type: 'value'; readonly value: string }
  | { readonly type: 'error'; readonly error: FrameFailure; readonly message: string };

/** Some of the names of `tasks/failure.ts`. */
export type FrameFailure = 'Blocked' | 'Forbidden' | 'Unreachable' | 'UnknownError' | 'VendorError';
