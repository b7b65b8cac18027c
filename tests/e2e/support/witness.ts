/**
 * Writes down all that a page lets others see while somebody signs in: events and errors, the console, addresses, storage,
 * cookies, titles, history and performance marks. What may be in none of them is told to it as it comes up.
 */
import { expect, type Page } from '@playwright/test';
import type { BareWindow } from './bare-page.js';
import type { SignInOptions } from '../../../widget/js/types.js';

interface Trace {
  readonly where: string;
  readonly text: string;
}

/** See the head of the file. */
export class Witness {
  readonly #secrets = new Map<string, string>();
  readonly #traces: Trace[] = [];

  /** Must be made before the page goes anywhere. */
  constructor(readonly page: Page) {
    page.on('console', (message) => this.#note('console', message.text()));
    page.on('request', (request) => this.#note('address of a request', `${request.url()} ${request.headers()['referer'] ?? ''}`));
    page.on('framenavigated', (frame) => this.#note('address', frame.url()));
    page.on('request', (request) => this.#learnFrom(request.postData() ?? ''));
    page.on('response', (response) => void this.#learnTokens(response.url(), () => response.json() as Promise<Record<string, unknown>>));
  }

  /** From now on this must appear nowhere. */
  hide(name: string, value: string): string {
    expect(value.length, `${name} is long enough not to appear by chance`).toBeGreaterThan(5);
    this.#secrets.set(name, value);
    return value;
  }

  /** Mounts on the open page, and listens to everything. */
  async mount(options: Partial<SignInOptions> = {}): Promise<void> {
    await this.page.evaluate((own) => {
      const here = window as unknown as BareWindow;
      const tell = (where: string, what: unknown): unknown => here.seen.push(JSON.stringify({ where, text: JSON.stringify(what) ?? '' }));
      const described = (error: Error): object => ({ ...error, text: String(error), stack: error.stack, cause: String(error.cause) });
      here.signIn = here.latchkey.createSignIn({ ...here.options, ...own, onError: (error) => tell('onError', described(error)) });
      here.signIn.on('error', (error) => tell('event error', described(error)));
      for (const name of ['ready', 'screen', 'unload'] as const) here.signIn.on(name, (event) => tell(`event ${name}`, event));
      // The outcome is for the page; that there is one is for everybody.
      here.signIn.on('success', ({ status }) => tell('event success', status));
      here.signIn.mount('#sign-in');
    }, options);
  }

  /** Looks at what is kept just now. */
  async look(): Promise<void> {
    const kept = await this.page.evaluate(async () => ({
      sessionStorage: JSON.stringify({ ...sessionStorage }),
      localStorage: JSON.stringify({ ...localStorage }),
      databases: JSON.stringify(await indexedDB.databases()),
      caches: JSON.stringify(await caches.keys()),
      cookies: document.cookie,
      title: document.title,
      history: JSON.stringify(history.state),
      name: window.name,
      performance: JSON.stringify(performance.getEntries().map(({ name, ...rest }) => [name, (rest as { detail?: unknown }).detail])),
      seen: JSON.stringify((window as unknown as BareWindow).seen.splice(0)),
    }));
    const { seen, ...places } = kept;
    for (const text of JSON.parse(seen) as string[]) {
      const trace = JSON.parse(text) as Trace;
      this.#note(trace.where, trace.text);
    }
    for (const [where, text] of Object.entries(places)) this.#note(where, text);
  }

  /** Fails with the place and the name of what was seen. */
  async check(): Promise<void> {
    await this.look();
    const forms = (value: string): readonly string[] => [value, encodeURIComponent(value), btoa(unescape(encodeURIComponent(value)))];
    const leaks = [...this.#secrets].flatMap(([name, value]) =>
      this.#traces.filter(({ text }) => forms(value).some((form) => text.toLowerCase().includes(form.toLowerCase()))).map(({ where }) => `${name} in ${where}`),
    );
    expect([...new Set(leaks)]).toEqual([]);
    expect(this.#traces.some(({ where }) => where === 'event screen'), 'the events were heard').toBe(true);
  }

  /** How many places were looked at. */
  get size(): number {
    return this.#traces.length;
  }

  #note(where: string, text: string): void {
    this.#traces.push({ where, text });
  }

  /** A code that brings tokens is as good as tokens. */
  #learnFrom(body: string): void {
    const code = new URLSearchParams(body).get('interaction_code');
    if (code !== null) this.#secrets.set('the interaction code', code);
  }

  async #learnTokens(url: string, body: () => Promise<Record<string, unknown>>): Promise<void> {
    if (!url.endsWith('/v1/token')) return;
    const answer = await body().catch(() => ({}) as Record<string, unknown>);
    for (const name of ['access_token', 'id_token', 'refresh_token']) {
      const value = answer[name];
      if (typeof value === 'string') this.#secrets.set(name, value);
    }
  }
}
