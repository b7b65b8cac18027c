/** The demo's inbox, read as a person would: the newest mail to an address, and the code in it. */
import { expect, type APIRequestContext } from '@playwright/test';

interface Mail {
  readonly body: string;
  readonly code: string | null;
  /** Where it leads, where the server sends links. */
  readonly link: string | null;
  /** `email`, `sms` or `voice`: the inbox shows what would reach a telephone, too. */
  readonly channel: string;
}

/** See the head of the file. */
export class Inbox {
  constructor(
    private readonly request: APIRequestContext,
    private readonly server: string,
  ) {}

  /** The inbox of another server. */
  at(server: string): Inbox {
    return new Inbox(this.request, server);
  }

  /** The code of the newest mail to this address; waits until there are more than `before` mails. */
  async codeFor(address: string, before = 0): Promise<string> {
    await expect.poll(async () => (await this.mailsTo(address)).length, { message: `a mail to ${address}` }).toBeGreaterThan(before);
    const [newest] = await this.mailsTo(address);
    expect(newest?.code, 'the mail has a code').toMatch(/^\d{6}$/);
    return newest?.code ?? '';
  }

  /** The link of the newest mail to this address; waits until there are more than `before` mails. */
  async linkFor(address: string, before = 0): Promise<string> {
    await this.codeFor(address, before);
    const [newest] = await this.mailsTo(address);
    expect(newest?.link, 'the mail has a link').toMatch(/^http/);
    return newest?.link ?? '';
  }

  /** Newest first. */
  async mailsTo(address: string): Promise<readonly Mail[]> {
    const answer = await this.request.get(`${this.server}/inbox.json`, { params: { to: address } });
    expect(answer.ok(), 'the inbox can be read').toBe(true);
    return ((await answer.json()) as { readonly mails: readonly Mail[] }).mails;
  }
}
