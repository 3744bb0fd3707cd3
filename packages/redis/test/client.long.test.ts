import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { startRedis, until } from '@podman-api/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFailFastClient } from '../src/client.ts';

/** Longer than the limit for an answer, 5 s. */
const stallMs = 12_000;

async function startClient() {
  const server = await startRedis({ kind: 'single' });
  onTestFinished(() => server.stop());
  const redis = createFailFastClient({ kind: 'single', url: server.url });
  onTestFinished(() => redis.disconnect());
  await until(() => redis.ping().catch(() => undefined));
  return { server, redis };
}

/** Starts a relay to a Unix socket. @returns its URL, and `silence`, which drops all further data to Redis on the current connections */
async function startRelay(socketPath: string) {
  const targets = new Set<Socket>();
  const clients = new Set<Socket>();
  const server = createServer(client => {
    const target = connect(socketPath);
    client.pipe(target);
    target.pipe(client);
    for (const socket of [client, target]) socket.on('error', () => {});
    targets.add(target);
    clients.add(client);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of [...clients, ...targets]) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    silence() {
      for (const target of targets) target.unpipe();
    },
  };
}

describe('createFailFastClient', () => {
  it('connects again if its connection is not answered, although Redis works', async () => {
    const { server } = await startClient();
    const relay = await startRelay(new URL(server.url).pathname);
    const redis = createFailFastClient({ kind: 'single', url: relay.url });
    onTestFinished(() => redis.disconnect());
    await until(() => redis.ping().catch(() => undefined));
    relay.silence();
    await expect(redis.ping()).rejects.toThrow('Command timed out');
    await until(() => redis.ping().catch(() => undefined));
  });

  it('reads an answer that has arrived while this process had no CPU', async () => {
    const { redis } = await startClient();
    const answer = redis.ping();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
    expect(await answer).toBe('PONG');
  });

  it('fails a command that a frozen Redis does not answer', async () => {
    const { server, redis } = await startClient();
    server.freeze();
    onTestFinished(() => server.thaw());
    await expect(redis.ping()).rejects.toThrow('Command timed out');
  });
});
