import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports that Linux gives to no outgoing connection (net.ipv4.ip_local_port_range), so no other process takes one meanwhile. */
const range = { min: 20_000, max: 32_000 };

/** Finds a free port of loopback that a process can use again after each restart. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(range.min, range.max);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return findFreePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
