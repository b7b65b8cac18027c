/**
 * Shows that there is a person, or at least somebody who spends time: by a vendor's captcha in a frame of its own, or by
 * a proof of work that needs nobody else.
 */
import { solveAltcha } from './altcha.js';
import { Failure } from './failure.js';
import { askFrame } from './frame.js';

/** What the flow hands over; the members are those of the server's captcha. One that is null counts as absent. */
export interface CaptchaArgument {
  readonly type: string;
  readonly siteKey?: string | null;
  /** Of ALTCHA: absolute, and checked to be the issuer's. */
  readonly challengeUrl?: string | null;
  /** BCP 47; the vendor chooses when it is absent. */
  readonly language?: string | null;
  /** Says to screen readers what the frame is. Default: the vendor's name. */
  readonly title?: string | null;
}

/** Gives the token that goes to the server. */
export async function captcha(argument: CaptchaArgument, signal: AbortSignal, host: HTMLElement): Promise<string> {
  const { type, siteKey, challengeUrl, language, title } = argument;
  switch (type) {
    case 'ALTCHA':
      return solveAltcha(challengeUrl ?? '', signal);
    case 'HCAPTCHA':
    case 'RECAPTCHA_V2':
      return askFrame({ vendor: type, siteKey: siteKey ?? '', ...(language && { language }) }, title, signal, host);
    default:
      throw new Failure('Unsupported', `there is no captcha \`${type}\``);
  }
}
