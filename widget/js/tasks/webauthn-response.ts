/**
 * A credential as WebAuthn Level 3's JSON (RegistrationResponseJSON, AuthenticationResponseJSON): by the browser where it
 * can, by hand where it cannot.
 *
 * Which of it the server wants, and under which names, the flow knows.
 */
import { encodeBase64url } from './base64url.js';
import { Failure } from './failure.js';

/** The members that both forms share. */
export interface ResponseJson {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly response: Readonly<Record<string, unknown>>;
  readonly clientExtensionResults: unknown;
  readonly authenticatorAttachment?: string;
}

/** @throws Failure `NotAllowedError` when the browser gave nothing at all, which it does instead of throwing at times */
export function responseToJson(credential: Credential | null): ResponseJson {
  if (!credential) throw new Failure('NotAllowedError', 'the browser gave no credential');
  const key = credential as PublicKeyCredential;
  return byBrowser(key) ?? byHand(key);
}

/**
 * Several password managers hand out objects that have the class's prototype and not its insides: `toJSON` is there, and
 * throws "Illegal invocation", or leaves members out.
 */
function byBrowser(credential: PublicKeyCredential): ResponseJson | undefined {
  try {
    const json = credential.toJSON() as object as ResponseJson;
    return typeof json.id === 'string' && typeof json.response['clientDataJSON'] === 'string' ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The binary members of both kinds of response; each kind has some of them. */
const BINARY = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'] as const;

/** Of a registration or of an assertion. */
type EitherResponse = Partial<Record<(typeof BINARY)[number], ArrayBuffer | null>> &
  Partial<Pick<AuthenticatorAttestationResponse, 'getTransports'>>;

function byHand(credential: PublicKeyCredential): ResponseJson {
  const response = credential.response as EitherResponse;
  const members: Record<string, unknown> = {};
  for (const name of BINARY) {
    const bytes = response[name];
    // A member that is not there is no member: `userHandle` is null for keys that do not know the person.
    if (bytes) members[name] = encodeBase64url(bytes);
  }
  const transports = optionally(() => response.getTransports?.());
  if (transports) members['transports'] = transports;
  return {
    id: credential.id,
    rawId: encodeBase64url(credential.rawId),
    type: credential.type,
    response: members,
    clientExtensionResults: bytesToText(optionally(() => credential.getClientExtensionResults()) ?? {}),
    ...(credential.authenticatorAttachment && { authenticatorAttachment: credential.authenticatorAttachment }),
  };
}

/** What an extension's object refuses is left out. */
function optionally<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Results of extensions such as `prf` carry bytes, at any depth. */
function bytesToText(value: unknown): unknown {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return encodeBase64url(value);
  if (Array.isArray(value)) return value.map(bytesToText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, bytesToText(member)]));
}
