import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, createLog } from '@podman-api/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedis } from '../src/redis.ts';

let folder: string;
let socket: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-redis-'));
  mkdirSync(join(folder, 'redis'));
  socket = join(folder, 'redis/redis.sock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Listens in place of a Redis of an earlier start. @param reply returns the reply to a command; `undefined`: none */
async function listen(reply: (command: string) => string | undefined): Promise<AsyncDisposable> {
  const server = createServer(connection => {
    connection.on('error', () => {});
    connection.on('data', data => {
      const line = reply(String(data).trim());
      if (line !== undefined) connection.write(`${line}\r\n`);
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(socket, resolve);
  await promise;
  return server;
}

describe('startRedis', () => {
  it.each([
    ['does not answer', 200, () => undefined, 'no reply'],
    [
      'refuses SHUTDOWN',
      3000,
      (command: string) => (command === 'PING' ? '+PONG' : '-ERR Errors trying to SHUTDOWN'),
      '-ERR Errors trying to SHUTDOWN',
    ],
  ])('throws a ConfigError if the Redis of an earlier start %s', async (_does, leftoverTimeoutMs, reply, reason) => {
    await using _server = await listen(reply);
    const started = startRedis(folder, await createLog('standalone', false), { leftoverTimeoutMs });
    await expect(started).rejects.toThrow(
      new ConfigError(
        `A Redis of an earlier start still runs on ${socket}, and did not stop within ${leftoverTimeoutMs / 1000} s (${reason}): end that process, then start again.`,
      ),
    );
  });
});
