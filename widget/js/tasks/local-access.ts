/**
 * Chromium's Local Network Access: a public page that talks to this machine needs the person's permission, and says of
 * which kind the address is (https://wicg.github.io/local-network-access/).
 *
 * Other browsers do not know it, and at least one version of WebKit fails requests that carry the new member: it is sent
 * only where the permission exists.
 */

/** What one task needs to know of it. */
export interface LocalAccess {
  /** Members for `fetch`. */
  readonly init: RequestInit;
  /** Settles when no question stands between the page and the request any more: at once, unless the person is asked. */
  readonly decided: Promise<void>;
  /** Whether the person, or a policy, has said no. */
  isDenied(): boolean;
}

/** Chromium 145 has split the permission of 142 in two. */
const NAMES = ['loopback-network', 'local-network-access'];

/** How long the browser's question may stand unanswered, in milliseconds. */
const PATIENCE = 60_000;

export async function localAccess(): Promise<LocalAccess> {
  const permission = await query();
  if (!permission) return { init: {}, decided: Promise.resolve(), isDenied: () => false };
  const decided = permission.state === 'prompt' && !isLocalPage() ? answered(permission) : Promise.resolve();
  return { init: addressSpace(), decided, isDenied: () => permission.state === 'denied' };
}

async function query(): Promise<PermissionStatus | undefined> {
  for (const name of NAMES) {
    try {
      return await navigator.permissions.query({ name: name as PermissionName });
    } catch {
      // A name that the browser does not know.
    }
  }
  return undefined;
}

/** A page that comes from this machine itself is asked nothing, whatever the state of the permission. */
const isLocalPage = (): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname);

function answered(permission: PermissionStatus): Promise<void> {
  return new Promise((resolve) => {
    permission.addEventListener('change', () => resolve(), { once: true });
    setTimeout(resolve, PATIENCE);
  });
}

/** The first spelling that the browser takes; without it, a request from https to plain http is refused as mixed content. */
function addressSpace(): RequestInit {
  for (const targetAddressSpace of ['loopback', 'local']) {
    try {
      const init: RequestInit = { targetAddressSpace } as RequestInit;
      new Request('http://localhost/', init);
      return init;
    } catch {
      // A value that the browser does not know.
    }
  }
  return {};
}
