// The gallery's own identity server: for every entry an issuer on the demo site's origin, which always answers with that
// entry, whatever is sent. No account is behind it and no token comes out of it.

import { wholeAnswer } from './answer.mjs';
import { readEntries, readEntry, readParts } from './list.mjs';

const ISSUER = /^\/gallery-issuer\/(?<id>[^/]+\/[^/]+)\/oauth2\/v1\/interact$/;
const ION = 'application/ion+json; okta-version=1.0.0';
const HANDLE = 'gallery:';
const LARGEST_BODY = 64 * 1024;

/** Addresses that the browser is sent to by an entry: there is a page that says so. */
const LEFT = /^\/(sso\/.+|login\/token\/redirect|idp\/identity-verification)$/;

/** The page under this path, where the gallery has one. */
export const galleryPage = (pathname) => (LEFT.test(pathname) ? '/gallery-left.html' : pathname);

/**
 * Answers a request that is the gallery's.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {Record<string, string>} headers for every answer
 * @returns {Promise<boolean>} whether it was
 */
export async function answerGallery(request, response, headers) {
  const send = (status, body, type = 'application/json', others = {}) => {
    response.writeHead(status, { ...headers, 'cache-control': 'no-store', 'content-type': type, ...others });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const route = routeOf(pathname);
  if (!route) return false;
  if (request.method !== route.method) {
    send(405, { error: 'method_not_allowed' }, undefined, { allow: route.method });
    return true;
  }
  const body = await read(request);
  if (body === undefined) send(413, { error: 'too_large' }, undefined, { connection: 'close' });
  else await route.answer({ send, body, pathname, origin: `http://${request.headers.host}` });
  return true;
}

function routeOf(pathname) {
  if (pathname === '/gallery/entries.json') return { method: 'GET', answer: list };
  if (pathname.startsWith('/gallery-issuer/')) return { method: 'POST', answer: interact };
  if (pathname.startsWith('/idp/idx/')) return { method: 'POST', answer: proceed };
  // The app that FastPass looks for on the person's device; here it is always there.
  if (pathname === '/probe') return { method: 'GET', answer: ({ send }) => send(200, {}) };
  if (pathname === '/challenge') return { method: 'POST', answer: ({ send }) => send(200, {}) };
  return undefined;
}

/** The whole body, or undefined if it is too long. */
async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const list = async ({ send }) => send(200, await readEntries());

/** The entry's name is in the issuer, and from here on in the handle. */
async function interact({ send, pathname }) {
  const id = ISSUER.exec(pathname)?.groups?.id;
  const entry = id === undefined ? undefined : await readEntry(id);
  if (!entry) return send(404, { error: 'no_such_entry' });
  if (entry.endpoint === 'interact') return send(entry.status ?? 200, entry.body);
  return send(200, { interaction_handle: HANDLE + id });
}

async function proceed({ send, body, origin }) {
  const handle = handleOf(body);
  if (handle === undefined) return send(400, { error: 'no_handle' });
  const entry = handle.startsWith(HANDLE) ? await readEntry(handle.slice(HANDLE.length)) : undefined;
  if (!entry) return send(404, { error: 'no_such_entry' });
  if (entry.body !== undefined) return send(entry.status ?? 200, entry.body, typeof entry.body === 'string' ? 'text/html' : undefined);
  return send(entry.status ?? 200, wholeAnswer(entry, await readParts(), { origin, handle }), ION);
}

/** What clients call it, at the start and later (all three are in use). */
function handleOf(body) {
  try {
    const { interactionHandle, stateToken, stateHandle } = JSON.parse(body);
    const handle = interactionHandle ?? stateToken ?? stateHandle;
    return typeof handle === 'string' ? handle : undefined;
  } catch {
    return undefined;
  }
}
