/**
 * Puts a text on the clipboard: the secret of an authenticator app, say.
 */
import { Failure } from './failure.js';

/** Gives true. Fails with `NotAllowedError` when the page has no focus or the person said no. */
export async function copy(text: string): Promise<true> {
  if (!('clipboard' in navigator)) throw new Failure('Unsupported', 'this page may not write to the clipboard');
  await navigator.clipboard.writeText(text);
  return true;
}
