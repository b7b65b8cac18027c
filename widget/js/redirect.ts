/**
 * `mode: 'redirect'`: a card with one button, which sends the browser to the identity server's own sign-in page. Finishing
 * what it begins is `handleCallback` of `latchkey/tokens`, with which it shares the code and what is remembered.
 *
 * Stands where WebAssembly stands otherwise, and is spoken to in the same way (`bindings.d.ts`): options and events are JSON
 * texts. A script of its own, fetched by pages with this mode alone.
 */
import type { RunningSignIn } from './bindings.js';
import { Card } from './redirect/card.js';
import { texts } from './redirect/texts.js';
import type { SignInOptions } from './sign-in-options.js';
import { TokensError } from './tokens/errors.js';
import { leave } from './tokens/leave.js';
import { browser } from './tokens/platform.js';
import { Redirects } from './tokens/redirect.js';
import { AuthorizationServer } from './tokens/server.js';
import { ServerClock } from './tokens/server-clock.js';

/** For instances that may crash; there is nothing here to cut off. */
export const detach = (): void => {};

/** What a form of ours would do with them the other server's page does not. */
const MEANINGLESS = ['state', 'nonce', 'codeChallenge', 'codeChallengeMethod', 'stateToken', 'activationToken', 'recoveryToken', 'otp', 'flow'];

const TEXTS: Readonly<Record<string, string>> = {
  'network.unreachable': texts.unreachable,
  'network.timed_out': texts.unreachable,
  'redirect.loop': texts.loop,
  'redirect.no_storage': texts.noStorage,
};

/** Draws the card into `host`; `onEvent` is called with one JSON text for each event. */
export function start(host: HTMLElement, options: string, _words: string, onEvent: (event: string) => void): RunningSignIn {
  let { issuer, ...given } = JSON.parse(options) as SignInOptions;
  const platform = browser();
  const say = (event: object): void => onEvent(JSON.stringify(event));
  const fail = ({ code, message }: TokensError): void => say({ type: 'error', error: { code, message } });
  const go = async (): Promise<void> => {
    const { clientId, redirectUri, scopes, acrValues, maxAge, username: loginHint } = given;
    const asked = { issuer, clientId, redirectUri, scopes, endpoints: 'discovered' } as const;
    const server = new AuthorizationServer(asked, platform, new ServerClock(platform, () => {}), undefined);
    card.setBusy(true);
    try {
      const url = await leave({ redirects: new Redirects(asked, platform), server, proofs: undefined }, { acrValues, maxAge, loginHint });
      say({ type: 'success', outcome: { status: 'redirected' } });
      platform.go(url, 'assign');
    } catch (cause) {
      const error = cause instanceof TokensError ? cause : new TokensError('network.unreachable', String(cause), { cause });
      card.fail(TEXTS[error.code] ?? texts.broken);
      fail(error);
    }
  };
  const card = new Card(host, () => void go());
  // Kept as it was by the browser's Back.
  const stopWaking = platform.onWake(() => card.setBusy(false));
  const draw = (): void => {
    card.leadTo(issuer);
    const conflict = MEANINGLESS.find((name) => name in given);
    if (conflict === undefined) return;
    card.failForGood(texts.broken);
    fail(new TokensError('options.conflict', `option \`${conflict}\` means nothing with \`mode: 'redirect'\``));
  };
  draw();
  say({ type: 'screen', name: 'redirect' });
  say({ type: 'ready' });
  return {
    update: (text) => {
      ({ issuer, ...given } = JSON.parse(text) as SignInOptions);
      draw();
    },
    unmount: () => {
      stopWaking();
      card.clear();
    },
    free: () => {},
    refresh: () => {},
  };
}
