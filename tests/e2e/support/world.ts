/**
 * Starts what the tests run against, once for all of them: identity servers with empty databases, and demo sites.
 *
 * Several of each, because what is asked of whom is the server's policy. Their addresses reach the tests through the
 * environment.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverCommand, siteCommand, startService } from '../../../scripts/lib/services.mjs';
import { accounts, collectors, holders, obliged, type Account } from './accounts.js';
import { output } from '../../js/support/packed.mjs';
import { bareSite, type Cdn, type PrintedPolicies } from './bare-site.js';
import { exampleSite, EXAMPLES, type Example } from './example-site.js';
import { oktaSite } from './okta-site.js';

/** One customer: a site, and the identity server behind it. */
export interface Customer {
  /** Origin of the demo site. */
  readonly site: string;
  /** Origin of the identity server. */
  readonly server: string;
  /** The issuer on that server. */
  readonly issuer: string;
}

/** All tests come from one address, and share what that address may try. */
const PATIENT = 'attempts = { per_address = 100000 }';

/** The policy of each server, as TOML, and who is there from the start. */
const POLICIES = {
  /** Asks for the name first. */
  identifierFirst: { policy: `identifier_first = true\n${PATIENT}`, people: accounts },
  /** Asks for name and password at once; proofs of possession need a nonce of the server. */
  bothAtOnce: { policy: `identifier_first = false\n${PATIENT}\n[server.dpop]\nnonce = "required"`, people: accounts },
  /** Takes a passkey on the first page, asks those for one who have one, and offers to set one up to all others. */
  passkeys: {
    policy: `
passkey_autofill = true
second_factor = "if_enrolled"
authenticators = { passkey = "optional" }
${PATIENT}`,
    people: holders,
  },
  /** Offers to set everything up, and asks for it from then on. Mails carry links. Three mistakes lock an account. */
  everything: {
    policy: `
second_factor = "if_enrolled"
email_link = true
unlock = true
authenticators = { passkey = "optional", totp = "optional", security_question = "optional", phone = "optional", push = "optional" }
attempts = { per_account = 3, per_address = 100000 }`,
    people: collectors,
  },
  /** Demands a security question; offers pushes with a number. What is mailed is good for a second. */
  demanding: {
    policy: `
second_factor = "if_enrolled"
email_link = true
authenticators = { security_question = "required", push = "optional", number_challenge = true }
lifetimes = { email_code = "1s" }
${PATIENT}`,
    people: obliged,
  },
} as const;

/** The built package. */
const DIST = new URL('../../../dist/', import.meta.url);

type Name = keyof typeof POLICIES;

/** The customer of `npm start`, with the configuration that it runs, and the provider beside it. */
export interface Tour extends Customer {
  /** Origin of the other identity server. */
  readonly provider: string;
  /** Origin at which the server-rendered application is to listen: the tests of it start it. */
  readonly webApp: string;
}

/** Where things are, for the tests. */
export interface World extends Readonly<Record<Name, Customer>> {
  /** What `npm start` shows. */
  readonly tour: Tour;
  /** Origin of the empty page, whose people sign in at the first server, or where a test says. */
  readonly bare: string;
  /** Origin of the page that was written for Okta's widget, for people of the first server. */
  readonly okta: string;
  /** Origin at which the example with a backend is to listen, for people of the first server. */
  readonly backend: string;
  /** Where each built example is served, for people of the first server and of `passkeys`, and the folder that the tests build it into. */
  readonly examples: Readonly<Record<Example, { readonly origin: string; readonly folder: string }>>;
}

const NAMES = Object.keys(POLICIES) as Name[];
const VARIABLE = 'LATCHKEY_E2E_WORLD';

/** The addresses, in a worker. */
export const world = (): World => JSON.parse(process.env[VARIABLE] ?? '{}') as World;

/** All of them. */
export const customers = (): readonly Customer[] => {
  const { tour, ...others } = world();
  return [...NAMES.map((name) => others[name]), tour, { ...tour, server: tour.provider }];
};

/** Called by Playwright before the first test; what it returns, after the last one. */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-e2e-'));
  const free = await freePorts(7 + 2 * NAMES.length + EXAMPLES.length);
  const [bare = '', okta = '', backend = '', provider = '', webApp = '', tourSite = '', tourServer = '', ...origins] = free.map((port) => `http://localhost:${port}`);
  const entries = NAMES.map((name, index) => [name, customer(origins[2 * index], origins[2 * index + 1])]);
  const examples = Object.fromEntries(EXAMPLES.map((name, index) => [name, { origin: origins[2 * NAMES.length + index] ?? '', folder: path.join(folder, 'examples', name) }]));
  const tour = { ...customer(tourSite, tourServer), provider, webApp };
  const places = { ...(Object.fromEntries(entries) as Record<Name, Customer>), tour, bare, okta, backend, examples: examples as World['examples'] };
  process.env[VARIABLE] = JSON.stringify(places satisfies World);
  const issuers = NAMES.map((name) => places[name].issuer);
  const { site, issuer } = places.identifierFirst;
  const cdn = { origin: site, ...(JSON.parse(await readFile(new URL('integrity.json', DIST), 'utf8')) as Omit<Cdn, 'origin'>) };
  const bareServer = bareSite([issuer, ...issuers], await printPolicies(folder, issuer, cdn), cdn).listen(portOf(bare), 'localhost');
  const oktaServer = oktaSite(okta, issuer).listen(portOf(okta), 'localhost');
  const exampleServers = EXAMPLES.map((name) => {
    const { origin, folder: built } = places.examples[name];
    return exampleSite(name, built, [places.identifierFirst.issuer, places.passkeys.issuer]).listen(portOf(origin), 'localhost');
  });
  const services = await Promise.all([
    ...NAMES.flatMap((name) => [startServer(folder, name, places), startSite(places[name])]),
    ...startTour(folder, tour),
  ]);
  return async () => {
    await Promise.all(services.map((service) => service.stop()));
    for (const server of [bareServer, oktaServer, ...exampleServers]) server.close().closeAllConnections();
    await rm(folder, { recursive: true });
  };
}

