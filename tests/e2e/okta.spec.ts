/**
 * Pages that were written for Okta's widget, with `latchkey/okta` in its place: the samples of that widget's README, as they stand
 * there, against the real server.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { APIRequestContext } from '@playwright/test';
import { ROOT } from '../js/support/packed.mjs';
import { accounts } from './support/accounts.js';
import { expect, expectAccessible } from './support/fixtures.js';
import { test, type OktaPage } from './support/okta-page.js';
import { configured, sample } from './support/okta-samples.js';
import { IdentifyScreen } from './support/screens/identify.js';
import { PasswordScreen } from './support/screens/password.js';

const VERIFIER = 'a-verifier-that-the-backend-of-the-customer-keeps';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

test.describe('given the page of the README with a script tag', () => {
  test('the sample for an SPA signs in, and hands the tokens to `authClient`', async ({ okta, page }) => {
    await okta.open(sample('SPA Application', okta.filling));
    await new IdentifyScreen(page).isShown();
    await expectAccessible(page);
    await okta.signIn();
    await expect.poll(() => okta.person()).toBe(accounts.pat.email);
    expect(await okta.evaluate(({ signIn }) => signIn.authClient.getIdToken()?.split('.').length)).toBe(3);
    expect(okta.warnings).toEqual([]);
  });

  test('the sample for showSignIn does, once its three slips are mended', async ({ okta }) => {
    const mended = sample('showSignIn', okta.filling).replaceAll(/[‘’]/g, "'").replace("/default'\n", "/default',\n").replace('response =>', 'res =>');
    await okta.open(mended);
    await okta.signIn();
    await expect.poll(() => okta.person()).toBe(accounts.pat.email);
  });

  test('showSignInToGetTokens gives tokens of the shape that pages know', async ({ okta }) => {
    await okta.open(`${sample('OktaSignIn', okta.filling)}
      signIn.showSignInToGetTokens({ el: '#osw-container', scopes: ['openid', 'profile', 'offline_access'] })
        .then((tokens) => { signIn.authClient.tokenManager.setTokens(tokens); seen.push(JSON.stringify(tokens)); });`);
    await okta.signIn();
    await expect.poll(async () => (await okta.seen()).length).toBe(1);
    const tokens = JSON.parse((await okta.seen())[0] ?? '{}');
    expect(tokens.accessToken).toMatchObject({ tokenType: 'Bearer', scopes: ['openid', 'profile', 'offline_access'], userinfoUrl: `${okta.filling.issuer}/v1/userinfo` });
    expect(tokens.idToken).toMatchObject({ clientId: 'demo-spa', issuer: okta.filling.issuer, claims: { name: 'Pat Example' } });
    expect(tokens.refreshToken.tokenUrl).toBe(`${okta.filling.issuer}/v1/token`);
    const renewed = await okta.evaluate(async ({ signIn }) => (await signIn.authClient.tokenManager.renew('accessToken')) as { accessToken: string });
    expect(renewed.accessToken).not.toBe(tokens.accessToken.accessToken);
  });
});

test.describe('given the npm module', () => {
  test('the samples run with another import', async ({ okta }) => {
    const [, constructed = ''] = /(var signIn[^]*)/.exec(sample('SPA Application', okta.filling)) ?? [];
    const imported = "import OktaSignIn from '/latchkey/latchkey-okta.js';\n";
    await okta.open(`${imported}${constructed}\nwindow.signIn = signIn; window.oktaSignIn = signIn;`, '/module');
    await okta.signIn();
    await expect.poll(() => okta.person()).toBe(accounts.pat.email);
  });
});

test.describe('given a web application', () => {
  test('the sample leaves with a code that its backend redeems', async ({ okta, page, request }) => {
    const redirectUri = `${okta.origin}/`;
    await okta.open(sample('showSignInAndRedirect', { ...okta.filling, redirectUri, codeChallenge: CHALLENGE }));
    await okta.signIn();
    await page.waitForURL(/\/\?interaction_code=/);
    const url = new URL(page.url());
    expect(url.searchParams.get('state')).toBe('state-of-the-backend');
    const form = { grant_type: 'interaction_code', client_id: 'demo-spa', interaction_code: url.searchParams.get('interaction_code') ?? '', code_verifier: VERIFIER, redirect_uri: redirectUri };
    const answer = await request.post(`${okta.filling.issuer}/v1/token`, { form });
    expect(answer.status()).toBe(200);
    expect(Object.keys(await answer.json())).toContain('id_token');
  });

  test('without a challenge of its own the page comes back, and the sample for the callback signs in', async ({ okta, page }) => {
    await okta.open(`${sample('OktaSignIn', okta.filling)}\nsignIn.showSignInAndRedirect({ el: '#osw-container' });`);
    await okta.signIn();
    await page.waitForURL(/\/callback$/);
    await expect.poll(() => okta.person()).toBe(accounts.pat.email);
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('codeVerifier');
    await page.reload();
    expect(await okta.person(), 'tokens survive a reload, as they did').toBe(accounts.pat.email);
  });

  test('a code that comes back while the widget is gone is redeemed by what it has left', async ({ okta, page, request }) => {
    await okta.open(sample('SPA Application', okta.filling));
    await new IdentifyScreen(page).isShown();
    // As another provider would send somebody back: the server is done with them elsewhere, and the page is another.
    await page.goto(`${okta.filling.redirectUri}?${await answerFromElsewhere(okta, request)}`);
    await expect.poll(() => okta.person()).toBe(accounts.pat.email);
    expect(page.url()).toBe(okta.filling.redirectUri);
  });

  test('an answer that nobody waits for is refused', async ({ okta, page, guard }) => {
    guard.expectProblem(/^uncaught: `state` belongs to no sign-in/);
    await page.goto(`${okta.filling.redirectUri}?interaction_code=stolen&state=somebody-elses`);
    const code = await page.evaluate(() => (window as unknown as { handled: Promise<void> }).handled.catch(({ code }: { code: string }) => code));
    expect(code).toBe('callback.unknown_state');
    expect(page.url()).toBe(okta.filling.redirectUri);
  });
});

/** What an answer of the protocol has that this needs. */
interface Answer {
  readonly stateHandle: string;
  readonly successWithInteractionCode?: { readonly value: readonly { readonly name: string; readonly value: string }[] };
}

