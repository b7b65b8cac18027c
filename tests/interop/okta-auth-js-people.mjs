// Somebody with @okta/okta-auth-js in front of them, in either of its two modes: step by step, where each call names the step
// that it answers, and the older one, where values are given and the client finds the steps for them.

import assert from 'node:assert/strict';
import { client, submit } from './support.mjs';

export const PASSWORD = 'Battery-Staple-77';

/** The keys of the messages that the client was given. */
export const keys = ({ messages = [] }) => messages.map(({ i18n }) => i18n.key);

/** The authenticator that the next step is about: the client describes it differently in its two modes. */
export const asked = ({ nextStep }) => nextStep.authenticator ?? nextStep.relatesTo.value;

/** What may be chosen in the next step: each by its key, which stands elsewhere in each mode. */
export function choices({ nextStep }) {
  const { options } = nextStep.inputs.find(({ name }) => name === 'authenticator');
  return options.map(({ value, relatesTo }) => (typeof value === 'string' ? value : relatesTo.key));
}

/** Fails unless this person is signed in with tokens that the client itself finds good. */
export async function assertSignedIn(auth, { status, tokens, messages }, email) {
  assert.equal(status, 'SUCCESS', JSON.stringify(messages));
  const { idToken, accessToken, refreshToken } = tokens;
  await auth.token.verify(idToken, { clientId: auth.options.clientId, issuer: auth.options.issuer, accessToken: accessToken.accessToken });
  assert.equal(idToken.claims.email, email);
  assert.ok(refreshToken.refreshToken);
  const userinfo = await auth.token.getUserInfo(accessToken, idToken);
  assert.equal(userinfo.email, email);
}

/** Goes step by step. */
export class Stepwise {
  constructor(server, email) {
    Object.assign(this, { server, email, auth: client(server.issuer) });
  }

  async register(password = PASSWORD) {
    await this.auth.idx.start();
    await this.#proceed({ step: 'select-enroll-profile' });
    await this.#proceed({ step: 'enroll-profile', userProfile: { firstName: 'Robin', lastName: 'New', email: this.email } });
    await this.answer({ verificationCode: await this.server.codeFor(this.email) });
    return this.answer({ password });
  }

  async signIn(password = PASSWORD) {
    await this.auth.idx.start();
    await this.#proceed({ step: 'identify', username: this.email });
    return this.answer({ password });
  }

  async recoverPassword() {
    await this.auth.idx.start();
    await this.#proceed({ step: 'identify', username: this.email });
    return this.#proceed({ actions: ['currentAuthenticatorEnrollment-recover'] });
  }

  async unlockAccount() {
    await this.auth.idx.start();
    await this.#proceed({ step: 'unlock-account' });
    assert.equal(this.now.nextStep.name, 'select-authenticator-unlock-account');
    return this.#proceed({ step: 'select-authenticator-unlock-account', identifier: this.email, authenticator: { id: 'autemail' } });
  }

  replacePassword = (passcode) => this.#proceed({ step: 'reset-authenticator', credentials: { passcode } });
  setUp = (authenticator) => this.#proceed({ step: 'select-authenticator-enroll', authenticator });
  choose = (authenticator) => this.#proceed({ step: 'select-authenticator-authenticate', authenticator });
  answer = (values) => this.#proceed({ step: this.now.nextStep.name, ...values });
  take = (step, values) => this.#proceed({ step, ...values });
  poll = () => this.#proceed({ step: this.now.nextStep.name });
  resend = () => this.#proceed({ actions: ['currentAuthenticatorEnrollment-resend'] });
  skip = () => this.#proceed({ step: 'skip' });

  async #proceed(options) {
    this.now = await this.auth.idx.proceed(options);
    return this.now;
  }
}

/** Gives what it has, and lets the client chain the steps. */
class Chaining {
  constructor(server, email) {
    Object.assign(this, { server, email, auth: client(server.issuer, { idx: { enableLegacyMode: true } }) });
  }

  async register(password = PASSWORD) {
    await this.#reach(this.auth.idx.register({ firstName: 'Robin', lastName: 'New', email: this.email }));
    await this.answer({ verificationCode: await this.server.codeFor(this.email) });
    return this.answer({ password });
  }

  signIn = (password = PASSWORD) => this.#reach(this.auth.idx.authenticate({ username: this.email, password }));
  recoverPassword = () => this.#reach(this.auth.idx.recoverPassword({ username: this.email }));
  unlockAccount = () => this.#reach(this.auth.idx.unlockAccount({ username: this.email, authenticator: 'okta_email' }));
  replacePassword = (password) => this.answer({ password });
  setUp = (authenticator) => this.answer({ authenticator });
  choose = (authenticator) => this.answer({ authenticator });
  answer = (values) => this.#reach(this.auth.idx.proceed(values));
  take = (step, values) => this.answer({ step, ...values });
  poll = () => this.#reach(this.auth.idx.poll());
  resend = () => this.answer({ resend: true });
  skip = () => this.answer({ skip: true });

  async #reach(transaction) {
    this.now = await transaction;
    return this.now;
  }
}

export const MODES = { 'step by step': Stepwise, 'chaining steps': Chaining };

/** Follows the link of the newest mail, on another device as it were, and says yes there. */
export async function followLink(server, email) {
  const link = await server.linkFor(email);
  await submit(`${link.origin}${link.pathname}`, { token: link.searchParams.get('token'), answer: 'yes' });
}
