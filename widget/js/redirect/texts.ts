/**
 * What people read on the card of `mode: 'redirect'`: `redirect.…` in `widget/locales`. The English is in this script, since no other
 * sign-in shows it and it must need no network.
 */
const ENGLISH = {
  title: 'Sign in',
  /** `{host}` is where the identity server is. */
  lead: 'You sign in at {host}, and come back here.',
  action: 'Sign in',
  leaving: 'Taking you there…',
  unreachable: 'The sign-in page cannot be reached. Check your connection and try again.',
  loop: 'You were sent to sign in again and again, and always came back signed out. Wait half a minute and try again.',
  no_storage: 'Your browser keeps nothing for this page, and signing in needs it to. Allow this site to store data, then reload.',
  broken: 'Something went wrong on our side. You have not been signed in.',
};

/** By name. */
export type Texts = Readonly<typeof ENGLISH>;

/** The card's texts in the words that the WebAssembly would be given (`speech.ts`): there each follows its name. */
export function textsIn(words: string): Texts {
  const parts = words.split('\0');
  const said = (name: string): string | undefined => (words ? parts[parts.indexOf(`redirect.${name}`) + 1] : undefined);
  return Object.fromEntries(Object.entries(ENGLISH).map(([name, english]) => [name, said(name) ?? english])) as Texts;
}