/** The parameters with which another provider would send somebody back, who has begun on this page. */
async function answerFromElsewhere({ page, filling }: OktaPage, request: APIRequestContext): Promise<URLSearchParams> {
  const saved = await page.evaluate(() => Object.entries(sessionStorage).find(([name]) => name.startsWith('latchkey.'))?.[1] ?? '{}');
  const { interactionHandle, state } = JSON.parse(saved) as { interactionHandle: string; state: string };
  return new URLSearchParams({ interaction_code: await finishElsewhere(request, new URL(filling.issuer).origin, interactionHandle), state });
}

/** Signs Pat in by the protocol alone, for a transaction that somebody else has begun. */
async function finishElsewhere(request: APIRequestContext, server: string, interactionHandle: string): Promise<string> {
  const headers = { accept: 'application/ion+json; okta-version=1.0.0', 'content-type': 'application/ion+json; okta-version=1.0.0' };
  const ask = async (step: string, data: object): Promise<Answer> => (await request.post(`${server}/idp/idx/${step}`, { headers, data })).json() as Promise<Answer>;
  const { stateHandle } = await ask('introspect', { interactionHandle });
  const known = await ask('identify', { stateHandle, identifier: accounts.pat.email });
  const { successWithInteractionCode } = await ask('challenge/answer', { stateHandle: known.stateHandle, credentials: { passcode: accounts.pat.password } });
  return successWithInteractionCode?.value.find(({ name }) => name === 'interaction_code')?.value ?? '';
}

