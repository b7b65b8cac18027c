/**
 * `mode: 'redirect'`: a card with one button, which sends the browser to the identity server's own sign-in page. Finishing
 * what it begins is `handleCallback` of `latchkey/tokens`, with which it shares the code and what is remembered.
 *
 * Stands where WebAssembly stands otherwise, and is spoken to in the same way (`bindings.d.ts`): options and events are JSON
 * texts. A script of its own, fetched by pages with this mode alone.
 */
import type { RunningSignIn } from './bindings.js';
import { Card, type Problem } from './redirect/card.js';
import { textsIn } from './redirect/texts.js';
import type { SignInOptions } from './sign-in-options.js';
import { told, TokensError } from './tokens/errors.js';
import { leave } from './tokens/leave.js';
import { browser, type Platform } from './tokens/platform.js';
import { Redirects } from './tokens/redirect.js';
import { AuthorizationServer } from './tokens/server.js';
import { ServerClock } from './tokens/server-clock.js';

/** For instances that may crash; there is nothing here to cut off. */
export const detach = (): void => {};

const inside = (option: string, ...members: readonly string[]): readonly string[] => members.map((name) => `${option}.${name}`);

/** What a form of ours would do with them the other server's page does not. */
const MEANINGLESS = [
  ...['state', 'nonce', 'codeChallenge', 'codeChallengeMethod', 'stateToken', 'activationToken', 'recoveryToken', 'otp', 'flow'],
  ...['helpLinks', 'customButtons', 'idps', 'registration', 'transformUsername'],
  ...inside('hooks', 'before'),
  ...inside('features', 'backButton', 'rememberMe', 'showIdentifier', 'showPasswordToggle', 'hideSignOutLinkInMFA', 'autoFocus'),
];

const PROBLEMS: Readonly<Record<string, Problem>> = {
  'network.unreachable': 'unreachable',
  'network.timed_out': 'unreachable',
  'redirect.loop': 'loop',
  'redirect.no_storage': 'no_storage',
};

/** Draws the card into `host`; `onEvent` is called with one JSON text for each event. */
export const start = (host: HTMLElement, options: string, words: string, onEvent: (event: string) => void): RunningSignIn =>
  new RunningCard(host, options, words, onEvent);

class RunningCard implements RunningSignIn {
  readonly #platform = browser();
  readonly #say: (event: object) => void;
  readonly #card: Card;
  readonly #stopWaking: () => void;
  #options: SignInOptions;
  #conflict: string | undefined;
  /** The press that is under way; one that was overtaken, by other options or the end, goes nowhere. */
  #pressed: object | undefined;

  constructor(host: HTMLElement, options: string, words: string, onEvent: (event: string) => void) {
    this.#say = (event) => onEvent(JSON.stringify(event));
    this.#options = JSON.parse(options) as SignInOptions;
    this.#card = new Card(host, textsIn(words), () => void this.#go());
    // Kept as it was by the browser's Back.
    this.#stopWaking = this.#platform.onWake(() => this.#pressed ?? this.#card.setBusy(false));
    this.#draw(words);
    this.#say({ type: 'screen', name: 'redirect' });
    this.#say({ type: 'ready' });
  }

  update(options: string, words: string): void {
    const before = this.#options;
    this.#options = JSON.parse(options) as SignInOptions;
    if (this.#pressed && JSON.stringify(wanted(before)) !== JSON.stringify(wanted(this.#options))) {
      this.#pressed = undefined;
      this.#card.setBusy(false);
    }
    this.#draw(words);
  }

  unmount(): void {
    this.#pressed = undefined;
    this.#stopWaking();
    this.#card.clear();
  }

  free(): void {}

  refresh(): void {}

  async #go(): Promise<void> {
    const press = (this.#pressed = {});
    this.#card.setBusy(true);
    const isOver = (): boolean => press !== this.#pressed;
    const url = await addressFor(this.#options, this.#platform, isOver).catch(told);
    if (isOver()) return;
    this.#pressed = undefined;
    if (typeof url === 'string') {
      this.#say({ type: 'success', outcome: { status: 'redirected' } });
      return this.#platform.go(url, 'assign');
    }
    this.#card.fail(PROBLEMS[url.code] ?? 'broken');
    this.#fail(url);
  }

  #draw(words: string): void {
    this.#card.speak(textsIn(words), this.#options.issuer);
    const before = this.#conflict;
    const conflict = (this.#conflict = MEANINGLESS.find((path) => isGiven(this.#options, path)));
    // Pages hand the same options over again and again: told once.
    if (conflict === before) return;
    if (conflict === undefined) return this.#card.recover();
    this.#pressed = undefined;
    this.#card.failForGood('broken');
    this.#fail(new TokensError('options.conflict', `option \`${conflict}\` means nothing with \`mode: 'redirect'\``));
  }

  #fail({ code, message }: TokensError): void {
    this.#say({ type: 'error', error: { code, message } });
  }
}

/** What is asked of the server, and which. */
function wanted({ issuer, clientId, redirectUri, scopes, acrValues, maxAge, username: loginHint }: SignInOptions) {
  return [{ issuer, clientId, redirectUri, scopes, endpoints: 'discovered' }, { acrValues, maxAge, loginHint }] as const;
}

/**
 * Where the browser goes; of a press that is over by the time that the server has answered nothing is remembered.
 *
 * @throws TokensError what `leave` does
 */
async function addressFor(options: SignInOptions, platform: Platform, isOver: () => boolean): Promise<string> {
  const [asked, details] = wanted(options);
  const server = new AuthorizationServer(asked, platform, new ServerClock(platform, () => {}), undefined);
  await server.metadata();
  return isOver() ? '' : leave({ redirects: new Redirects(asked, platform), server, proofs: undefined }, details);
}

/** `features.autoFocus` is that member of that option. */
function isGiven(options: object, path: string): boolean {
  const member = (value: unknown, name: string): unknown => (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return path.split('.').reduce<unknown>(member, options) !== undefined;
}
