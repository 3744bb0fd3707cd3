import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

/** Starts a site with an empty page at every path, which is sent slowly enough for requests to queue. @returns its port */
export async function startEmptySite(): Promise<number> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'), 20);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the site has no port');
  return address.port;
}