test.describe('given handlers and methods', () => {
  test('the samples for events are called with the page and the error', async ({ okta, page }) => {
    await okta.open(`${configured(okta.filling)}
      var console = { log: (text) => seen.push(String(text)) };
      ${sample('afterError', okta.filling)} ${sample('ready', okta.filling)} ${sample('afterRender', okta.filling)}
      function onReady({ controller, formName }) { seen.push('ready ' + controller + ' ' + formName); }
      ${sample('on', okta.filling)}
      signIn.on('afterRender', (context) => seen.push(context.formName + ' ' + context.authenticatorKey));
      signIn.showSignIn({ el: '#osw-container' });`);
    await new IdentifyScreen(page).isShown();
    await okta.signIn({ ...accounts.pat, password: 'Wrong-Horse-42' });
    await expect.poll(async () => (await okta.seen()).length).toBe(7);
    const [ready, identify, password, controller, name, message] = await okta.seen();
    expect([ready, identify]).toEqual(['ready primary-auth identify', 'identify undefined']);
    expect([password, controller, name]).toEqual(['challenge-authenticator okta_password', 'mfa-verify-password', 'AuthApiError']);
    expect(message).toMatch(/password/i);
  });

  test('an error that comes again is told again, and what the widget itself finds wrong is not', async ({ okta, page }) => {
    await okta.open(`${configured(okta.filling)}
      signIn.on('afterError', (context, { xhr }) => seen.push(context.formName + ': ' + xhr.responseJSON.errorSummary));
      signIn.showSignIn({ el: '#osw-container' });`);
    const [identify, password] = [new IdentifyScreen(page), new PasswordScreen(page)];
    await identify.isShown();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await identify.submit(accounts.pat.email);
    await password.submit('Wrong-Horse-42');
    await expect.poll(async () => (await okta.seen()).length).toBe(1);
    await password.submit('Wrong-Horse-42');
    await expect.poll(async () => (await okta.seen()).length).toBe(2);
    const [first = '', second] = await okta.seen();
    expect(first).toMatch(/^challenge-authenticator: .*password/i);
    expect(second).toBe(first);
  });

  test('a telephone that calls is told from one that gets messages', async ({ okta, page }) => {
    await page.route('**/idp/idx/identify', async (route) => {
      const response = await route.fetch();
      const phone = { type: 'phone', key: 'phone_number', id: 'phone', displayName: 'Phone', methods: [{ type: 'voice' }] };
      await route.fulfill({ response, json: { ...(await response.json()), currentAuthenticator: undefined, currentAuthenticatorEnrollment: { type: 'object', value: phone } } });
    });
    await okta.open(`${configured(okta.filling)}
      signIn.on('afterRender', ({ authenticatorKey, methodType }) => seen.push(authenticatorKey + ' ' + methodType));
      signIn.showSignIn({ el: '#osw-container' });`);
    await new IdentifyScreen(page).submit(accounts.pat.email);
    await expect.poll(() => okta.seen()).toEqual(['undefined undefined', 'phone_number voice']);
  });

  test('the samples for off stop them', async ({ okta, page }) => {
    await okta.open(`${configured(okta.filling)}
      function onReady() { seen.push('ready'); }
      signIn.on('afterRender', () => seen.push('afterRender'));
      ${sample('on', okta.filling)} ${sample('off', okta.filling)}
      signIn.showSignIn({ el: '#osw-container' });`);
    await new IdentifyScreen(page).isShown();
    expect(await okta.seen()).toEqual([]);
  });

  test('it hides, shows, goes, and comes again', async ({ okta, page }) => {
    const identify = new IdentifyScreen(page);
    await okta.open(`${configured(okta.filling)}\nsignIn.showSignIn({ el: '#osw-container' });`);
    await identify.isShown();
    await okta.evaluate(({ signIn }) => signIn.hide());
    await expect(identify.heading).toBeHidden();
    await okta.evaluate(({ signIn }) => signIn.show());
    await identify.isShown();
    expect(await okta.evaluate(({ signIn }) => Promise.resolve().then(() => signIn.renderEl({ el: '#osw-container' })).then(String, ({ message }: Error) => message))).toContain('Call remove() first');
    await okta.evaluate(({ signIn }) => signIn.remove());
    await expect(page.locator('#osw-container')).toBeEmpty();
    await okta.evaluate(({ signIn }) => void signIn.showSignIn({ el: '#osw-container' }));
    await identify.isShown();
  });

  test('an element that is not there is a CONFIG_ERROR, and it can be drawn elsewhere', async ({ okta, page }) => {
    await okta.open(configured(okta.filling));
    expect(await okta.evaluate(({ signIn }) => signIn.showSignIn({ el: '#nowhere' }).catch(({ name, message }: Error) => `${name} ${message}`))).toContain('CONFIG_ERROR option `el`: no element matches `#nowhere`');
    await okta.evaluate(({ signIn }) => void signIn.showSignIn({ el: '#osw-container' }));
    await new IdentifyScreen(page).isShown();
  });
});

