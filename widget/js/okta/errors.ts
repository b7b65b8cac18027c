/**
 * Errors by the names that pages know from the incumbent. What stands behind one is its `cause`.
 */

/** Set up in a way that cannot work. */
export class ConfigError extends Error {
  override readonly name = 'CONFIG_ERROR';
}

/** There is no WebAssembly. */
export class UnsupportedBrowserError extends Error {
  override readonly name = 'UNSUPPORTED_BROWSER_ERROR';
}

/** The tokens were not issued, or are not what they must be. */
export class OAuthError extends Error {
  override readonly name = 'OAUTH_ERROR';
}

/** What the server answered in the address, by the names of the incumbent's SDK. */
export class AnswerError extends Error {
  override readonly name = 'OAuthError';
  /** RFC 6749 section 4.1.2.1: `access_denied`, `interaction_required` … */
  readonly errorCode: string;
  readonly errorSummary: string;

  constructor(errorCode: string, errorSummary: string, cause: unknown) {
    super(errorSummary, { cause });
    this.errorCode = errorCode;
    this.errorSummary = errorSummary;
  }
}

/** Which of them stands for an error of `createSignIn`'s, if it is one after which nothing goes on. */
export function fatal(error: Error & { readonly code: string }): Error | undefined {
  if (error.code === 'load.unsupported') return new UnsupportedBrowserError(error.message, { cause: error });
  if (/^(options|mount)\.|^setup\.(interact_refused|invalid_option|insecure_context)$/.test(error.code)) return new ConfigError(error.message, { cause: error });
  if (error.code.startsWith('id_token.') || error.code === 'server.token_refused') return new OAuthError(error.message, { cause: error });
  return undefined;
}
