/**
 * What can be seen of each option when the example of the reference page runs: by name, something that fails unless the example
 * does what the text says.
 */
import { accounts } from './accounts.js';
import { expect, type Locator, type Page } from './fixtures.js';
import { stranger } from './people.js';
import { IdentifyScreen } from './screens/identify.js';
import { ProfileScreen } from './screens/profile.js';
import { typePassword } from './ways.js';

/** An example while it runs. */
export interface Running {
  readonly page: Page;
  /** What stands above it. */
  readonly example: Locator;
  /** The widget's place. */
  readonly place: Locator;
  /** What the page has written about it. */
  readonly log: Locator;
  /** What was sent to `interact`. */
  readonly asked: () => Promise<URLSearchParams>;
  /** What was written on the console. */
  readonly printed: readonly string[];
}

/** Looks at it. */
export type Proof = (running: Running) => Promise<void>;

/** The request to begin carries this. */
const asks = (name: string, value: string | RegExp): Proof => async ({ asked, page }) => {
  await new IdentifyScreen(page).isShown();
  expect((await asked()).get(name)).toMatch(value);
};

/** An e-mail link that the server does not know (any more). */
const isToldThatTheLinkIsTooOld = (name: string): Proof => async ({ asked, place, log }) => {
  await expect(place.getByRole('alert')).not.toBeEmpty();
  await expect(log).toContainText('error setup.interact_refused');
  expect((await asked()).get(name)).toBeTruthy();
};

const endsWith = (line: string | RegExp): Proof => async ({ page, log }) => {
  await typePassword(page, accounts.pat);
  await expect(log).toContainText(line);
};

const isShown: Proof = ({ page }) => new IdentifyScreen(page).isShown();

/** What can be seen of each option. */
export const PROOFS: Readonly<Record<string, Proof>> = {
  issuer: asks('client_id', 'demo-spa'),
  clientId: asks('client_id', 'demo-spa'),
  redirectUri: asks('redirect_uri', /^http:\/\/localhost:\d+\/callback$/),
  onSuccess: async (running) => {
    await endsWith('success signed-in')(running);
    expect(running.printed).toContain('signed-in');
  },
  onError: async ({ page, log, printed }) => {
    await page.route('**/idp/idx/identify', (route) => route.abort('internetdisconnected'));
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await expect(log).toContainText('error network.unreachable');
    expect(printed.join()).toContain('network.unreachable');
  },
  scopes: endsWith('success signed-in openid profile offline_access'),
  state: asks('state', 'd2hlcmUgSSB3YXM'),
  nonce: asks('nonce', 'n-0S6_WzA2Mj'),
  codeChallenge: endsWith('success interaction-code'),
  codeChallengeMethod: endsWith('success interaction-code'),
  username: async ({ page }) => expect(new IdentifyScreen(page).username).toHaveValue('pat@example.com'),
  acrValues: asks('acr_values', 'urn:okta:loa:1fa:any'),
  maxAge: asks('max_age', '3600'),
  activationToken: isToldThatTheLinkIsTooOld('activation_token'),
  recoveryToken: isToldThatTheLinkIsTooOld('recovery_token'),
  stateToken: ({ place }) => expect(place.getByRole('alert')).not.toBeEmpty(),
  flow: ({ page }) => new ProfileScreen(page).isShown(),
  engine: isShown,
  mode: isShown,
  isolation: async ({ page, place }) => {
    await new IdentifyScreen(page).isShown();
    expect(await place.evaluate((element) => element.querySelector(':scope > *')?.shadowRoot?.querySelector('.latchkey') !== null)).toBe(true);
    expect(await place.evaluate((element) => element.querySelector('input')), 'the page’s own selectors find nothing').toBeNull();
  },
  language: async ({ place, example }) => {
    const [, wanted = ''] = /language: '([\w-]+)'/.exec(await example.innerText()) ?? [];
    await expect(place.locator('.latchkey')).toHaveAttribute('lang', wanted);
  },
  messages: ({ place }) => expect(place.getByRole('heading', { name: 'Welcome back' })).toBeVisible(),
  brand: ({ place }) => expect(place.locator('img[src$="/favicon.svg"]')).toBeVisible(),
  theme: async ({ page, place }) => {
    await new IdentifyScreen(page).isShown();
    const accent = await place.locator('.latchkey').evaluate((host) => getComputedStyle(host).getPropertyValue('--latchkey-color-accent'));
    expect(accent.trim()).toBe('#7a1f3d');
  },
  helpLinks: ({ place }) => expect(place.getByRole('link', { name: 'Status' })).toHaveAttribute('href', /^https:\/\/status\.example\.com\/?$/),
  customButtons: async ({ place, printed }) => {
    await place.getByRole('button', { name: 'Use my library card' }).click();
    expect(printed).toContain('pressed');
  },
  idps: ({ place }) => expect(place.getByRole('button', { name: 'Sign in at work' }).or(place.getByRole('link', { name: 'Sign in at work' }))).toBeVisible(),
  registration: async ({ page }) => {
    await new IdentifyScreen(page).signUp.click();
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/idp/idx/enroll/new'));
    await new ProfileScreen(page).submit(stranger());
    expect((await sent).postDataJSON()).toMatchObject({ userProfile: { locale: 'en' } });
  },
  transformUsername: async ({ page }) => {
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/idp/idx/identify'));
    await new IdentifyScreen(page).submit('pat');
    expect((await sent).postDataJSON()).toMatchObject({ identifier: 'pat@example.com' });
  },
  hooks: async ({ page, printed }) => {
    await new IdentifyScreen(page).signUp.click();
    await new ProfileScreen(page).isShown();
    expect(printed).toContain('about to be asked');
  },
  features: ({ page }) => expect(page).not.toHaveTitle('Reference'),
  // Nobody waits for it in this tab, so it is shown for the one in which somebody does.
  otp: ({ place }) => expect(place).toContainText('483920'),
  colorScheme: ({ place }) => expect(place.locator('.latchkey')).toHaveAttribute('data-color-scheme', 'dark'),
  assetsUrl: async ({ page, place }) => {
    await new IdentifyScreen(page).isShown();
    await expect(place.locator('.latchkey')).toHaveAttribute('data-assets-url', '/latchkey/');
  },
  signal: async ({ page, place, log }) => {
    await new IdentifyScreen(page).isShown();
    await expect(log).toContainText('cancelled');
    await expect(place).toBeEmpty();
  },
};
