/**
 * `OktaSignIn`: the constructor and the methods of Okta's widget, over `createSignIn`. What becomes of each option is in
 * `option-table.ts`.
 */
import { SignInError } from '../errors.js';
import { createSignIn } from '../index.js';
import type { Outcome, SignIn, SignInOptions } from '../types.js';
import { SessionAuthClient } from './auth-client.js';
import { contextOf, type Step } from './contexts.js';
import { ConfigError, fatal } from './errors.js';
import { Emitter, namesIn } from './events.js';
import { redeemerOf, type Redeemer } from './page-auth-client.js';
import { Hooks } from './hooks.js';
import { run } from './run.js';
import { FROM_AUTH_CLIENT } from './option-table.js';
import { expanded, withMethod } from './paths.js';
import { translate, type Translation } from './translate.js';
import { watchErrors } from './shown-errors.js';
import { shown } from './token-shapes.js';
import type {
  AuthClient,
  ErrorDetails,
  EventCallback,
  EventCallbackWithError,
  EventName,
  Heard,
  HookFunction,
  RenderError,
  RenderErrorCallback,
  RenderOptions,
  RenderResult,
  RenderSuccessCallback,
  Tokens,
  WidgetOptions,
} from './types.js';
import { warnOf, warnOnce } from './warnings.js';

type Given = Readonly<Record<string, unknown>>;

/** One call of `renderEl`, from its drawing to its end. */
interface Rendering {
  /** Around what is drawn, so that it can be hidden without touching the page's own element. */
  readonly place: HTMLElement;
  readonly stopWatching: () => void;
  signIn?: SignIn;
}

/** Who is to be told how it ends. */
interface Ending {
  readonly options: Given;
  /** The same for `createSignIn`, once that is known. */
  readonly translated?: Given;
  /** Who takes the code, where it is neither the widget nor the page. */
  readonly redeemer?: Redeemer | undefined;
  readonly succeed: (result: RenderResult) => void;
  readonly fail: (error: RenderError) => void;
}

/**
 * Okta's widget, as pages know it.
 *
 * @throws ConfigError where what is asked for is not there, and going on without it would be something else
 */
export class OktaSignIn {
  /** Vue leaves such objects as they are; a proxy around one cannot reach what is private in it. */
  readonly __v_skip = true;
  readonly options: WidgetOptions;
  #authClient: AuthClient | undefined;
  readonly #events = new Emitter();
  readonly #hooks: Hooks;
  #rendering: Rendering | undefined;
  #step: Step = { name: 'identify' };
  #hasBeenReady = false;
  #isErrorTold = false;

