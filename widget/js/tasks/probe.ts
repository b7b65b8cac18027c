/**
 * The loopback probe of a device challenge: looks for the vendor's app on this machine and hands it the server's challenge.
 *
 * A server names the addresses, so they are checked here again although the flow has done so: plain http on 127.0.0.1 or
 * localhost and nothing else. Nothing is sent but the challenge: no credentials, no referrer, and a redirect ends it. What
 * is told to the server afterwards, the flow decides.
 */
import { deadline } from './deadline.js';
import { Failure } from './failure.js';
import { localAccess, type LocalAccess } from './local-access.js';

/** What the flow hands over; the members are those of the server's challenge. */
export interface ProbeArgument {
  readonly domain: string;
  readonly ports: readonly string[];
  readonly probeTimeoutMillis?: number | null;
  readonly challengeRequest: string;
}

/** For one port, in milliseconds. Android starts the app when it is asked. */
const PROBE_TIME = 100;
const PROBE_TIME_ANDROID = 3000;
/** The person may have to unlock the device, or to look for it; the server's challenge does not live longer. */
const CHALLENGE_TIME = 300_000;
/** More than any vendor uses, and too few to scan a machine. */
const MOST_PORTS = 32;

/**
 * Gives `answered` when an app has taken the challenge. Fails with `OV_UNREACHABLE_BY_LOOPBACK` when there is none, with
 * `OV_PERMISSION_DENIED` when there is none and the browser may not look, with `OV_RETURNED_ERROR` and a `status` (null
 * when the connection broke) when the app refuses, and with `Forbidden` when the address is not of this machine.
 */
export async function probe(argument: ProbeArgument, signal: AbortSignal): Promise<'answered'> {
  const bases = addresses(argument);
  const access = await localAccess();
  for (const base of bases) {
    if (!(await isThere(base, argument.probeTimeoutMillis, access, signal))) continue;
    const status = await challenge(base, argument.challengeRequest, access, signal);
    if (status === 200) return 'answered';
    // RFC 9110 section 15.6.4: the app of somebody else, or of another user of this machine. The next one may be ours.
    if (status !== 503) throw new Failure('OV_RETURNED_ERROR', '', { status });
  }
  // Asked afterwards, and not instead: some embedded browsers say "denied" and let everything through.
  if (access.isDenied()) throw new Failure('OV_PERMISSION_DENIED');
  throw new Failure('OV_UNREACHABLE_BY_LOOPBACK');
}

const PORT = /^[1-9][0-9]{0,4}$/;

function addresses({ domain, ports }: ProbeArgument): string[] {
  const isLocal = /^http:\/\/(127\.0\.0\.1|localhost)\/?$/i.test(domain);
  const arePorts = ports.length <= MOST_PORTS && ports.every((port) => PORT.test(port) && Number(port) < 65536);
  if (!isLocal || !arePorts) throw new Failure('Forbidden', 'a probe goes to ports of 127.0.0.1 or localhost over http only');
  return ports.map((port) => `${domain.replace(/\/$/, '')}:${port}`);
}

async function isThere(base: string, given: number | null | undefined, access: LocalAccess, signal: AbortSignal): Promise<boolean> {
  const limit = deadline(signal);
  const time = /android/i.test(navigator.userAgent) ? PROBE_TIME_ANDROID : (given ?? PROBE_TIME);
  // The first request makes the browser ask the person, and is held back until they have answered.
  void access.decided.then(() => limit.start(time));
  try {
    return (await fetch(`${base}/probe`, { ...PLAIN, ...access.init, signal: limit.signal })).ok;
  } catch (cause) {
    if (signal.aborted) throw cause;
    return false;
  } finally {
    limit.release();
  }
}

/** The status, or null when there was none. */
async function challenge(base: string, challengeRequest: string, access: LocalAccess, signal: AbortSignal): Promise<number | null> {
  const limit = deadline(signal);
  limit.start(CHALLENGE_TIME);
  const body = JSON.stringify({ challengeRequest });
  const request: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  try {
    return (await fetch(`${base}/challenge`, { ...PLAIN, ...access.init, ...request, signal: limit.signal })).status;
  } catch (cause) {
    if (signal.aborted) throw cause;
    return null;
  } finally {
    limit.release();
  }
}

const PLAIN: RequestInit = {
  mode: 'cors',
  cache: 'no-store',
  credentials: 'omit',
  redirect: 'error',
  referrerPolicy: 'no-referrer',
};
