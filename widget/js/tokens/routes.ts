/**
 * Which pages want somebody to be signed in: all, some, none.
 */
import type { TokensOptions } from './types.js';

/** `/account` is that page, `/account/*` is that page and all below it. */
export function isSignInRequired(url: URL, required: TokensOptions['requireSignIn'] = 'all'): boolean {
  if (typeof required === 'function') return required(url);
  if (typeof required === 'string') return required === 'all';
  return required.some((pattern) => matches(url.pathname, pattern));
}

function matches(pathname: string, pattern: string): boolean {
  const path = trim(pathname);
  if (!pattern.endsWith('/*')) return path === trim(pattern);
  const folder = pattern.slice(0, -2);
  return path === folder || path.startsWith(`${folder}/`);
}

/** A slash at the end makes no other page. */
const trim = (path: string): string => path.replace(/(.)\/+$/, '$1');
