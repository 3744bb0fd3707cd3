import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFailFastClient } from '../src/client.ts';
import { isCommandTimeout, isNotSent, withRedisErrors } from '../src/errors.ts';

/** Starts a server that accepts connections and answers nothing. @returns its port */
async function startSilentServer() {
  const server = createServer(socket => socket.on('error', () => {}).resume());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe('errors of ioredis', () => {
  it('are recognized if a command was not sent', async () => {
    const redis = createFailFastClient({ kind: 'single', url: `redis://127.0.0.1:${await startSilentServer()}` });
    onTestFinished(() => redis.disconnect());
    const error: unknown = await redis.ping().catch((reason: unknown) => reason);
    expect(isNotSent(error)).toBe(true);
    expect(isCommandTimeout(error)).toBe(false);
    await expect(withRedisErrors(Promise.reject(error))).rejects.toMatchObject({ type: 'ServiceUnavailableError', cause: error });
  });

  it('are recognized if a command was not answered in time', async () => {
    const options = { commandTimeout: 10, enableReadyCheck: false, retryStrategy: () => null };
    const redis = new Redis(await startSilentServer(), '127.0.0.1', options).on('error', () => {});
    onTestFinished(() => redis.disconnect());
    const error: unknown = await redis.ping().catch((reason: unknown) => reason);
    expect(isCommandTimeout(error)).toBe(true);
    expect(isNotSent(error)).toBe(false);
    await expect(withRedisErrors(Promise.reject(error))).rejects.toMatchObject({ type: 'ServiceUnavailableError', cause: error });
  });

  it('are unchanged if they do not mean that Redis is unavailable', async () => {
    await expect(withRedisErrors(Promise.reject(new Error('WRONGTYPE')))).rejects.toThrow('WRONGTYPE');
    await expect(withRedisErrors(Promise.reject(new Error('LOADING Redis is loading')))).rejects.toMatchObject({
      type: 'ServiceUnavailableError',
    });
  });
});
