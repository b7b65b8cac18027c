// @okta/okta-signin-widget, of the second generation, in a real browser: people click through its own pages, and the server
// answers what it asks. It brings an okta-auth-js of its own, one major version older than the other suite's.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { followLink, PASSWORD, Stepwise } from './okta-auth-js-people.mjs';
import { EVERYTHING, PAT, startServer, totp } from './support.mjs';
import { browser, customerSite, WidgetPage } from './widget-page.mjs';

const now = () => Math.floor(Date.now() / 1000);

/** The mailed code, in the list of what this person can use. */
const byEmail = (email) => `Select Email - ${email.replace(/^(.).*(.@)/, '$1***$2')}.`;

// People who wait for a device or a mail leave room for others.
describe('given a server with everything, and the widget on a customer’s page', { concurrency: 3 }, () => {
  let site;
  let server;
  let chromium;
  let people = 0;

  before(async () => {
    site = await customerSite();
    server = await startServer(EVERYTHING, { origins: [site.origin] });
    site.serve(server.issuer);
    chromium = await browser();
  });
  after(async () => {
    await chromium.close();
    await server.stop();
    site.stop();
  });

  const open = () => WidgetPage.open(chromium, site.origin);

  /** Somebody who has registered elsewhere, after the password; the list of what may be set up is there. */
  async function newcomer() {
    const email = `widget-${people++}@example.com`;
    await new Stepwise(server, email).register();
    const page = await again(email);
    await page.heading('Set up security methods');
    return { page, email };
  }

  /** Signs somebody in in another browser, as far as the page after the password. */
  async function again(email, password = PASSWORD) {
    const page = await open();
    await page.identify(email);
    await page.fill({ Password: password });
    await page.press('Verify');
    return page;
  }

  /** Leaves for later what could be set up, and is signed in. */
  async function finish(page, email) {
    await page.heading('Set up security methods');
    await page.press('Continue');
    await page.assertSignedIn(email);
  }

  test('name and password sign in', async () => {
    const page = await again(PAT.email, PAT.password);
    await finish(page, PAT.email);
    assert.deepEqual((await page.claims()).amr, ['pwd']);
    await page.close();
  });

  test('a wrong password is told in the server’s words', async () => {
    const page = await again(PAT.email, 'Wrong-Horse-42');
    await page.alert('Password is incorrect');
    await page.fill({ Password: PAT.password });
    await page.press('Verify');
    await finish(page, PAT.email);
    await page.close();
  });

  test('somebody new registers, and signs in', async () => {
    const email = 'wanda@example.com';
    const page = await open();
    await page.press('Sign up');
    await page.heading('Sign up');
    await page.fill({ 'First name': 'Wanda', 'Last name': 'New', Email: email });
    await page.press('Sign Up');
    await page.heading('Verify with your email');
    await page.press('Enter a verification code instead');
    await page.fill({ 'Enter Code': await server.codeFor(email) });
    await page.press('Verify');
    await page.heading('Set up password');
    await page.fill({ 'Enter password': PASSWORD, 'Re-enter password': PASSWORD });
    await page.press('Next');
    await finish(page, email);
    assert.equal((await page.claims()).given_name, 'Wanda');
    await page.close();
    const returning = await again(email);
    await finish(returning, email);
    await returning.close();
  });

  test('a code by e-mail takes the place of the password', async () => {
    const email = 'by-mail@example.com';
    await new Stepwise(server, email).register();
    const page = await open();
    await page.identify(email);
    await page.press('Verify with something else');
    await page.press(byEmail(email));
    await page.heading('Verify with your email');
    await page.press('Enter a verification code instead');
    await page.fill({ 'Enter Code': '000000' });
    await page.press('Verify');
    await page.alert('Invalid code. Try again.');
    await page.fill({ 'Enter Code': await server.codeFor(email) });
    await page.press('Verify');
    await finish(page, email);
    await page.close();
  });

  test('the link in the mail lets the page go on', async () => {
    const page = await open();
    await page.identify(PAT.email);
    await page.press('Verify with something else');
    await page.press(byEmail(PAT.email));
    await page.heading('Verify with your email');
    await followLink(server, PAT.email);
    await finish(page, PAT.email);
    await page.close();
  });

  test('a forgotten password is replaced', async () => {
    const { page, email } = await newcomer();
    await finish(page, email);
    await page.close();
    const forgetful = await open();
    await forgetful.identify(email);
    await forgetful.press('Forgot password?');
    await forgetful.heading('Verify with your email');
    await forgetful.press('Enter a verification code instead');
    await forgetful.fill({ 'Enter Code': await server.codeFor(email) });
    await forgetful.press('Verify');
    await forgetful.heading('Reset your password');
    await forgetful.fill({ 'New password': 'Third-Staple-99', 'Re-enter password': 'Third-Staple-99' });
    await forgetful.press('Reset Password');
    await finish(forgetful, email);
    await forgetful.close();
  });

  test('an account is unlocked by mail', async () => {
    const { page, email } = await newcomer();
    await page.close();
    const locked = await open();
    await locked.press('Unlock account?');
    await locked.heading("Verify it's you with a security method");
    await locked.fill({ Username: email });
    await locked.press('Select Email.');
    await locked.heading('Verify with your email');
    await locked.press('Enter a verification code instead');
    await locked.fill({ 'Enter Code': await server.codeFor(email) });
    await locked.press('Verify');
    await locked.heading('Account successfully unlocked!');
    await locked.close();
  });

  test('codes from an app are set up and asked for', async () => {
    const { page, email } = await newcomer();
    await page.press('Set up Google Authenticator.');
    await page.heading('Set up Google Authenticator');
    await page.press("Can't scan?");
    const secret = await page.read(/^[A-Z2-7]{16,}$/m);
    await page.press('Next');
    const begun = now();
    await page.fill({ 'Enter code': totp(secret, begun) });
    await page.press('Verify');
    await finish(page, email);
    await page.close();
    const returning = await again(email);
    await returning.heading('Verify with Google Authenticator');
    await returning.fill({ 'Enter code': totp(secret, begun + 30) });
    await returning.press('Verify');
    await finish(returning, email);
    assert.deepEqual((await returning.claims()).amr, ['pwd', 'otp', 'mfa']);
    await returning.close();
  });

  test('a phone is set up by text message, and called', async () => {
    const { page, email } = await newcomer();
    await page.press('Set up Phone.');
    await page.heading('Set up phone authentication');
    await page.fill({ 'Phone number': '5551230001' });
    await page.press('Receive a code via SMS');
    await page.fill({ 'Enter Code': await page.eventually(() => server.codeFor('+15551230001')) });
    await page.press('Verify');
    await finish(page, email);
    await page.close();
    const returning = await again(email);
    await returning.heading('Verify with your phone');
    await returning.press('Receive a voice call instead');
    await returning.fill({ 'Enter Code': await returning.eventually(async () => (await server.codesFor('+15551230001'))[1] && server.codeFor('+15551230001')) });
    await returning.press('Verify');
    await finish(returning, email);
    await returning.close();
  });

  test('a security question is set up and asked', async () => {
    const { page, email } = await newcomer();
    await page.press('Set up Security Question.');
    await page.heading('Set up security question');
    await page.fill({ Answer: 'The Bear' });
    await page.press('Verify');
    await finish(page, email);
    await page.close();
    const returning = await again(email);
    await returning.heading('Verify with your Security Question');
    await returning.fill({ 'What is the food you least liked as a child?': 'the bear' });
    await returning.press('Verify');
    await finish(returning, email);
    await returning.close();
  });

  test('a push is approved by the number that the page shows', async () => {
    const { page, email } = await newcomer();
    await page.press('Set up Okta Verify.');
    await page.heading('Set up Okta Verify');
    await server.answerDevice('approve');
    await finish(page, email);
    await page.close();
    const returning = await again(email);
    await returning.heading('Push notification sent');
    await server.answerDevice(await returning.read(/^\d{1,2}$/m));
    await finish(returning, email);
    await returning.close();
  });

  test('a passkey is made, is the second proof, and takes the place of both on the first page', async () => {
    const { page, email } = await newcomer();
    await page.press('Set up a passkey.');
    await page.heading('Set up a passkey');
    await page.touches(true);
    await page.press('Set up');
    await finish(page, email);
    await page.touches(false);
    await page.reload();
    await page.identify(email);
    await page.fill({ Password: PASSWORD });
    await page.touches(true);
    await page.press('Verify');
    await finish(page, email);
    assert.ok((await page.claims()).amr.includes('mfa'));
    // The first page offers passkeys by itself, and somebody touches the device.
    await page.reload();
    await finish(page, email);
    await page.close();
  });
});
