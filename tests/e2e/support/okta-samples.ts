/**
 * The samples of the README of Okta's widget, read from that package, with the braces filled in that its readers fill in. Nothing
 * else of them is changed, but where it is said.
 */
import { readmeSamples, readmeScriptTag } from '../../js/support/okta.mjs';

/** What stands for the braces. */
export interface Filling {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly codeChallenge?: string;
}

/** The sample below `heading`, the one that `pattern` finds. */
export function sample(heading: string, filling: Filling, pattern = /./): string {
  const found = readmeSamples().find((candidate) => candidate.heading === heading && pattern.test(candidate.code));
  if (!found) throw new Error(`the README has no such sample below “${heading}”`);
  return filled(found.code, filling);
}

const filled = (code: string, { issuer, redirectUri, codeChallenge = '' }: Filling): string =>
  code
    .replaceAll('https://{yourOktaDomain}/oauth2/default', issuer)
    .replaceAll('https://{yourOktaDomain}', new URL(issuer).origin)
    .replaceAll(/\{\{clientId of your OIDC app\}\}|\{yourClientId\}/g, 'demo-spa')
    .replaceAll('{{redirectUri configured in OIDC app}}', redirectUri)
    .replaceAll('{{PKCE code challenge from backend}}', codeChallenge)
    .replaceAll('{{state passed from backend}}', 'state-of-the-backend');

/**
 * A configuration of the README, put together of its samples: each is members of one object, or assigned to `config`.
 */
export const configured = (filling: Filling, ...members: readonly string[]): string =>
  `var signIn = new OktaSignIn({ ${[`issuer: '${filling.issuer}', clientId: 'demo-spa', redirectUri: '${filling.redirectUri}'`, ...members].join(',\n')} });`;

/** The tags that load script and style; their addresses, and the digests of what lies there, are the package's. */
export const scriptTags = (files: Readonly<Record<string, string>>): string =>
  readmeScriptTag().replaceAll(/(src|href)="[^"]*\/(js|css)\/[^"]*"([^>]*) integrity="[^"]*"/g, (_tag, attribute: string, kind: string, rest: string) => {
    const name = kind === 'js' ? 'latchkey-okta.iife.js' : 'latchkey.css';
    return `${attribute}="/latchkey/${name}"${rest} integrity="${files[name]}"`;
  });
