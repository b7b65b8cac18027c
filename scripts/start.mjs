// `npm start`: from a fresh clone to a customer's page with a sign-in that works.
//
// Set-up, the package, the identity server and another one for people who come in through it, the demo site and a
// server-rendered application; then it stays until ctrl-c and stops them all. The databases and the inbox outlive it, so
// accounts that were registered are there again the next time.
//
// usage: npm start

import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure, main, ROOT, run, step } from './lib/run.mjs';
import { BUILD_PROGRAMS, checkFree, DEMO, serverCommand, siteCommand, startService, webAppCommand } from './lib/services.mjs';
import { setUp } from './setup.mjs';

async function start() {
  await checkFree(DEMO.site, 'the demo site');
  await checkFree(DEMO.server, 'the identity server');
  await checkFree(DEMO.provider, 'the other identity server');
  await checkFree(DEMO.webApp, 'the server-rendered application');
  await setUp();
  await run(process.execPath, ['scripts/build.mjs']);
  await step('the identity server and the server-rendered application', () => run('cargo', BUILD_PROGRAMS));
  await copyTemplate();
  await serve();
}

/** The editor changes the template of the sign-in page, so what it changes is a copy that outlives the demonstration. */
async function copyTemplate() {
  const copy = path.join(ROOT, '.cache/demo.template.html');
  await mkdir(path.dirname(copy), { recursive: true });
  await copyFile(path.join(ROOT, 'demo-site/server/demo.template.html'), copy, constants.COPYFILE_EXCL).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function serve() {
  const services = [];
  const stopAll = () => Promise.all(services.map((service) => service.stop()));
  // The terminal sends ctrl-c to the services too; whoever sends a signal to this process alone gets the same.
  const interrupted = new Promise((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, resolve)));
  try {
    services.push(await startService(serverCommand('demo-site/server/provider.toml'), DEMO.provider));
    services.push(await startService(serverCommand('demo-site/server/demo.toml'), DEMO.server));
    services.push(await startService(siteCommand(DEMO.site, `http://localhost:${DEMO.server}/oauth2/default`), DEMO.site));
    services.push(await startService(webAppCommand(), DEMO.webApp));
    console.log(WELCOME);
    const ended = await Promise.race([interrupted, ...services.map((service) => service.ended.then(() => 'ended'))]);
    if (ended === 'ended') throw new Failure('one of the servers has ended; see above');
  } finally {
    await stopAll();
  }
}

const site = `http://localhost:${DEMO.site}`;
const server = `http://localhost:${DEMO.server}`;

const WELCOME = `
  Account           pat@example.com, password Correct-Horse-42

  In the page       ${site}
  with everything   ${site}/everything      passkeys, codes of an app, a phone, another provider
  Hosted page       ${site}/hosted          the redirect model, through /authorize
  Web application   http://localhost:${DEMO.webApp}                 the redirect model without script: pages from a server
  Device            ${site}/device          a screen shows a code, a browser types it at ${server}/activate
  Gallery           ${site}/gallery         every screen, one by one

  Inbox             ${server}/inbox           the codes that would be mailed
  Phone             ${server}/simulator       where pushes arrive
  Sessions          ${server}/sessions
  Template          ${server}/template        the page around the widget on the hosted page
  Other provider    http://localhost:${DEMO.provider}                 robin@canal.example, password Correct-Horse-42

  ctrl-c stops the servers.
`;

await main(start);
