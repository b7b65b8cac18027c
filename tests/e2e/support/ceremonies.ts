/** Writes down which WebAuthn ceremonies a page begins and how they end; the calls themselves go through unchanged. */
import type { Page } from '@playwright/test';

/** `offer` waits in the autofill, `use` and `make` are the browser's dialogues. */
type Kind = 'offer' | 'use' | 'make';

/** One ceremony: what was asked, and `open`, `done` or the name of its error. */
export interface Ceremony {
  readonly kind: Kind;
  readonly state: string;
  /** How many others were open when it began. */
  readonly beside: number;
}

/** See the head of the file. */
export class Ceremonies {
  private constructor(private readonly page: Page) {}

  /** Before the page goes anywhere. */
  static async of(page: Page): Promise<Ceremonies> {
    await page.addInitScript(() => {
      interface Entry {
        kind: Kind;
        state: string;
        beside: number;
      }
      const ceremonies: Entry[] = [];
      Object.assign(window, { ceremonies });
      const watched = <Options>(kindOf: (options?: Options) => Kind, begin: (options?: Options) => Promise<Credential | null>) =>
        (options?: Options): Promise<Credential | null> => {
          const entry = { kind: kindOf(options), state: 'open', beside: ceremonies.filter(({ state }) => state === 'open').length };
          ceremonies.push(entry);
          const result = begin(options);
          result.then(
            () => (entry.state = 'done'),
            (error: Error) => (entry.state = error.name),
          );
          return result;
        };
      const { credentials } = navigator;
      credentials.get = watched<CredentialRequestOptions>(
        (options) => (options?.mediation === 'conditional' ? 'offer' : 'use'),
        credentials.get.bind(credentials),
      );
      credentials.create = watched<CredentialCreationOptions>(() => 'make', credentials.create.bind(credentials));
    });
    return new Ceremonies(page);
  }

  /** All since the page was loaded, as `offer open`. */
  async told(): Promise<readonly string[]> {
    return (await this.all()).map(({ kind, state }) => `${kind} ${state}`);
  }

  /** All since the page was loaded. */
  all(): Promise<readonly Ceremony[]> {
    return this.page.evaluate(() => (window as unknown as { ceremonies: Ceremony[] }).ceremonies);
  }
}
