/**
 * `authClient.idx`, as far as it is about the address and what waits for an answer. The widget does the rest of what it does there.
 */
import type { LoginRedirect } from './login-redirect.js';
import type { AuthClient } from './types.js';

export function idxApi(redirect: LoginRedirect, store: (url: string) => Promise<void>): AuthClient['idx'] {
  return {
    isInteractionRequired: (hashOrSearch) => new URLSearchParams(hashOrSearch ?? location.search).get('error') === 'interaction_required',
    isInteractionRequiredError: (error) => error.name === 'OAuthError' && (error as { readonly errorCode?: unknown }).errorCode === 'interaction_required',
    handleInteractionCodeRedirect: store,
    isEmailVerifyCallback: (search) => ['otp', 'state'].every((name) => new URLSearchParams(search).has(name)),
    parseEmailVerifyCallback: (search) => Object.fromEntries(new URLSearchParams(search)) as unknown as { state: string; otp: string },
    isEmailVerifyCallbackError: (error) => error.name === 'EmailVerifyCallbackError',
    getSavedTransactionMeta: () => redirect.waiting(),
    clearTransactionMeta: () => redirect.forget(),
    getFlow: () => undefined,
  };
}
