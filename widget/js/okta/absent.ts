/**
 * What the incumbent's `authClient` can do and this one cannot: each says so when it is called, and what to do instead.
 */
import { ConfigError } from './errors.js';

/** Methods by what to do instead; those of one object together. A test finds those that are neither here nor there. */
const BY_ADVICE: Readonly<Record<string, readonly string[]>> = {
  'there are no pop-ups and no hidden frames: use `token.getWithRedirect`': [...of('token', 'getWithoutPrompt', 'getWithPopup', 'getWithIDPPopup'), 'handleIDPPopupRedirect'],
  'use `token.parseFromUrl`, which checks the answer first': ['token.exchangeCodeForTokens'],
  'the widget and `token.getWithRedirect` make their own': ['token.prepareTokenParams', ...of('pkce', 'generateVerifier', 'computeChallenge')],
  'tokens are checked before they are handed out': ['token.verify'],
  'it needs the client’s secret: ask on a server': ['token.introspect'],
  'use `token.renewTokens`': ['token.renewTokensWithRefresh'],
  'the session at the server is a third-party cookie to this page: ask the server by `token.getWithRedirect({ prompt: "none" })`': of('session', 'get', 'exists', 'refresh', 'close', 'setCookieAndRedirect'),
  'use `signOut`': ['closeSession'],
  'it is of the Classic Engine: the widget signs people in': [
    ...['tx', 'authn'].flatMap((name) => of(name, 'resume', 'exists', 'status', 'introspect', 'createTransaction', 'postToTransaction')),
    ...['signIn', 'signInWithCredentials', 'fingerprint', 'webfinger'],
  ],
  'use the widget with `flow: "resetPassword"`': ['forgotPassword', 'idx.recoverPassword'],
  'use the widget with `flow: "unlockAccount"`': ['unlockAccount', 'idx.unlockAccount'],
  'use the widget with `flow: "signup"`': ['idx.register'],
  'use the widget with `recoveryToken`': ['verifyRecoveryToken'],
  'use the widget with `otp` and `state`': ['idx.handleEmailVerifyCallback'],
  'the widget talks to the server': of(
    'idx',
    ...['start', 'proceed', 'authenticate', 'interact', 'introspect', 'makeIdxResponse', 'poll', 'canProceed', 'cancel', 'startTransaction', 'setFlow'],
    ...['createTransactionMeta', 'getTransactionMeta', 'saveTransactionMeta', 'isTransactionMetaValid'],
  ),
  'the widget keeps what it needs for a reload by itself': [
    ...of('transactionManager', 'save', 'load', 'saveIdxResponse', 'loadIdxResponse', 'clearIdxResponse'),
    ...of('storageManager', 'getIdxResponseStorage', 'getTransactionStorage', 'getSharedTansactionStorage', 'getOriginalUriStorage', 'getTokenStorage', 'getHttpCache'),
  ],
  'tokens are renewed, shared and told of by themselves: listen with `tokenManager.on`': [
    ...of('tokenManager', 'setExpireEventTimeout', 'clearExpireEventTimeout', 'clearExpireEventTimeoutAll', 'emitAdded', 'emitError', 'emitRemoved', 'emitRenewed'),
    ...of('tokenManager', 'getStorageKeyByType', 'updateRefreshToken', 'removeRefreshToken', 'clearPendingRemoveTokens', 'getOptions', 'getStorage'),
    ...of('serviceManager', 'isLeaderRequired', 'isLeader', 'start', 'stop', 'getService'),
    ...of('emitter', 'on', 'once', 'emit', 'off'),
  ],
  'every browser that the widget runs in has it': of(
    'features',
    ...['isLocalhost', 'isHTTPS', 'isPopupPostMessageSupported', 'hasTextEncoder', 'isTokenVerifySupported', 'isPKCESupported', 'isIE11OrLess', 'isDPoPSupported', 'isIOS'],
  ),
  'call the server’s API with `fetch` and the access token': [...of('myaccount', 'getProfile', 'updateProfile'), 'invokeApiMethod'],
  'requests have no headers of the page’s own': ['http.setRequestHeader', 'setHeaders'],
  'use `fetch` of `latchkey/tokens`, which adds the proof': ['getDPoPAuthorizationHeaders', 'parseUseDPoPNonceError'],
  'the key goes with `signOut`': ['clearDPoPStorage'],
};

function of(name: string, ...methods: readonly string[]): readonly string[] {
  return methods.map((method) => `${name}.${method}`);
}

/** By its path. */
export const ABSENT: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(BY_ADVICE).flatMap(([advice, paths]) => paths.map((path) => [path, advice])));

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
