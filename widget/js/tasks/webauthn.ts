/**
 * Passkeys and security keys: WebAuthn Level 3's JSON forms in and out, with the browser's ceremony between.
 *
 * What a refusal means to the person, and when to ask again, the flow knows. One ceremony at a time is `ceremony.ts`.
 */
import { decodeBase64url, encodeBase64url } from './base64url.js';
import { alone } from './ceremony.js';
import { Failure } from './failure.js';
import { responseToJson, type ResponseJson } from './webauthn-response.js';

/** Makes a credential. Gives WebAuthn's RegistrationResponseJSON. */
export async function createPasskey(options: PublicKeyCredentialCreationOptionsJSON, signal: AbortSignal): Promise<ResponseJson> {
  checkSupport();
  const publicKey = creationOptions(options);
  return responseToJson(await alone(signal, (own) => navigator.credentials.create({ publicKey, signal: own })));
}

/** Asks for a credential at once, in the browser's own dialogue. Gives WebAuthn's AuthenticationResponseJSON. */
export async function usePasskey(options: PublicKeyCredentialRequestOptionsJSON, signal: AbortSignal): Promise<ResponseJson> {
  checkSupport();
  const publicKey = requestOptions(options);
  return responseToJson(await alone(signal, (own) => navigator.credentials.get({ publicKey, signal: own })));
}

/**
 * Lets the browser offer passkeys among the autofill of the field with `autocomplete="username webauthn"`. Settles when the
 * person picks one, or with the signal; so it may stay open for as long as the screen does.
 */
export async function offerPasskeys(options: PublicKeyCredentialRequestOptionsJSON, signal: AbortSignal): Promise<ResponseJson> {
  checkSupport();
  // Looked up with care: it came later than the class, and at least one extension replaces the class by one without it.
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) {
    throw new Failure('Unsupported', 'this browser does not offer passkeys in autofill');
  }
  const publicKey = requestOptions(options);
  const ask = (own: AbortSignal): Promise<Credential | null> =>
    navigator.credentials.get({ publicKey, signal: own, mediation: 'conditional' });
  return responseToJson(await alone(signal, ask));
}

function checkSupport(): void {
  if (typeof PublicKeyCredential === 'function' && isSecureContext && 'credentials' in navigator) return;
  throw new Failure('Unsupported', 'this browser has no WebAuthn here: an old browser, or a page without https');
}

/** WebAuthn Level 3 section 5.1.9. */
export function creationOptions(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  const tidy: PublicKeyCredentialCreationOptionsJSON = {
    ...json,
    challenge: canonical(json.challenge),
    user: { ...json.user, id: canonical(json.user.id) },
    ...(json.excludeCredentials && { excludeCredentials: json.excludeCredentials.map(canonicalId) }),
  };
  const native = tryNative(() => PublicKeyCredential.parseCreationOptionsFromJSON(tidy));
  if (native) return native;
  const { excludeCredentials, ...rest } = tidy;
  const decoded = {
    ...rest,
    challenge: decodeBase64url(tidy.challenge),
    user: { ...tidy.user, id: decodeBase64url(tidy.user.id) },
    ...(excludeCredentials && { excludeCredentials: excludeCredentials.map(decodeId) }),
  };
  return decoded as object as PublicKeyCredentialCreationOptions;
}

/** WebAuthn Level 3 section 5.1.10. */
export function requestOptions(json: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  const tidy: PublicKeyCredentialRequestOptionsJSON = {
    ...json,
    challenge: canonical(json.challenge),
    ...(json.allowCredentials && { allowCredentials: json.allowCredentials.map(canonicalId) }),
  };
  const native = tryNative(() => PublicKeyCredential.parseRequestOptionsFromJSON(tidy));
  if (native) return native;
  const { allowCredentials, ...rest } = tidy;
  const decoded = {
    ...rest,
    challenge: decodeBase64url(tidy.challenge),
    ...(allowCredentials && { allowCredentials: allowCredentials.map(decodeId) }),
  };
  return decoded as object as PublicKeyCredentialRequestOptions;
}

/**
 * The browser's parser knows the extensions, some of which carry bytes; ours knows only the members that every ceremony
 * has. The former may be missing, or refuse what the ceremony itself would take.
 */
function tryNative<Options>(parse: () => Options): Options | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** The same bytes in the one spelling that the browsers' parser takes. */
const canonical = (text: string): string => encodeBase64url(decodeBase64url(text));

const canonicalId = (descriptor: PublicKeyCredentialDescriptorJSON): PublicKeyCredentialDescriptorJSON => ({
  ...descriptor,
  id: canonical(descriptor.id),
});

const decodeId = ({ id, ...rest }: PublicKeyCredentialDescriptorJSON) => ({ ...rest, id: decodeBase64url(id) });
