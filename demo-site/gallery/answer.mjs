// Makes a whole IDX answer of an entry's file, which leaves out what every answer has.
//
// What is filled in: version, state handle, expiry, intent, the app, `cancel`; the wrappers of lists and objects; and for
// every form its `rel`, method, content types, absolute address and `stateHandle` field. A member that the file has itself
// stays as it is, and one that is `null` there is left out.

const TYPE = 'application/json; okta-version=1.0.0';
const ION = 'application/ion+json; okta-version=1.0.0';

const APP = { name: 'oidc_client', label: 'Towpath Bicycle Co-op', id: '0oa-towpath' };

/** These are not wrapped: they are forms or addresses, or text. */
const BARE = new Set(['cancel', 'success', 'failure']);

/** Members that hold an address; one that begins with a slash is on the server's own origin. */
const ADDRESSES = new Set(['href', 'url', 'logoUri', 'logoLink']);

/**
 * @typedef {{ readonly [member: string]: any }} Json
 * @typedef {{ title: string, status?: number, with?: string[], answer?: Json, endpoint?: 'interact', body?: unknown }} Fixture
 * @typedef {{ readonly origin: string, readonly handle: string }} Place whose answer it is, and which transaction it belongs to
 */

/**
 * @param {Fixture} fixture
 * @param {{ readonly [name: string]: Json }} parts what `with` may name
 * @param {Place} place
 * @returns {Json}
 */
export function wholeAnswer(fixture, parts, place) {
  const { cancel, ...own } = joined([fixture.answer ?? {}, ...(fixture.with ?? []).map((name) => part(parts, name))]);
  const ways = isCancellable(own, cancel) ? { cancel: { name: 'cancel', href: '/idp/idx/cancel' } } : {};
  const present = Object.entries({ intent: 'LOGIN', app: APP, ...own, ...ways }).filter(([, value]) => value !== null);
  const whole = ([name, value]) => [name, BARE.has(name) ? complete(value, place) : wrapped(complete(value, place))];
  return {
    version: '1.0.0',
    stateHandle: place.handle,
    expiresAt: '2031-01-01T10:00:00.000Z',
    ...Object.fromEntries(present.map(whole)),
  };
}

function part(parts, name) {
  const found = parts[name];
  if (found === undefined) throw new Error(`there is no part ${name}`);
  return found;
}

/** The first wins, but the ways on of all of them follow each other. */
function joined(pieces) {
  const remediation = pieces.flatMap((piece) => piece.remediation ?? []);
  const all = Object.assign({}, ...pieces.toReversed());
  return remediation.length > 0 ? { ...all, remediation } : all;
}

/** Whatever can be gone on with can be given up, unless the file says otherwise. */
const isCancellable = (own, cancel) => cancel ?? own.remediation?.some(isForm) ?? false;

const isForm = ({ name, href, method }) =>
  typeof name === 'string' && typeof href === 'string' && href.startsWith('/idp/idx/') && method !== 'GET';

/** The messages of a field come in the wrapper that those of the whole answer have. */
function complete(value, place) {
  if (Array.isArray(value)) return value.map((element) => complete(element, place));
  if (value === '{port}') return new URL(place.origin).port;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, completeMember(name, member, place)]);
  const all = Object.fromEntries(members);
  return isForm(value) ? form(all, place.handle) : all;
}

function completeMember(name, member, place) {
  if (ADDRESSES.has(name) && typeof member === 'string' && member.startsWith('/')) return place.origin + member;
  const whole = complete(member, place);
  return name === 'messages' ? wrapped(whole) : whole;
}

function form({ name, value = [], ...others }, handle) {
  const stateHandle = { name: 'stateHandle', required: true, value: handle, visible: false, mutable: false };
  return { rel: ['create-form'], name, method: 'POST', produces: ION, ...others, value: [...value, stateHandle], accepts: TYPE };
}

function wrapped(value) {
  if (typeof value !== 'object') return value;
  return { type: Array.isArray(value) ? 'array' : 'object', value };
}
