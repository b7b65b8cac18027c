/**
 * How a task says that it failed: by a name that the flow knows, and details for the developer.
 *
 * The browser's own names (`NotAllowedError`, `InvalidStateError`, …) are passed on as they are, since each means another
 * thing to the person. What is said to the person stands in `widget/locales`.
 */

/** The names that the flow tells apart; anything else becomes `UnknownError`. */
export type FailureName =
  | 'AbortError'
  | 'ConstraintError'
  | 'InvalidStateError'
  | 'NotAllowedError'
  | 'NotSupportedError'
  | 'SecurityError'
  /** A policy forbids to load the frame page, or within it what the vendor needs. */
  | 'Blocked'
  /** The argument asks for something that is never done. */
  | 'Forbidden'
  /** The browser cannot do it, or not on a page without https. */
  | 'Unsupported'
  /** A file or a service that is needed does not answer. */
  | 'Unreachable'
  /** The vendor's own script gave up; the message is its code. */
  | 'VendorError'
  | 'OV_PERMISSION_DENIED'
  | 'OV_RETURNED_ERROR'
  | 'OV_UNREACHABLE_BY_LOOPBACK'
  | 'UnknownError';

/** A failure that the flow can act on. */
export class Failure extends Error {
  override readonly name: FailureName;
  /** Members that go into the answer beside the name. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: FailureName, message = '', details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
    this.details = details;
  }
}

const BROWSER_NAMES: ReadonlySet<string> = new Set<FailureName>([
  'AbortError',
  'ConstraintError',
  'InvalidStateError',
  'NotAllowedError',
  'NotSupportedError',
  'SecurityError',
]);

/** The answer for whatever was thrown; `message` is for developers and absent where there is nothing to say. */
export function describeFailure(cause: unknown): Record<string, unknown> {
  const message = cause instanceof Error && cause.message !== '' ? { message: cause.message } : {};
  if (cause instanceof Failure) return { error: cause.name, ...cause.details, ...message };
  // Not by class: an extension throws exceptions of another realm, which are no instances of this page's DOMException.
  const name = typeof cause === 'object' && cause !== null && 'name' in cause ? String(cause.name) : '';
  return { error: BROWSER_NAMES.has(name) ? name : 'UnknownError', ...message };
}
