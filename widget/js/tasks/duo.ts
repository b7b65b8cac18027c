/**
 * Duo's prompt, which Duo's own server draws, in the frame. The flow gives what the server said of it.
 */
import { askFrame } from './frame.js';

/** What the flow hands over. The server's `script` is not among it: see `frame/duo.ts`. */
export interface DuoArgument {
  /** Of Duo: `api-….duosecurity.com`. */
  readonly host: string;
  readonly signedToken: string;
  /** Says to screen readers what the frame is. Default: the vendor's name. */
  readonly title?: string | null;
}

/** Gives the signed response for the server. */
export const duo = ({ host: duoHost, signedToken, title }: DuoArgument, signal: AbortSignal, host: HTMLElement): Promise<string> =>
  askFrame({ vendor: 'DUO', host: duoHost, signedToken }, title, signal, host);