/** What the package's command says that pages need. */
async function printPolicies(folder: string, issuer: string, cdn: Cdn): Promise<PrintedPolicies> {
  const print = async (features: readonly string[], ...more: readonly string[]): Promise<string> => {
    const file = path.join(folder, 'options.json');
    await writeFile(file, JSON.stringify({ issuer, clientId: 'demo-spa', redirectUri: '/callback', features }));
    return (await output(process.execPath, [fileURLToPath(new URL('bin/latchkey.mjs', DIST)), 'csp', '--options', file, ...more])).trim();
  };
  return {
    printed: await print([]),
    printedForAll: await print(['passkeys', 'altcha', 'probe', 'captcha', 'duo']),
    printedForCdn: await print([], '--package', `${cdn.origin}/latchkey/${cdn.folder}`),
  };
}

const customer = (site = '', server = ''): Customer => ({ site, server, issuer: `${server}/oauth2/default` });

const portOf = (origin: string): number => Number(new URL(origin).port);

const startSite = ({ site, issuer, webApp }: Customer & Partial<Tour>) =>
  startService(siteCommand(portOf(site), issuer, webApp), portOf(site), { stdio: 'ignore' });

async function startServer(folder: string, name: Name, places: World) {
  const { site, server } = places[name];
  const port = portOf(server);
  const own = path.join(folder, name);
  await mkdir(own);
  const config = path.join(own, 'config.toml');
  await writeFile(config, configuration(name, port, path.join(own, 'data.sqlite'), [site, places.bare, places.okta, places.backend, ...Object.values(places.examples).map(({ origin }) => origin)]));
  return startService(serverCommand(config), port, { stdio: 'ignore' });
}

/** As `npm start` does it, on other ports and with empty databases. */
function startTour(folder: string, tour: Tour) {
  const start = async (name: string, origin: string) => {
    const text = await readFile(fileURLToPath(new URL(`../../../demo-site/server/${name}.toml`, import.meta.url)), 'utf8');
    const moved = text
      .replaceAll('localhost:4400', new URL(tour.site).host)
      .replaceAll(/(localhost|127\.0\.0\.1):4401/g, `$1:${portOf(tour.server)}`)
      .replaceAll(/(localhost|127\.0\.0\.1):4402/g, `$1:${portOf(tour.provider)}`)
      .replaceAll('localhost:4403', new URL(tour.webApp).host)
      .replace(/^database = .*$/m, `database = ${JSON.stringify(path.join(folder, `${name}.sqlite`))}`);
    const template = path.join(folder, `${name}.html`);
    await copyFile(fileURLToPath(new URL('../../../demo-site/server/demo.template.html', import.meta.url)), template);
    const config = path.join(folder, `${name}.toml`);
    await writeFile(config, moved.replace(/^template = .*$/m, `template = ${JSON.stringify(template)}`));
    return startService(serverCommand(config), portOf(origin), { stdio: 'ignore' });
  };
  return [start('demo', tour.server), start('provider', tour.provider), startSite(tour)];
}

/** JSON's strings and arrays of strings are TOML's too. */
function configuration(name: Name, port: number, database: string, sites: readonly string[]): string {
  const toml = (value: unknown): string => JSON.stringify(value);
  const { policy, people } = POLICIES[name];
  const users = Object.values<Account>(people).map(
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

[hosted]
widget = ${toml(fileURLToPath(DIST))}

[policy]
${policy}

[[clients]]
client_id = "demo-spa"
name = "Demo app"
redirect_uris = ${toml(sites.flatMap((site) => [`${site}/callback`, `${site}/`]))}
post_logout_redirect_uris = ${toml(sites.map((site) => `${site}/`))}
origins = ${toml(sites)}

[[clients]]
client_id = "demo-hosted"
name = "Demo app with the server’s sign-in page"
redirect_uris = ${toml(sites.map((site) => `${site}/hosted`))}
post_logout_redirect_uris = ${toml(sites.map((site) => `${site}/hosted`))}
origins = ${toml(sites)}

[[clients]]
client_id = "demo-bound"
name = "Demo app whose tokens are bound to a key"
dpop_bound_access_tokens = true
redirect_uris = ${toml(sites.map((site) => `${site}/callback`))}
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
