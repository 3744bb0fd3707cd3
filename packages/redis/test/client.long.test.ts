import { startRedis, until } from '@podman-api/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFailFastClient } from '../src/client.ts';

/** Longer than the limit for an answer, 5 s, and shorter than that for a silent connection, 30 s. */
const stallMs = 12_000;

async function startClient() {
  const server = await startRedis({ kind: 'single' });
  onTestFinished(() => server.stop());
  const redis = createFailFastClient({ kind: 'single', url: server.url });
  onTestFinished(() => redis.disconnect());
  await until(() => redis.ping().catch(() => undefined));
  return { server, redis };
}

describe('createFailFastClient', () => {
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
