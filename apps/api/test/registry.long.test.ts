import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { startService } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Listens on a free port of loopback. */
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

const greeting = createServer(socket => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n'));
const closing = createServer(socket => socket.on('error', () => {}).destroy());
let registries: readonly string[];
beforeAll(async () => {
  const ports = [await listen(greeting), await listen(closing), 1];
  registries = ports.map(port => `127.0.0.1:${port}`);
});
afterAll(() => {
  for (const server of [greeting, closing]) server.close();
});

describe('a private registry that ALLOWED_IMAGES lists', () => {
  it('is asked for the image, with the same error for an open port and a closed one', async () => {
    const ALLOWED_IMAGES = registries.map(registry => `${registry}/*`).join();
    const service = await startService({ ALLOWED_IMAGES });
    const asked = once(greeting, 'connection');
    const responses = await Promise.all(
      registries.map(async registry => {
        const { status, body } = await service.call('POST', '/containers', {
          image: `${registry}/x`,
          name: uniqueContainerName(),
          network: 'none',
        });
        return { status, text: JSON.stringify(body).replaceAll(registry, 'REGISTRY') };
      }),
    );
    for (const { status, text } of responses) {
      expect(status).toBe(500);
      expect(text).toContain('The node cannot reach the registry REGISTRY: check the name');
      expect(text).not.toMatch(/refused|EOF|reset|malformed|SSH|TLS|tls/);
    }
    await asked;
    await service.stop();
  });
});
