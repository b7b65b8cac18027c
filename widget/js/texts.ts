/**
 * Every text that the JavaScript side shows to people: what is seen before the WebAssembly is there, or after it is gone.
 *
 * The flow's own texts are in `widget/locales`; messages for developers stand where they are thrown.
 */
export const texts = {
  loading: 'Loading sign-in…',
  loadFailed: {
    title: 'Sign-in could not be loaded',
    text: 'Check your connection and try again.',
    action: 'Try again',
  },
  unsupported: {
    title: 'Sign-in does not work in this browser',
    text: 'Update your browser, or use another one.',
  },
  crashed: {
    title: 'Something went wrong on our side',
    text: 'You have not been signed in. Nothing that you typed was kept.',
    action: 'Start again',
  },
} as const;

/** A page of its own in place of the widget: what happened, what to do, and the button's label where a button helps. */
export interface FailureTexts {
  readonly title: string;
  readonly text: string;
  readonly action?: string;
}
