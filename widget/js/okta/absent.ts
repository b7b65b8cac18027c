/**
 * What the incumbent's `authClient` can do and this one cannot: each says so when it is called, and what to do instead.
 */
import { ConfigError } from './errors.js';

const POPUPS = 'there are no pop-ups and no hidden frames: use `token.getWithRedirect`';
const CLASSIC = 'it is of the Classic Engine: the widget signs people in';
const SESSION = 'the session at the server is a third-party cookie to this page: ask the server by `token.getWithRedirect({ prompt: "none" })`';
const MANAGEMENT = 'call the server’s API with `fetch` and the access token';
const DPOP = 'use `fetch` of `latchkey/tokens`, which adds the proof';

/** By its path. */
export const ABSENT: Readonly<Record<string, string>> = {
  'token.getWithoutPrompt': POPUPS,
  'token.getWithPopup': POPUPS,
  'token.getWithIDPPopup': POPUPS,
  'token.exchangeCodeForTokens': 'use `token.parseFromUrl`, which checks the answer first',
  'token.prepareTokenParams': 'the widget and `token.getWithRedirect` make their own',
  'token.verify': 'tokens are checked before they are handed out',
  'token.introspect': 'it needs the client’s secret: ask on a server',
  'session.get': SESSION,
  'session.exists': SESSION,
  'session.refresh': SESSION,
  'session.close': SESSION,
  'session.setCookieAndRedirect': SESSION,
  closeSession: 'use `signOut`',
  signIn: CLASSIC,
  signInWithCredentials: CLASSIC,
  forgotPassword: 'use the widget with `flow: "resetPassword"`',
  unlockAccount: 'use the widget with `flow: "unlockAccount"`',
  verifyRecoveryToken: 'use the widget with `recoveryToken`',
  'tx.resume': CLASSIC,
  'tx.exists': CLASSIC,
  fingerprint: CLASSIC,
  webfinger: CLASSIC,
  'idx.start': 'the widget talks to the server',
  'idx.proceed': 'the widget talks to the server',
  'idx.authenticate': 'the widget talks to the server',
  'idx.register': 'use the widget with `flow: "signup"`',
  'myaccount.getProfile': MANAGEMENT,
  'myaccount.updateProfile': MANAGEMENT,
  'http.setRequestHeader': 'requests have no headers of the page’s own',
  invokeApiMethod: MANAGEMENT,
  getDPoPAuthorizationHeaders: DPOP,
  clearDPoPStorage: 'the key goes with `signOut`',
  parseUseDPoPNonceError: DPOP,
  handleIDPPopupRedirect: POPUPS,
};

/** Puts them where they would be. */
export function addAbsent(client: object): void {
  for (const [path, advice] of Object.entries(ABSENT)) {
    const [first = '', second] = path.split('.');
    const place = client as Record<string, unknown>;
    const refuse = (): never => {
      throw new ConfigError(`\`authClient.${path}\` is not there: ${advice}`);
    };
    if (second === undefined) place[first] = refuse;
    else place[first] = Object.assign(place[first] ?? {}, { [second]: refuse });
  }
}
