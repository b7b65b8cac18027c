/**
 * Requests whose failure says why: browsers give a page one and the same error for no network, a policy and CORS. Here the
 * page's own policy is told by its event, and a second request that nobody may read tells a server that refuses from none.
 */
import { timeLimit } from '../time-limit.js';

/** What came of a request. */
export type Answer =
  | { readonly kind: 'answered'; readonly response: Response; readonly body: unknown; readonly sentAt: number; readonly cameAt: number }
  /** The page's policy forbids it. */
  | { readonly kind: 'blocked'; readonly directive: string }
  /** The server is there, and does not let the page read. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unreachable' };

/** Longer than a slow network, in milliseconds. */
const LONGEST_WAIT = 15_000;

/** Never rejects. The body is JSON, or `undefined` where it is something else. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const policy = watchPolicy((event) => event.blockedURI !== '' && url.startsWith(event.blockedURI));
  const sentAt = Date.now();
  const signal = timeLimit(LONGEST_WAIT);
  try {
    const response = await fetch(url, { cache: 'no-store', credentials: 'omit', signal, ...init });
    const cameAt = Date.now();
    const body: unknown = await response.json().catch(() => undefined);
    return { kind: 'answered', response, body, sentAt, cameAt };
  } catch {
    const directive = await policy.broken();
    if (directive !== undefined) return { kind: 'blocked', directive };
    // Whoever says nothing has not said no, though something else may answer there.
    if (signal.aborted) return { kind: 'unreachable' };
    return { kind: (await isThere(url)) ? 'unreadable' : 'unreachable' };
  } finally {
    policy.stop();
  }
}

/** Whether anything answers there at all; what it says stays hidden, so no server has to allow it. */
async function isThere(url: string): Promise<boolean> {
  try {
    await fetch(new URL('/', url), { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: timeLimit(LONGEST_WAIT) });
    return true;
  } catch {
    return false;
  }
}

/** Listens for violations of the page's policy that `concerns` says are about the matter at hand. */
export function watchPolicy(concerns: (event: SecurityPolicyViolationEvent) => boolean) {
  let directive: string | undefined;
  const listen = (event: SecurityPolicyViolationEvent): void => {
    if (event.disposition === 'enforce' && concerns(event)) directive ??= event.effectiveDirective;
  };
  document.addEventListener('securitypolicyviolation', listen);
  return {
    /** The directive that was broken. The event is a task of its own, so it is there one turn later. */
    broken: () => new Promise<string | undefined>((resolve) => setTimeout(() => resolve(directive))),
    stop: () => document.removeEventListener('securitypolicyviolation', listen),
  };
}

/** The value of a member, if `value` is an object that has it. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** The same, if it is a text. */
export const textOf = (value: unknown, name: string): string | undefined => {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
};
