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
import { Emitter } from './events.js';
import { challengeOf } from './page-auth-client.js';
import { Hooks } from './hooks.js';
import { run } from './run.js';
import { FROM_AUTH_CLIENT } from './option-table.js';
import { expanded, translate, type Translation } from './translate.js';
import { watchErrors } from './shown-errors.js';
import { shown } from './token-shapes.js';
import type { AuthClient, EventCallback, EventCallbackWithError, EventName, HookFunction, RenderError, RenderOptions, RenderResult, Tokens, WidgetOptions } from './types.js';
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
  readonly succeed: (result: RenderResult) => void;
  readonly fail: (error: RenderError) => void;
}

/**
 * Okta's widget, as pages know it.
 *
 * @throws ConfigError where what is asked for is not there, and going on without it would be something else
 */
export class OktaSignIn {
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
  renderEl(options: RenderOptions = {}, success?: (result: RenderResult) => void, error?: (error: RenderError) => void): Promise<RenderResult> {
    if (this.#rendering) throw new Error('An instance of the widget has already been rendered. Call remove() first.');
    const all: Given = { ...this.options, ...options };
    return new Promise((resolve, reject) => {
      const succeed = (result: RenderResult): void => {
        for (const tell of [success, all['globalSuccessFn']]) if (typeof tell === 'function') tell(result);
        resolve(result);
      };
      const fail = (failure: RenderError): void => {
        for (const tell of [error, all['globalErrorFn']]) if (typeof tell === 'function') tell(failure);
        reject(failure);
      };
      void this.#render({ options: all, succeed, fail }).catch((cause: unknown) => {
        this.remove();
        fail(asRenderError(cause));
      });
    });
  }

  /** Draws the widget, and resolves with the tokens in `result.tokens`, unless the browser leaves. */
  async showSignIn(options: RenderOptions = {}): Promise<RenderResult> {
    this.#need(options);
    return this.renderEl(options);
  }

  /** The same, and resolves with the tokens themselves. */
  async showSignInToGetTokens(options: RenderOptions = {}): Promise<Tokens | undefined> {
    this.#need(options);
    const { tokens } = await this.renderEl({ ...options, redirect: 'never' });
    return tokens;
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

  off(event?: EventName, callback?: EventCallback | EventCallbackWithError): void {
    this.#events.off(event, callback as EventCallback | undefined);
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

  #translate(more: Given): Translation {
    const options = withAuthClient({ ...this.options, ...more });
    const translation = translate(options, run);
    const refusal = translation.findings.find(({ verdict }) => verdict === 'refused');
    if (refusal) throw new ConfigError(`option \`${refusal.option}\`: ${refusal.advice}`);
    return translation;
  }

  /** In the incumbent's words, and before anything is drawn. */
  #need(options: RenderOptions): void {
    const { signIn } = this.#translate(options);
    const given: Given = { ...signIn, el: options.el ?? this.options.el };
    for (const name of ['el', 'clientId', 'redirectUri']) if (!given[name]) throw new ConfigError(`"${name}" is required`);
  }

  async #render(ending: Ending): Promise<void> {
    const { signIn: translated, findings } = this.#translate(ending.options);
    warnOf(findings);
    const place = placeIn(ending.options['el']);
    const rendering: Rendering = { place, stopWatching: watchErrors(place, (text) => this.#tellError(text)) };
    this.#rendering = rendering;
    const own = ending.options['redirect'] === 'always' && translated['codeChallenge'] === undefined ? await this.#challenge(translated) : {};
    if (this.#rendering !== rendering) return;
    const signIn = this.#create({ ...translated, ...own, hooks: this.#hooks.compiled() }, { ...ending, translated });
    rendering.signIn = signIn;
    signIn.on('screen', (step) => this.#show(step));
    signIn.mount(rendering.place);
  }

  /** Whoever is to redeem the code has the verifier. */
  #challenge({ state, nonce }: Given): Promise<object> {
    const { authClient } = this;
    const wanted = { ...(typeof state === 'string' && { state }), ...(typeof nonce === 'string' && { nonce }) };
    return authClient instanceof SessionAuthClient ? authClient.redirect.begin(wanted) : challengeOf(authClient, wanted);
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

  #finish(outcome: Outcome, { options, translated = {}, succeed }: Ending): void {
    const { issuer, clientId, redirectUri } = translated as Readonly<Record<string, string>>;
    if (outcome.status === 'signed-in') succeed({ status: 'SUCCESS', tokens: shown(outcome.tokens, { issuer: issuer ?? '', clientId: clientId ?? '' }) });
    if (outcome.status !== 'interaction-code') return;
    const { interactionCode, state } = outcome;
    if (options['redirect'] !== 'always') return succeed({ status: 'SUCCESS', interaction_code: interactionCode, state });
    const url = new URL(redirectUri ?? '', location.href);
    url.searchParams.set('interaction_code', interactionCode);
    url.searchParams.set('state', state);
    location.assign(url);
  }

  #fail(error: SignInError, { fail }: Ending): void {
    const name = lookOf(error);
    if (name !== undefined) return warnOnce(`option \`${name}\` works in another way. ${error.message}`);
    this.#tellError(error.message, error);
    const failure = fatal(error);
    if (failure) fail(failure);
  }

  /** What is shown because of an error that was told is not told again. */
  #tellError(message: string, error?: SignInError): void {
    if (!error && this.#isErrorTold) return void (this.#isErrorTold = false);
    this.#isErrorTold = error !== undefined;
    this.#events.emit('afterError', contextOf(this.#step), { name: error?.code ?? 'AuthApiError', message, errorSummary: message });
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

/** Which of them an error is about, if it is about one. */
function lookOf(error: unknown): string | undefined {
  const name = error instanceof SignInError ? error.option?.split(/[.[]/)[0] : undefined;
  return name !== undefined && LOOKS.includes(name) ? name : undefined;
}

const EVENTS: readonly string[] = ['ready', 'afterError', 'afterRender', 'pageRendered'];

/** A name that is no event's is told, and kept: the page may trigger it itself. */
function known(event: EventName): EventName {
  if (!EVENTS.includes(event)) warnOnce(`there is no event \`${event}\`, but ${EVENTS.join(', ')}.`);
  return event;
}

/** On pages that the server sends, the token of the transaction is in a global. */
const hostedToken = (): string | undefined =>
  typeof window === 'object' ? (window as { oktaData?: { signIn?: { stateToken?: string } } }).oktaData?.signIn?.stateToken : undefined;

/** What the page's own `OktaAuth` has been given stands for `authParams`, which then are not read. */
function withAuthClient(options: Given): Given {
  const client = options['authClient'] as { readonly options?: Given } | undefined;
  if (!client?.options) return options;
  const entries = FROM_AUTH_CLIENT.map((name) => [name, client.options?.[name]]).filter(([, value]) => value !== undefined);
  return { ...options, authParams: Object.fromEntries(entries) };
}

function ownClient(options: WidgetOptions, { signIn, tokens: settings }: Translation): AuthClient {
  const { issuer, clientId, redirectUri, scopes, state } = signIn;
  const authParams = expanded(options)['authParams'] as object | undefined;
  const all = { issuer, clientId, redirectUri, scopes, state, ...authParams, pkce: true };
  return new SessionAuthClient(all, settings as unknown as ConstructorParameters<typeof SessionAuthClient>[1]);
}

function placeIn(el: unknown): HTMLElement {
  const found = typeof el === 'string' ? document.querySelector(el) : el;
  if (!(found instanceof Element)) throw new ConfigError(`option \`el\`: ${typeof el === 'string' ? `no element matches \`${el}\`` : 'is required'}`);
  const place = document.createElement('div');
  found.append(place);
  return place;
}

const asRenderError = (cause: unknown): RenderError =>
  cause instanceof SignInError ? ((fatal(cause) ?? cause) as RenderError) : cause instanceof Error ? cause : new ConfigError(String(cause));
