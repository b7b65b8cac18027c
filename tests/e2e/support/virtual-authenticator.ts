/**
 * An authenticator that Chromium makes up for one page, in place of a fingerprint reader: everything else of a ceremony, the
 * origin and the signatures among it, is real.
 *
 * The browser's own list of passkeys cannot be clicked. Instead the authenticator touches itself: whatever is asked while
 * `answers` is on is answered at once, the autofill too; what was asked while it was off stays unanswered.
 */
import type { CDPSession, Page } from '@playwright/test';

/** A passkey; its bytes in base64. */
export interface Credential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

/** See the head of the file. */
export class VirtualAuthenticator {
  private constructor(
    private readonly devtools: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  /** A platform authenticator, as in most devices; before the page goes anywhere. */
  static async on(page: Page, { answers }: { readonly answers: boolean }): Promise<VirtualAuthenticator> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: answers,
      },
    });
    return new VirtualAuthenticator(devtools, authenticatorId);
  }

  /** Whether the person answers when the browser asks. */
  async answers(enabled: boolean): Promise<void> {
    await this.devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: this.authenticatorId, enabled });
  }

  /** Whether it is the right finger: with the wrong one, the browser says what it says to whoever cancels. */
  async recognises(isUserVerified: boolean): Promise<void> {
    await this.devtools.send('WebAuthn.setUserVerified', { authenticatorId: this.authenticatorId, isUserVerified });
  }

  /** The passkeys in it. */
  async credentials(): Promise<readonly Credential[]> {
    const { credentials } = await this.devtools.send('WebAuthn.getCredentials', { authenticatorId: this.authenticatorId });
    return credentials;
  }

  /** Takes over the passkeys of another one, as where they are synchronised. */
  async copyFrom(other: VirtualAuthenticator): Promise<void> {
    for (const credential of await other.credentials()) await this.hold(credential);
  }

  /** Gets this passkey. */
  async hold(credential: Credential): Promise<void> {
    await this.devtools.send('WebAuthn.addCredential', { authenticatorId: this.authenticatorId, credential });
  }

  /** Loses all passkeys, as a device does that is set up anew. */
  async forget(): Promise<void> {
    await this.devtools.send('WebAuthn.clearCredentials', { authenticatorId: this.authenticatorId });
  }
}
