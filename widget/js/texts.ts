/**
 * Every text that the JavaScript side shows to people: what is seen before the WebAssembly is there, or after it is gone.
 *
 * Here in English, so that they need no network; `page.…` in `widget/locales` says the same, and in other languages. The flow's
 * own texts are there too; messages for developers stand where they are thrown.
 */
export const texts: PageTexts & DeveloperTexts = {
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
  refused: {
    title: 'Sign-in is not set up correctly',
  },
  crashed: {
    title: 'Something went wrong on our side',
    text: 'You have not been signed in. Nothing that you typed was kept.',
    action: 'Start again',
  },
};

/** What only the page's developer sees, since the page was never published like this; it stays English. */
interface DeveloperTexts {
  readonly refused: Pick<FailureTexts, 'title'>;
}

/** The texts by what has happened. */
export interface PageTexts {
  readonly loading: string;
  readonly loadFailed: Required<FailureTexts>;
  readonly unsupported: FailureTexts;
  readonly crashed: Required<FailureTexts>;
}

/** A page of its own in place of the widget: what happened, what to do, and the button's label where a button helps. */
export interface FailureTexts {
  readonly title: string;
  readonly text: string;
  readonly action?: string;
}
