import { globSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { RedisServer } from '@podman-api/testing';
import { Redis } from 'ioredis';

/** Records every command that Redis gets from now on, with what is published; so short-lived data is seen as well. */
export async function monitor(servers: readonly RedisServer[]): Promise<{ seen(): string; end(): void }> {
  const monitors = await Promise.all(servers.map(({ socket }) => monitorOne(socket)));
  return {
    seen: () => monitors.map(one => one.seen()).join(''),
    end() {
      for (const one of monitors) one.end();
    },
  };
}

async function monitorOne(socket: string): Promise<{ seen(): string; end(): void }> {
  const connection = createConnection(socket);
  // Joined only when they are read: Redis shows each byte of an image as up to four.
  const pieces: string[] = [];
  const started = Promise.withResolvers<void>();
  connection.on('data', data => {
    pieces.push(data.toString('latin1'));
    if (pieces.length === 1) started.resolve();
  });
  connection.write('MONITOR\r\n');
  await started.promise;
  return { seen: () => pieces.join(''), end: () => connection.destroy() };
}

/** Returns all keys of a Redis with their contents as bytes. */
export async function readAllKeys(masters: readonly RedisServer[]): Promise<Map<string, Buffer>> {
  const all = await Promise.all(masters.map(({ socket }) => everythingIn(socket)));
  return new Map(all.flat());
}

async function everythingIn(socket: string): Promise<(readonly [string, Buffer])[]> {
  const redis = new Redis(socket);
  try {
    const keys = await redis.keys('*');
    return await Promise.all(keys.map(async key => [key, await contentOf(redis, key)] as const));
  } finally {
    redis.disconnect();
  }
}

/** Returns the bytes of Redis's data files. @param folder of all its servers */
export function onDisk(folder: string): Buffer {
  const files = globSync(join(folder, '**', '*.{aof,rdb,manifest}'));
  return Buffer.concat(files.map(file => readFileSync(file)));
}

async function contentOf(redis: Redis, key: string): Promise<Buffer> {
  switch (await redis.type(key)) {
    case 'hash':
      return toBuffer(await redis.callBuffer('HGETALL', key));
    case 'set':
      return toBuffer(await redis.callBuffer('SMEMBERS', key));
    case 'zset':
      return toBuffer(await redis.callBuffer('ZRANGE', key, '0', '-1', 'WITHSCORES'));
    case 'list':
      return toBuffer(await redis.callBuffer('LRANGE', key, '0', '-1'));
    case 'stream':
      return toBuffer(await redis.callBuffer('XRANGE', key, '-', '+'));
    default:
      return toBuffer(await redis.callBuffer('GET', key));
  }
}

function toBuffer(value: unknown): Buffer {
  if (Array.isArray(value)) return Buffer.concat(value.map(toBuffer));
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value ?? ''));
}
