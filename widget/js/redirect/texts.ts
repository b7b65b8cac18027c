/**
 * What people read on the card of `mode: 'redirect'`. In this script, since no other sign-in shows them.
 */
export const texts = {
  title: 'Sign in',
  /** `{host}` is where the identity server is. */
  lead: 'You sign in at {host}, and come back here.',
  action: 'Sign in',
  leaving: 'Taking you there…',
  unreachable: 'The sign-in page cannot be reached. Check your connection and try again.',
  loop: 'You were sent to sign in again and again, and always came back signed out. Wait half a minute and try again.',
  noStorage: 'Your browser keeps nothing for this page, and signing in needs it to. Allow this site to store data, then reload.',
  broken: 'Something went wrong on our side. You have not been signed in.',
} as const;
