/** A page that keeps its tokens with `latchkey/tokens`: the empty page of the bare site, with a session in `window`. */
import type { TokenSession, TokensOptions } from '../../../widget/js/tokens/types.js';
import { accounts } from './accounts.js';
import { BarePage, type BareWindow } from './bare-page.js';
import type { Page } from './fixtures.js';
import { IdentifyScreen } from './screens/identify.js';
import { PasswordScreen } from './screens/password.js';

/** Options that can be handed to a page: no functions. */
type PlainOptions = Omit<Partial<TokensOptions>, 'onError' | 'storage' | 'requireSignIn'> & { readonly storage?: 'memory' | 'sessionStorage' | 'localStorage' };

/** What is in `window` once {@link TokenPage.open} is done. */
export interface TokenWindow extends BareWindow {
  session: TokenSession;
  /** Names of events, errors by their code, and what the clock is wrong by. */
  readonly told: string[];
}

/** See the head of the file. */
export class TokenPage {
  readonly #bare: BarePage;
  #tokenRequests = 0;

  constructor(
    readonly page: Page,
    site: string,
  ) {
    this.#bare = new BarePage(page, site);
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/v1/token')) this.#tokenRequests += 1;
    });
  }

  /** How often this page has asked the token endpoint. */
  get tokenRequests(): number {
    return this.#tokenRequests;
  }

  /** Goes there, and begins a session. */
  async open(options: PlainOptions = {}): Promise<void> {
    await this.#bare.open();
    await this.begin(options);
  }

  /** Begins a session on a page that is open already. */
  async begin(options: PlainOptions = {}): Promise<void> {
    await this.page.evaluate(async (own) => {
      const here = window as unknown as TokenWindow & { told: string[] };
      const entry = '/latchkey/latchkey-tokens.js';
      const { createTokens } = (await import(entry)) as typeof import('../../../widget/js/tokens.js');
      const { issuer, clientId } = here.options;
      const told = (here.told = []) as string[];
      here.session = createTokens({ issuer, clientId, redirectUri: '/callback', scopes: ['openid', 'profile', 'email', 'offline_access'], ...own });
      here.session.on('change', ({ reason }) => told.push(reason));
      here.session.on('clockSkew', ({ seconds }) => told.push(`clock ${Math.round(seconds / 60)} min`));
      here.session.on('error', ({ code }) => told.push(code));
      await here.session.ready;
    }, options);
  }

  /** Goes there, signs Pat in with the widget, and hands the outcome over. */
  async signIn(options: PlainOptions = {}): Promise<void> {
    await this.open(options);
    await this.#bare.mountHere({ scopes: ['openid', 'profile', 'email', 'offline_access'] });
    await new IdentifyScreen(this.page).submit(accounts.pat.email);
    await new PasswordScreen(this.page).submit(accounts.pat.password);
    await this.evaluate(async ({ session, signIn }) => session.accept(await signIn.finished));
  }

  /** Runs code in the page; it gets `window`. */
  evaluate<Result>(code: (here: TokenWindow) => Result | Promise<Result>): Promise<Result> {
    return this.page.evaluate(`(${String(code)})(window)`) as Promise<Result>;
  }

  /** What the session's events have told so far. */
  told(): Promise<readonly string[]> {
    return this.evaluate(({ told }) => told);
  }

  /** The access token that is held, perhaps none. */
  accessToken(): Promise<string | undefined> {
    return this.evaluate(({ session }) => session.tokens?.accessToken);
  }
}
