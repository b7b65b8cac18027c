/**
 * What takes time: waiting before something is sent again, and asking again and again. The page's clock stands still and is
 * moved on by the test; the server and its clock are real.
 */
import { collectors } from './support/accounts.js';
import type { BareWindow } from './support/bare-page.js';
import { DemoSite } from './support/demo-site.js';
import { expect, test, type Page } from './support/fixtures.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { text } from './support/texts.js';
import { askForMail, skipTheRest } from './support/ways.js';

const POLL = '**/idp/idx/challenge/poll';
/** As the server's answers say, in milliseconds. */
const INTERVAL = 4000;
const MINUTE = 60_000;

/** Nothing happens by itself from now on; before the page goes anywhere. */
async function stopTime(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1000);
}

/** How often the page has asked whether there is something new. */
function countPolls(page: Page): () => number {
  let polls = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/idp/idx/challenge/poll')) polls += 1;
  });
  return () => polls;
}

/** Moves on, second by second, until the page has asked once more. */
async function runToPoll(page: Page, polls: () => number): Promise<void> {
  const before = polls();
  await expect(async () => {
    await page.clock.runFor(1000);
    expect(polls(), 'polls').toBeGreaterThan(before);
  }).toPass({ timeout: 20_000 });
}

/** Moves on for this long, in which the page must not ask. */
async function expectSilence(page: Page, polls: () => number, milliseconds: number): Promise<void> {
  const before = polls();
  await page.clock.runFor(milliseconds);
  expect(polls(), 'nothing was asked').toBe(before);
}

/** Opens the link of a mail, and says yes. */
async function confirm(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Yes, it’s me' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
}

test.describe('given a mail that is slow', () => {
  test('after half a minute, counted down, another one can be asked for', async ({ page, places, inbox }) => {
    const mails = inbox.at(places.everything.server);
    await stopTime(page);
    await new DemoSite(page, places.everything).open();
    const code = await askForMail(page, collectors.ola);
    await mails.codeFor(collectors.ola.email);
    const waiting = (n: number) => code.widget.getByRole('button', { name: text('action.resend_in', { n }), exact: true });
    await expect(waiting(30)).toHaveAttribute('aria-disabled', 'true');
    await page.clock.runFor(12_000);
    await expect(waiting(18)).toHaveAttribute('aria-disabled', 'true');
    await waiting(18).click({ force: true });
    expect(await mails.mailsTo(collectors.ola.email), 'it is too early').toHaveLength(1);
    await page.clock.runFor(17_000);
    await expect(waiting(1)).toBeVisible();
    await page.clock.runFor(1_000);
    await expect(code.resend).toBeEnabled();
    await code.resend.click();
    await mails.codeFor(collectors.ola.email, 1);
    await expect(code.widget).toContainText(text('alert.sent_again'));
    await expect(waiting(30)).toHaveAttribute('aria-disabled', 'true');
  });
});

test.describe('given a page that waits for an answer from elsewhere', () => {
  test('it asks as often as the server says, not while it is hidden, and goes on afterwards', async ({ page, places, inbox, elsewhere }) => {
    await stopTime(page);
    const polls = countPolls(page);
    const site = new DemoSite(page, places.everything);
    await site.open();
    await askForMail(page, collectors.quin);
    await expectSilence(page, polls, INTERVAL - 1);
    await page.clock.runFor(1);
    await expect.poll(polls).toBe(1);
    await runToPoll(page, polls);
    await setHidden(page, true);
    await expectSilence(page, polls, 10 * MINUTE);
    await setHidden(page, false);
    await confirm(elsewhere, await inbox.at(places.everything.server).linkFor(collectors.quin.email));
    await runToPoll(page, polls);
    await skipTheRest(page);
    await site.welcomes(collectors.quin);
  });

  test('it does not ask without a network, and goes on afterwards', async ({ page, places, inbox, context, elsewhere }) => {
    await stopTime(page);
    const polls = countPolls(page);
    const site = new DemoSite(page, places.everything);
    await site.open();
    const code = await askForMail(page, collectors.peg);
    await context.setOffline(true);
    await expectSilence(page, polls, 10 * MINUTE);
    await expect(code.alert).toHaveCount(0);
    await context.setOffline(false);
    await confirm(elsewhere, await inbox.at(places.everything.server).linkFor(collectors.peg.email));
    await runToPoll(page, polls);
    await skipTheRest(page);
    await site.welcomes(collectors.peg);
  });

  test('what fails once is asked again later, and nobody is bothered', async ({ page, places, inbox, elsewhere, guard }) => {
    guard.expectProblem(/^console: Failed to load resource: net::ERR_CONNECTION_RESET/);
    guard.expectProblem(/^console: Failed to load resource: .* status of 503/);
    await stopTime(page);
    const polls = countPolls(page);
    const site = new DemoSite(page, places.everything);
    await site.open();
    const code = await askForMail(page, collectors.viv);
    await code.code.fill('12');
    await page.route(POLL, (route) => route.abort('connectionreset'), { times: 1 });
    await runToPoll(page, polls);
    const headers = { 'access-control-allow-origin': places.everything.site, 'access-control-allow-credentials': 'true' };
    await page.route(POLL, (route) => route.fulfill({ status: 503, headers, body: '<h1>Busy</h1>' }), { times: 1 });
    await runToPoll(page, polls);
    await runToPoll(page, polls);
    await expect(code.alert).toHaveCount(0);
    await expect(code.code, 'what is half typed stays').toHaveValue('12');
    await confirm(elsewhere, await inbox.at(places.everything.server).linkFor(collectors.viv.email));
    await runToPoll(page, polls);
    await skipTheRest(page);
    await site.welcomes(collectors.viv);
  });

  test('where the transaction has run out meanwhile, a new one begins, says why, and asks no more', async ({ page, places }) => {
    await stopTime(page);
    const polls = countPolls(page);
    await new DemoSite(page, places.everything).open();
    await askForMail(page, collectors.rob);
    // What the server says to a handle that it has forgotten is its own, real answer.
    await page.route(POLL, (route) => route.continue({ postData: JSON.stringify({ stateHandle: 'forgotten' }) }), { times: 1 });
    await runToPoll(page, polls);
    const identify = new IdentifyScreen(page);
    await identify.isShown();
    await expect(identify.widget).toContainText(text('alert.started_over'));
    await expect(identify.username).toHaveValue(collectors.rob.email);
    await expectSilence(page, polls, 10 * MINUTE);
  });

  test('it asks no more once it is taken out of the page', async ({ page, bare, places }) => {
    await stopTime(page);
    const polls = countPolls(page);
    await bare.mount({ issuer: places.everything.issuer });
    await askForMail(page, collectors.una);
    await runToPoll(page, polls);
    await page.evaluate(() => (window as unknown as BareWindow).signIn.unmount());
    await expectSilence(page, polls, 10 * MINUTE);
  });
});

/** As when the person goes to another tab, and comes back. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}