test.describe('given `authClient`', () => {
  test('the one that the page has made keeps the tokens', async ({ okta, page }) => {
    const used = "signIn.showSignIn({ el: '#osw-container' }).then(({ tokens }) => signIn.authClient.tokenManager.setTokens(tokens));";
    await okta.open(`${sample('authClient', okta.filling, /new OktaAuth/)}\n${used}`, '/with-auth-js');
    await okta.signIn();
    await expect.poll(() => okta.person()).toBe(accounts.pat.email);
    expect(await page.evaluate('signIn.authClient === authClient')).toBe(true);
  });

  test('the one that the page has made redeems the code that comes back', async ({ okta, page }) => {
    const filling = { ...okta.filling, redirectUri: `${okta.origin}/` };
    const made = sample('authClient', filling, /new OktaAuth/);
    await okta.open(`${made}\nsignIn.showSignInAndRedirect({ el: '#osw-container' });`, '/with-auth-js');
    await okta.signIn();
    await page.waitForURL(/\/\?interaction_code=/);
    await page.evaluate(readFileSync(`${ROOT}/node_modules/@okta/okta-auth-js/dist/okta-auth-js.min.js`, 'utf8'));
    const email = await page.evaluate(`(async () => { ${made}; await signIn.authClient.handleLoginRedirect(); return (await signIn.authClient.getUser()).email; })()`);
    expect(email).toBe(accounts.pat.email);
  });

  test('the one that the page has made redeems what comes back from another provider', async ({ okta, page, request }) => {
    const filling = { ...okta.filling, redirectUri: `${okta.origin}/` };
    const made = sample('authClient', filling, /new OktaAuth/);
    await okta.open(`${made}\nsignIn.showSignIn({ el: '#osw-container' });`, '/with-auth-js');
    await new IdentifyScreen(page).isShown();
    await page.goto(`${filling.redirectUri}?${await answerFromElsewhere(okta, request)}`);
    await page.evaluate(readFileSync(`${ROOT}/node_modules/@okta/okta-auth-js/dist/okta-auth-js.min.js`, 'utf8'));
    const email = await page.evaluate(`(async () => { ${made}; await signIn.authClient.handleLoginRedirect(); return (await signIn.authClient.getUser()).email; })()`);
    expect(email).toBe(accounts.pat.email);
  });

  test('tokens that are bound to a key are held by it, after the widget and after a return', async ({ okta, page, request }) => {
    const bound = `${configured(okta.filling, 'authParams: { dpop: true }')}`;
    await okta.open(`${bound}\nsignIn.showSignIn({ el: '#osw-container' }).then(({ tokens }) => { seen.push(tokens.accessToken.tokenType); signIn.authClient.tokenManager.setTokens(tokens); });`);
    await okta.signIn();
    await expect.poll(() => okta.seen()).toEqual(['DPoP']);
    expect(await okta.person()).toBe(accounts.pat.email);
    await okta.evaluate(({ signIn }) => signIn.authClient.tokenManager.clear());
    await okta.open(`${bound}\nsignIn.showSignIn({ el: '#osw-container' });`);
    await new IdentifyScreen(page).isShown();
    const answer = await answerFromElsewhere(okta, request);
    await page.goto('about:blank');
    await page.goto(`${okta.filling.redirectUri}?state=none`);
    await page.evaluate(`history.replaceState(null, '', '?${answer}')`);
    expect(await page.evaluate(`(async () => { ${bound}; await signIn.authClient.handleLoginRedirect(); return (await signIn.authClient.getUser()).email; })()`)).toBe(accounts.pat.email);
    expect(page.url()).toBe(okta.filling.redirectUri);
  });

  test('the server’s own page signs in, and signing out ends it', async ({ okta, page }) => {
    await okta.open(`${configured(okta.filling)}\nsignIn.authClient.signInWithRedirect({ originalUri: '/?script=' + encodeURIComponent(document.currentScript.src && 'var seen=[]') });`);
    await okta.signIn();
    await page.waitForURL(`${okta.origin}/?script=**`);
    await page.goto(okta.filling.redirectUri);
    expect(await okta.person()).toBe(accounts.pat.email);
    await okta.evaluate(({ signIn }) => void signIn.authClient.signOut({ postLogoutRedirectUri: `${location.origin}/` }));
    await page.waitForURL(`${okta.origin}/`);
    await page.goto(okta.filling.redirectUri);
    expect(await okta.person()).toBe('nobody');
  });
});

test.describe('given options that are not honoured', () => {
  test('each is told once, and somebody signs in all the same', async ({ okta, page }) => {
    await okta.open(`${configured(okta.filling, "cspNonce: 'abc', piv: { certAuthUrl: '/piv' }, transfromUsername: (name) => name")}\nsignIn.showSignIn({ el: '#osw-container' }).then(({ status }) => seen.push(status));`);
    await okta.signIn();
    await expect.poll(() => okta.seen()).toEqual(['SUCCESS']);
    expect(okta.warnings.map((text) => /option `([^`]+)`/.exec(text)?.[1]).sort()).toEqual(['cspNonce', 'piv', 'transfromUsername']);
    await expect(new PasswordScreen(page).heading).toBeHidden();
  });
});
