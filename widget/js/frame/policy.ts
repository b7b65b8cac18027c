/**
 * What a policy has refused in this page. Its own allows all that is needed; but a header that the customer's server sends
 * with every file may be stricter, and then it looks as if the vendor were out of reach.
 */

/** Listens from now on to what `directive`, or one that stands in for it, refuses. */
export function watchPolicy(directive: 'script-src' | 'frame-src', onBlocked: (address: string) => void = () => undefined) {
  const blocked: string[] = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, disposition }) => {
    if (disposition !== 'enforce' || !effectiveDirective.startsWith(directive)) return;
    blocked.push(blockedURI);
    onBlocked(blockedURI);
  });
  return { hasBlocked: (address: string): boolean => blocked.some((uri) => uri.startsWith(address)) };
}
