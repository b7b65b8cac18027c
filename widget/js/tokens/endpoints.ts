/**
 * Where the endpoints of an issuer are, if nothing else is said. The widget has the same rule (`widget/core/src/flow/config.rs`).
 */

/** What endpoints begin with. The org's own server has them below `/oauth2` though its issuer is not. */
export const endpointsOf = (issuer: string): string => `${withoutSlash(issuer)}${issuer.includes('/oauth2') ? '' : '/oauth2'}/v1`;

/** OpenID Connect Discovery 4.1. */
export const discoveryOf = (issuer: string): string => `${withoutSlash(issuer)}/.well-known/openid-configuration`;

/** A slash at the end is part of the issuer's name, and not of the addresses below it (OpenID Connect Discovery 4.1). */
const withoutSlash = (issuer: string): string => issuer.replace(/\/+$/, '');
