/**
 * Starts what the tests run against, once for all of them: identity servers with empty databases, and demo sites.
 *
 * Two of each, because who asks for the password when is the server's policy: one asks for the name first, the other for
 * both at once. Their addresses reach the tests through the environment.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serverCommand, siteCommand, startService } from '../../../scripts/lib/services.mjs';
import { accounts } from './accounts.js';
import { bareSite } from './bare-site.js';

/** One customer: a site, and the identity server behind it. */
export interface Customer {
  /** Origin of the demo site. */
  readonly site: string;
  /** Origin of the identity server. */
  readonly server: string;
  /** The issuer on that server. */
  readonly issuer: string;
}

/** Where things are, for the tests. */
export interface World {
  /** The server asks for the name first. */
  readonly identifierFirst: Customer;
  /** The server asks for name and password at once. */
  readonly bothAtOnce: Customer;
  /** Origin of the empty page, whose people sign in at the first server. */
  readonly bare: string;
}

const VARIABLE = 'LATCHKEY_E2E_WORLD';

/** The addresses, in a worker. */
export const world = (): World => JSON.parse(process.env[VARIABLE] ?? '{}') as World;

/** Called by Playwright before the first test; what it returns, after the last one. */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-e2e-'));
  const ports = await freePorts(5);
  const origins = ports.map((port) => `http://localhost:${port}`);
  const customer = (site = '', server = ''): Customer => ({ site, server, issuer: `${server}/oauth2/default` });
  const identifierFirst = customer(origins[0], origins[1]);
  const bothAtOnce = customer(origins[2], origins[3]);
  const bare = origins[4] ?? '';
  process.env[VARIABLE] = JSON.stringify({ identifierFirst, bothAtOnce, bare } satisfies World);
  const bareServer = bareSite(identifierFirst.issuer, bothAtOnce.issuer).listen(portOf(bare), 'localhost');
  const services = await Promise.all([
    startServer(folder, identifierFirst, true, [identifierFirst.site, bare]),
    startServer(folder, bothAtOnce, false, [bothAtOnce.site, bare]),
    ...[identifierFirst, bothAtOnce].map(({ site, issuer }) => startService(siteCommand(portOf(site), issuer), portOf(site), { stdio: 'ignore' })),
  ]);
  return async () => {
    await Promise.all(services.map((service) => service.stop()));
    bareServer.close();
    bareServer.closeAllConnections();
    await rm(folder, { recursive: true });
  };
}

const portOf = (origin: string): number => Number(new URL(origin).port);

async function startServer(folder: string, { server }: Customer, identifierFirst: boolean, sites: readonly string[]) {
  const port = portOf(server);
  const own = path.join(folder, String(port));
  await mkdir(own);
  const config = path.join(own, 'config.toml');
  await writeFile(config, configuration(port, path.join(own, 'data.sqlite'), sites, identifierFirst));
  return startService(serverCommand(config), port, { stdio: 'ignore' });
}

/** JSON's strings and arrays of strings are TOML's too. */
function configuration(port: number, database: string, sites: readonly string[], identifierFirst: boolean): string {
  const toml = (value: unknown): string => JSON.stringify(value);
  const users = Object.values(accounts).map(
    ({ email, password, firstName, lastName }) => `
[[users]]
email = ${toml(email)}
password = ${toml(password)}
first_name = ${toml(firstName)}
last_name = ${toml(lastName)}
`,
  );
  return `
[server]
listen = "127.0.0.1:${port}"
issuer = "http://localhost:${port}/oauth2/default"
database = ${toml(database)}

[mail]
inbox = true

[policy]
identifier_first = ${identifierFirst}

# All tests come from one address, and share what that address may try.
[policy.attempts]
per_address = 100000

[[clients]]
client_id = "demo-spa"
name = "Demo app"
redirect_uris = ${toml(sites.flatMap((site) => [`${site}/callback`, `${site}/`]))}
origins = ${toml(sites)}
${users.join('')}`;
}

/** Ports that nobody uses at this moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(
    (server) => new Promise<number>((resolve) => server.listen(0, () => resolve((server.address() as AddressInfo).port))),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}
