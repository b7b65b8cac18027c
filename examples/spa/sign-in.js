// The widget, on the page: shown by the guard, and gone as soon as somebody is signed in or has left for another page.

import { createSignIn } from 'latchkey';
import 'latchkey/latchkey.css';

let shown;

/** Settles with how it went: `signed-in` with the tokens, or `cancelled` when another page wants to be drawn. */
export async function showSignIn(place, settings) {
  const signIn = (shown = createSignIn(settings));
  signIn.mount(place);
  const outcome = await signIn.finished;
  signIn.destroy();
  return outcome;
}

/** Somebody has gone on to another page: the guard of the one before is told `cancelled`. */
export const hideSignIn = () => shown?.destroy();
