// `npm start`: from a fresh clone to a customer's page with a sign-in that works.
//
// Set-up, the package, the identity server, the demo site; then it stays until ctrl-c and stops both. The database and the
// inbox outlive it, so accounts that were registered are there again the next time.
//
// usage: npm start [-- --everything]     --everything: passkeys, codes of an app, a phone and the rest can be set up

import { parseArgs } from 'node:util';
import { Failure, main, run, step } from './lib/run.mjs';
import { checkFree, DEMO, serverCommand, siteCommand, startService } from './lib/services.mjs';
import { setUp } from './setup.mjs';

const { values: options } = parseArgs({ options: { everything: { type: 'boolean', default: false } } });
const SERVER_CONFIG = `demo-site/server/${options.everything ? 'everything' : 'demo'}.toml`;

async function start() {
  await checkFree(DEMO.site, 'the demo site');
  await checkFree(DEMO.server, 'the identity server');
  await setUp();
  await run(process.execPath, ['scripts/build.mjs']);
  await step('the identity server', () => run('cargo', ['build', '--package', 'latchkey-server']));
  await serve();
}

async function serve() {
  const services = [];
  const stopAll = () => Promise.all(services.map((service) => service.stop()));
  // The terminal sends ctrl-c to the services too; whoever sends a signal to this process alone gets the same.
  const interrupted = new Promise((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, resolve)));
  try {
    services.push(await startService(serverCommand(SERVER_CONFIG), DEMO.server));
    services.push(await startService(siteCommand(DEMO.site, `http://localhost:${DEMO.server}/oauth2/default`), DEMO.site));
    console.log(WELCOME);
    const ended = await Promise.race([interrupted, ...services.map((service) => service.ended.then(() => 'ended'))]);
    if (ended === 'ended') throw new Failure('one of the two servers has ended; see above');
  } finally {
    await stopAll();
  }
}

const WELCOME = `
  Demo site   http://localhost:${DEMO.site}
  Account     pat@example.com, password Correct-Horse-42
  Inbox       http://localhost:${DEMO.server}/inbox      the codes that would be mailed
${options.everything ? `  Device      http://localhost:${DEMO.server}/simulator  the phone that would be asked\n` : ''}  Gallery     http://localhost:${DEMO.site}/gallery    every screen, one by one

  ctrl-c stops both servers.
`;

await main(start);
