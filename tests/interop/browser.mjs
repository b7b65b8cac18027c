// What a browser does between pages, without one: it follows redirects, keeps cookies and sends forms. For the pages of servers,
// which work without script.

/** Where a client's own pages begin: whoever is sent there has arrived. */
const CLIENT = 'http://localhost:4400/';

export class Browser {
  #cookies = new Map();

  /** Every address that it has asked for. */
  visited = [];

  /**
   * Goes to an address, and on to wherever it is sent. Ends on a page, or at an address of the client, which is not asked for.
   *
   * @returns {Promise<{ address: URL, status?: number, html?: string }>}
   */
  async open(address, { method = 'GET', body } = {}) {
    let request = { address: new URL(address), method, body };
    for (let hops = 0; hops < 20; hops++) {
      if (request.address.href.startsWith(CLIENT)) return { address: request.address };
      this.visited.push(request.address.href);
      const answer = await this.fetch(request.address, { method: request.method, body: request.body });
      const location = answer.headers.get('location');
      if (!location) return { address: request.address, status: answer.status, html: await answer.text() };
      // RFC 9110 section 15.4: what 303 leads to is fetched, and so does every browser with 302 after a form.
      request = { address: new URL(location, request.address), method: 'GET' };
    }
    throw new Error(`sent around in circles: ${request.address}`);
  }

  /** One request, with the cookies that there are. Redirects are answers like others. */
  async fetch(address, { headers = {}, ...init } = {}) {
    const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(address, { ...init, redirect: 'manual', headers: { ...headers, cookie } });
    this.#keep(answer.headers.getSetCookie());
    return answer;
  }

  /** Fills in the one form of a page, and sends it. */
  async submit({ address, html }, fields = {}) {
    const [, attributes, inside] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? [];
    if (inside === undefined) throw new Error(`no form: ${html}`);
    const values = new URLSearchParams();
    for (const [, input] of inside.matchAll(/<input([^>]*)>/g)) {
      if (attribute(input, 'type') === 'hidden') values.set(attribute(input, 'name'), attribute(input, 'value') ?? '');
    }
    for (const [name, value] of Object.entries(fields)) values.set(name, value);
    return this.open(new URL(attribute(attributes, 'action') ?? '', address), { method: 'POST', body: values });
  }

  /** Follows the link with these words. */
  async follow({ address, html }, words) {
    for (const [, attributes, inside] of html.matchAll(/<a([^>]*)>([\s\S]*?)<\/a>/g)) {
      if (inside.includes(words)) return this.open(new URL(attribute(attributes, 'href'), address));
    }
    throw new Error(`no link “${words}”: ${html}`);
  }

  #keep(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(/; */);
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const isGone = attributes.some((it) => /^max-age=0$/i.test(it) || /^expires=thu, 01 jan 1970/i.test(it));
      if (isGone) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

function attribute(text, name) {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(text);
  return found?.[1].replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
