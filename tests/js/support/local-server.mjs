// HTTP servers on this machine, for tests of what the browser tasks send.

import { createServer } from 'node:http';

/**
 * A server on a free port of 127.0.0.1 that answers with `answer(request, response, body)` and keeps what came in `requests`.
 * It ends with the test `t`.
 */
export async function localServer(t, answer) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    requests.push({ method: request.method, path: request.url, headers: request.headers, body });
    answer(request, response, body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const port = String(server.address().port);
  return { port, origin: `http://127.0.0.1:${port}`, requests };
}

/** A port on which nobody listens: it was free a moment ago. */
export async function deadPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
