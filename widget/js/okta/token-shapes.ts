/**
 * Tokens as pages of the incumbent know them, three objects in one, and as they are here.
 */
import { parseJws } from '../tokens/jwt.js';
import type { Tokens as Held } from '../types.js';
import type { IDToken, Token, Tokens } from './types.js';

/** What the incumbent's objects say of where they come from. */
export interface Origin {
  readonly issuer: string;
  readonly clientId: string;
}

/** As the incumbent would have given them. */
export function shown(held: Held, { issuer, clientId }: Origin): Tokens {
  const base = endpoints(issuer);
  const common = { scopes: [...held.scopes], authorizeUrl: `${base}/authorize` };
  const { accessToken, tokenType, expiresAt, idToken, refreshToken } = held;
  const claims = parseJws(accessToken)?.claims;
  return {
    accessToken: { accessToken, tokenType, expiresAt, userinfoUrl: `${base}/userinfo`, ...(claims && { claims }), ...common },
    ...(idToken && {
      idToken: { idToken: idToken.raw, claims: idToken.claims as IDToken['claims'], expiresAt: Number(idToken.claims['exp']), issuer, clientId, ...common },
    }),
    ...(refreshToken !== undefined && { refreshToken: { refreshToken, expiresAt, tokenUrl: `${base}/token`, issuer, ...common } }),
  };
}

/** As they are here; without an access token there is nothing to keep. */
export function held({ accessToken, idToken, refreshToken }: Tokens): Held | undefined {
  if (!accessToken) return undefined;
  return {
    accessToken: accessToken.accessToken,
    tokenType: accessToken.tokenType,
    expiresAt: accessToken.expiresAt,
    scopes: accessToken.scopes,
    ...(idToken && { idToken: { raw: idToken.idToken, claims: idToken.claims } }),
    ...(refreshToken && { refreshToken: refreshToken.refreshToken }),
  };
}

/** Under which name the three know a token. */
export const keyOf = (token: Token): keyof Tokens => ('idToken' in token ? 'idToken' : 'refreshToken' in token ? 'refreshToken' : 'accessToken');

/** The org's own server has its endpoints below `/oauth2` though its issuer is not. */
const endpoints = (issuer: string): string => `${issuer.replace(/\/$/, '')}${issuer.includes('/oauth2') ? '' : '/oauth2'}/v1`;
