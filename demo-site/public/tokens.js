// What a page does with its tokens at the identity server: ask who they belong to, and hand them back.
//
// Plain `fetch`, to show that nothing of the widget is needed once it is done.

/** @typedef {import('latchkey').Tokens} Tokens */
/** @typedef {{ readonly claims: Record<string, unknown> } | { readonly problem: string }} UserInfo */

/**
 * OIDC Core 5.3. Never rejects: what went wrong comes back as a sentence to show.
 *
 * @param {string} issuer
 * @param {Tokens} tokens
 * @returns {Promise<UserInfo>}
 */
export async function userInfo(issuer, tokens) {
  try {
    const answer = await fetch(`${issuer}/v1/userinfo`, {
      headers: { authorization: `${tokens.tokenType} ${tokens.accessToken}` },
    });
    return answer.ok ? { claims: await answer.json() } : { problem: await refusal(answer) };
  } catch {
    return { problem: 'The identity server could not be reached, or its answer could not be read.' };
  }
}

/**
 * RFC 6750 section 3 puts the reason into a header, which CORS may hide from a page; servers repeat it in the body.
 *
 * @param {Response} answer
 */
async function refusal(answer) {
  const body = await answer.json().catch(() => ({}));
  const reason = body.error_description ?? body.error ?? answer.headers.get('www-authenticate') ?? answer.statusText;
  return `The identity server refused with ${answer.status}${reason ? `: ${reason}` : ''}.`;
}

/**
 * RFC 7009, for the refresh token and the access token. A public client names itself in the body.
 *
 * @param {{ issuer: string, clientId: string, tokens: Tokens }} what
 * @returns {Promise<boolean>} whether the server has taken all of them back
 */
export async function revoke({ issuer, clientId, tokens }) {
  const held = [
    { token_type_hint: 'refresh_token', token: tokens.refreshToken },
    { token_type_hint: 'access_token', token: tokens.accessToken },
  ];
  const answers = held.map(async ({ token, token_type_hint }) => {
    if (token === undefined) return true;
    const body = new URLSearchParams({ token, token_type_hint, client_id: clientId });
    const answer = await fetch(`${issuer}/v1/revoke`, { method: 'POST', body });
    return answer.ok;
  });
  const results = await Promise.allSettled(answers);
  return results.every((result) => result.status === 'fulfilled' && result.value);
}