  constructor(options: WidgetOptions) {
    this.options = { ...options, stateToken: options['stateToken'] ?? hostedToken() };
    this.#hooks = new Hooks(options.hooks ?? {});
    this.#authClient = options.authClient as AuthClient | undefined;
    warnOf(this.#translate({}).findings);
  }

  /**
   * The page's own `OktaAuth`, or what there is for pages without one.
   *
   * @throws ConfigError where there is no `issuer` or no `clientId`
   */
  get authClient(): AuthClient {
    return (this.#authClient ??= ownClient(this.options, this.#translate({})));
  }

  /**
   * Draws the widget. The promise is fulfilled when somebody is signed in, and rejected with what nobody can go on after.
   *
   * @throws Error when it is drawn already
   */
  renderEl(options: RenderOptions = {}, success?: RenderSuccessCallback, error?: RenderErrorCallback): Promise<RenderResult> {
    if (this.#rendering) throw new Error('An instance of the widget has already been rendered. Call remove() first.');
    const all = this.#with(options);
    return new Promise((resolve, reject) => {
      const succeed = (result: RenderResult): void => {
        for (const tell of [success, all['globalSuccessFn']]) if (typeof tell === 'function') tell(result);
        resolve(result);
      };
      const fail = (failure: RenderError): void => {
        for (const tell of [error, all['globalErrorFn']]) if (typeof tell === 'function') tell(failure);
        reject(failure);
      };
      void this.#render({ options: all, succeed, fail }).catch((cause: unknown) => fail(asRenderError(cause)));
    });
  }

  /** Draws the widget, and resolves with the tokens in `result.tokens`, unless the browser leaves. */
  async showSignIn(options: RenderOptions = {}): Promise<RenderResult> {
    this.#need(options);
    return this.renderEl(options);
  }

  /** The same, and resolves with the tokens themselves; with none where the page gave a `codeChallenge`. */
  async showSignInToGetTokens(options: RenderOptions = {}): Promise<Tokens> {
    this.#need(options);
    const { tokens } = await this.renderEl({ ...options, redirect: 'never' });
    return tokens as Tokens;
  }

  /** Draws the widget, and goes to `redirectUri` with the interaction code and the state. Never resolves. */
  async showSignInAndRedirect(options: RenderOptions = {}): Promise<void> {
    this.#need(options);
    await this.renderEl({ ...options, redirect: 'always' });
  }

  hide(): void {
    if (this.#rendering) this.#rendering.place.hidden = true;
  }

  show(): void {
    if (this.#rendering) this.#rendering.place.hidden = false;
  }

  /** Takes the widget out of the page; it can be drawn again. */
  remove(): void {
    const rendering = this.#rendering;
    this.#rendering = undefined;
    rendering?.stopWatching();
    rendering?.signIn?.destroy();
    rendering?.place.remove();
  }

  on(event: 'afterError', callback: EventCallbackWithError, context?: unknown): void;
  on(event: EventName, callback: EventCallback, context?: unknown): void;
  on(event: EventName, callback: EventCallback | EventCallbackWithError, context?: unknown): void {
    this.#events.on(known(event), callback as EventCallback, context ?? this);
  }

  once(event: EventName, callback: EventCallback, context?: unknown): void {
    this.#events.once(known(event), callback, context ?? this);
  }

  off(event?: EventName | null, callback?: EventCallback | EventCallbackWithError | null): void {
    this.#events.off(event, callback as EventCallback | undefined);
  }

  /** For pages that have the widget listen to objects of their own, which have `on` and `off`. */
  listenTo(object: Heard, event: string, callback: EventCallback): void {
    this.#events.listenTo(object, event, callback, this);
  }

  stopListening(object?: object | null, event?: string | null, callback?: EventCallback | null): void {
    this.#events.stopListening(object, event, callback);
  }

  /** For pages that have events of their own on the widget. */
  trigger(event: string, ...args: readonly unknown[]): void {
    this.#events.emit(event, ...args);
  }

  /** Has `callback` called, and waits for it, before the page of this name is drawn. */
  before(formName: string, callback: HookFunction): void {
    this.#addHook('before', formName, callback);
  }

  /** Has `callback` called once the page of this name is drawn. */
  after(formName: string, callback: HookFunction): void {
    this.#addHook('after', formName, callback);
  }

  /** Who is signing in is not told to the page before they are signed in. */
  getUser(): undefined {
    warnOnce('`getUser` gives nothing. Who has signed in is in the claims of the ID token, and in `authClient.getUser()`.');
    return undefined;
  }

  #with(more: Given): Given {
    return withMethod(withAuthClient(this.options), more);
  }

  #translate(more: Given): Translation {
    return translated(this.#with(more));
  }

  /** In the incumbent's words, and before anything is drawn. */
  #need(options: RenderOptions): void {
    const { signIn } = this.#translate(options);
    const given: Given = { ...signIn, el: options.el ?? this.options.el };
    for (const name of ['el', 'clientId', 'redirectUri']) if (!given[name]) throw new ConfigError(`"${name}" is required`);
  }

  async #render(ending: Ending): Promise<void> {
    const translation = translated(ending.options);
    warnOf(translation.findings);
    const place = placeIn(ending.options['el']);
    const rendering: Rendering = { place, stopWatching: watchErrors(place, (details) => this.#tellError(details)) };
    this.#rendering = rendering;
    try {
      await this.#draw(rendering, ending, translation);
    } catch (cause) {
      // Meanwhile the page may have drawn it again, with something else.
      if (this.#rendering === rendering) this.remove();
      throw cause;
    }
  }

  async #draw(rendering: Rendering, ending: Ending, translation: Translation): Promise<void> {
    const { signIn: options } = translation;
    const redeemer = await this.#redeemer(ending.options, translation);
    if (this.#rendering !== rendering) return;
    const signIn = this.#create({ ...options, ...redeemer?.challenge, hooks: this.#hooks.compiled() }, { ...ending, translated: options, redeemer });
    rendering.signIn = signIn;
    signIn.on('screen', (step) => this.#show(step));
    signIn.mount(rendering.place);
  }

  /** Who has the verifier: nobody that is known here where the page's backend has it, and the widget itself in most other cases. */
  async #redeemer(given: Given, { signIn, tokens }: Translation): Promise<Redeemer | undefined> {
    if (signIn['codeChallenge'] !== undefined || signIn['stateToken'] !== undefined) return undefined;
    const { state, nonce, scopes, acrValues, maxAge } = signIn;
    const wanted = { ...(typeof state === 'string' && { state }), ...(typeof nonce === 'string' && { nonce }) };
    const isLeaving = given['redirect'] === 'always';
    const page = this.options.authClient;
    const found = page ? await redeemerOf(page, wanted) : undefined;
    if (found) return found;
    if (page && isLeaving) throw new ConfigError('option `authClient`: its `idx` is not there, so give a `codeChallenge` too, or use `OktaAuth` of @okta/okta-auth-js 6 or later');
    const own = this.authClient;
    if (!(own instanceof SessionAuthClient)) return undefined;
    if (tokens['dpop'] === true) return own.bound({ scopes, acrValues, maxAge } as Parameters<SessionAuthClient['bound']>[0]);
    return isLeaving ? own.leaving(wanted) : undefined;
  }

  /** What only concerns the looks is left out where it cannot be used, and that is said. */
  #create(options: Given, ending: Ending): SignIn {
    const handlers = { onSuccess: (outcome: Outcome) => this.#finish(outcome, ending), onError: (error: SignInError) => this.#fail(error, ending) };
    try {
      return createSignIn({ ...options, ...handlers } as unknown as SignInOptions);
    } catch (error) {
      const name = lookOf(error);
      if (name === undefined || !(name in options)) throw error;
      warnOnce(`option \`${name}\` has no effect. ${(error as Error).message}`);
      const { [name]: unusable, ...rest } = options;
      return this.#create(rest, ending);
    }
  }

  #finish(outcome: Outcome, { options, translated = {}, redeemer, succeed, fail }: Ending): void {
    const { issuer, clientId, redirectUri } = translated as Readonly<Record<string, string>>;
    if (outcome.status === 'signed-in') succeed({ status: 'SUCCESS', tokens: shown(outcome.tokens, { issuer: issuer ?? '', clientId: clientId ?? '' }) });
    if (outcome.status !== 'interaction-code') return;
    const { interactionCode, state } = outcome;
    if (options['redirect'] === 'always') {
      const url = new URL(redirectUri ?? '', location.href);
      url.searchParams.set('interaction_code', interactionCode);
      url.searchParams.set('state', state);
      return location.assign(url);
    }
    if (!redeemer) return succeed({ status: 'SUCCESS', interaction_code: interactionCode, state });
    const redeemed = redeemer.redeem(interactionCode, state);
    void redeemed.then((tokens) => succeed({ status: 'SUCCESS', tokens }), (cause: unknown) => fail(asRenderError(cause)));
  }

  #fail(error: SignInError, { fail }: Ending): void {
    const name = lookOf(error);
    if (name !== undefined) return warnOnce(`option \`${name}\` works in another way. ${error.message}`);
    if (UNSHOWN.includes(error.code)) return;
    this.#tellError({ errorSummary: error.message, errorCauses: [] }, error);
    const failure = fatal(error);
    if (failure) fail(failure);
  }

  /** What is shown because of an error that was told is not told again. */
  #tellError({ errorSummary, errorCauses }: Required<ErrorDetails>, error?: SignInError): void {
    if (!error && this.#isErrorTold) return void (this.#isErrorTold = false);
    this.#isErrorTold = error !== undefined;
    const responseJSON = { errorSummary, ...(errorCauses.length > 0 && { errorCauses }) };
    this.#events.emit('afterError', contextOf(this.#step), { name: error?.code ?? 'AuthApiError', message: errorSummary, errorSummary, xhr: { responseJSON } });
  }

  #show(step: Step): void {
    this.#step = step;
    this.#isErrorTold = false;
    const context = contextOf(step);
    if (!this.#hasBeenReady) this.#events.emit('ready', context);
    this.#hasBeenReady = true;
    this.#events.emit('afterRender', context);
    this.#events.emit('pageRendered', { page: context.controller });
  }

  #addHook(moment: 'before' | 'after', formName: string, callback: HookFunction): void {
    this.#hooks.add(moment, formName, callback);
    this.#rendering?.signIn?.update({ hooks: this.#hooks.compiled() } as object);
  }
}

/** Options of `createSignIn` without which somebody signs in all the same. */
const LOOKS = ['brand', 'theme', 'messages', 'language', 'helpLinks', 'customButtons', 'features', 'idps'];

/** What only a developer is told, or, of a function of the page, what is shown in the page's own words. */
const UNSHOWN: readonly string[] = ['clock.skewed', 'load.texts', 'hooks.failed', 'setup.passkey_place'];

/** Which of them an error is about, if it is about one. */
function lookOf(error: unknown): string | undefined {
  const name = error instanceof SignInError ? error.option?.split(/[.[]/)[0] : undefined;
  return name !== undefined && LOOKS.includes(name) ? name : undefined;
}

const EVENTS: readonly string[] = ['ready', 'afterError', 'afterRender', 'pageRendered'];

/** A name that is no event's is told, and kept: the page may trigger it itself. */
function known(events: string): string {
  for (const event of namesIn(events)) if (event !== 'all' && !EVENTS.includes(event)) warnOnce(`there is no event \`${event}\`, but ${EVENTS.join(', ')}.`);
  return events;
}

function translated(options: Given): Translation {
  const translation = translate(options, run);
  const refusal = translation.findings.find(({ verdict }) => verdict === 'refused');
  if (refusal) throw new ConfigError(`option \`${refusal.option}\`: ${refusal.advice}`);
  return translation;
}

/** On pages that the server sends, the token of the transaction is in a global. */
const hostedToken = (): string | undefined =>
  typeof window === 'object' ? (window as { oktaData?: { signIn?: { stateToken?: string } } }).oktaData?.signIn?.stateToken : undefined;

/** What the page's own `OktaAuth` has been given stands for `authParams`, which then are not read. */
function withAuthClient(options: Given): Given {
  const client = options['authClient'] as { readonly options?: Given } | undefined;
  if (!client?.options) return options;
  const names = FROM_AUTH_CLIENT.filter((name) => name !== 'codeChallengeMethod' || client.options?.['codeChallenge'] !== undefined);
  const entries = names.map((name) => [name, client.options?.[name]]).filter(([, value]) => value !== undefined);
  return { ...options, authParams: Object.fromEntries(entries) };
}

function ownClient(options: WidgetOptions, { signIn, tokens: settings }: Translation): AuthClient {
  const { issuer, clientId, redirectUri, scopes, state } = signIn;
  const authParams = expanded(options)['authParams'] as object | undefined;
  const all = { issuer, clientId, redirectUri, scopes, state, ...authParams, pkce: true };
  return new SessionAuthClient(all, settings as unknown as ConstructorParameters<typeof SessionAuthClient>[1]);
}

function placeIn(el: unknown): HTMLElement {
  // A jQuery object is a list.
  const found = typeof el === 'string' ? document.querySelector(el) : el instanceof Element ? el : (el as readonly unknown[] | undefined)?.[0];
  if (!(found instanceof Element)) throw new ConfigError(`option \`el\`: ${typeof el === 'string' ? `no element matches \`${el}\`` : 'is required'}`);
  const place = document.createElement('div');
  found.append(place);
  return place;
}

const asRenderError = (cause: unknown): RenderError =>
  cause instanceof SignInError ? ((fatal(cause) ?? cause) as RenderError) : cause instanceof Error ? cause : new ConfigError(String(cause));
