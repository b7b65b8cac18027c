// For programs that have to be told their port, and whose address somebody else has to know before they listen.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** A port that nobody uses at this moment. */
export async function freePort() {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
