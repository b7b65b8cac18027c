/** The demo's inbox, read as a person would: the newest mail to an address, and the code in it. */
import { expect, type APIRequestContext } from '@playwright/test';

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
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

  /** The code of the newest mail to this address; waits until there is one, and for more than `before` mails. */
  async codeFor(address: string, before = 0): Promise<string> {
    await expect.poll(async () => (await this.mailsTo(address)).length, { message: `a mail to ${address}` }).toBeGreaterThan(before);
    const [newest] = await this.mailsTo(address);
    const [, code] = /\b(\d{6})\b/.exec(newest?.text ?? '') ?? [];
    expect(code, 'the mail has a code of six digits').toBeDefined();
    return code ?? '';
  }

  /** Newest first. */
  async mailsTo(address: string): Promise<readonly Mail[]> {
    const answer = await this.request.get(`${this.server}/inbox.json`);
    expect(answer.ok(), 'the inbox can be read').toBe(true);
    const mails = (await answer.json()) as readonly Mail[];
    return mails.filter(({ to }) => to.includes(address));
  }
}
