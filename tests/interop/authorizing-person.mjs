// Somebody whose browser a client sends to the authorization endpoint: goes through the server's own sign-in page, as the widget
// there does, and says what the browser brings back.

import assert from 'node:assert/strict';
import { Browser } from './browser.mjs';

/** See the head of the file; the session stays in the browser. */
export class AuthorizingPerson {
  #browser = new Browser();

  /** @param {{ email: string, password: string }} account */
  constructor(account) {
    this.account = account;
  }

  /** Goes to an address of the server and signs in if it asks for that; says the answer that leads back to the client. */
  async visit(address) {
    const page = await this.#browser.fetch(address);
    if (page.status !== 200) return page;
    const html = await page.text();
    const settings = settingsOf(html);
    // A page without the widget is the answer itself: a form that posts it.
    if (!settings) return new Response(html, { headers: page.headers });
    const { success } = await this.#answer(address, settings);
    return this.#browser.fetch(success.href);
  }

  /** Types the code that a device shows, signs in, and says the key of the server's last word (RFC 8628 section 3.3). */
  async activate(origin, userCode) {
    const address = `${origin}/activate`;
    const html = await (await this.#browser.fetch(address)).text();
    const settings = settingsOf(html) ?? assert.fail(html);
    const last = await this.#answer(address, settings, { 'user-code': ['device/activate', { userCode }] });
    return last.messages.value[0].i18n.key;
  }

  /** Goes there and says the address of the client that the browser is sent to. */
  async authorize(address) {
    const answer = await this.visit(address);
    assert.equal(answer.status, 303, await answer.clone().text());
    return new URL(answer.headers.get('location'));
  }

  /** Goes there and says the request with which the server's page posts its answer to the client. */
  async authorizeByForm(address) {
    const answer = await this.visit(address);
    const html = await answer.text();
    const [, action] = /<form[^>]* action="([^"]*)"/.exec(html) ?? assert.fail(html);
    const fields = [...html.matchAll(/<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"/g)].map(([, name, value]) => [name, plain(value)]);
    return new Request(plain(action), { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** What the widget posts: the name, the password, and consent where it is asked for. Says the last answer. */
  async #answer(address, settings, more = {}) {
    const { origin } = new URL(address);
    const { stateToken } = JSON.parse(settings).options;
    const post = async (endpoint, body) => {
      const headers = { origin, 'content-type': 'application/json' };
      const answer = await this.#browser.fetch(`${origin}/idp/idx/${endpoint}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.json();
    };
    const { email, password } = this.account;
    const answers = {
      identify: ['identify', { identifier: email }],
      'challenge-authenticator': ['challenge/answer', { credentials: { passcode: password } }],
      consent: ['consent', { consent: true }],
      ...more,
    };
    let answer = await post('introspect', { stateToken });
    while (answer.remediation) {
      const [form] = answer.remediation.value;
      const [endpoint, body] = answers[form?.name] ?? assert.fail(JSON.stringify(answer));
      answer = await post(endpoint, { stateHandle: answer.stateHandle, ...body });
    }
    return answer;
  }
}

/** What the page tells the widget, if the widget is on it. */
const settingsOf = (html) => /id="latchkey-settings">(.*?)<\/script>/s.exec(html)?.[1];

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (html) => html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
