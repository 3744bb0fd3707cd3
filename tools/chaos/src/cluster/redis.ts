import { createConnection } from 'node:net';
import type { Program } from './member.ts';

/** A Redis with the settings that docs/redis.md requires, on a socket in a folder. */
export function createRedisProgram(folder: string, log: string, env: NodeJS.ProcessEnv): Program & { readonly socket: string } {
  const socket = `${folder}/redis.sock`;
  const settings = {
    port: '0',
    unixsocket: socket,
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return { name: 'redis', role: 'redis', file: 'redis-server', args, env, log, socket };
}

/** Time limit for Redis to close connections. */
const timeoutMs = 1000;

/**
 * Makes Redis close the connections of its clients.
 * @returns how many it has closed; `undefined` if it did not answer
 */
export function cutConnections(socket: string, type: 'normal' | 'pubsub'): Promise<number | undefined> {
  return new Promise(resolve => {
    const connection = createConnection(socket, () => connection.write(`CLIENT KILL TYPE ${type}\r\n`));
    const end = (count?: number) => {
      connection.destroy();
      resolve(count);
    };
    connection.setTimeout(timeoutMs, () => end());
    connection.on('error', () => end());
    // A Redis that is killed at that moment closes the connection without an error.
    connection.on('close', () => end());
    connection.on('data', reply => end(Number(/^:(\d+)/.exec(String(reply))?.[1] ?? 0)));
  });
}
