import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '@podman-api/runtime';
import { type Child, supervise } from './child.ts';

/** A Redis of our own. */
export interface OwnRedis {
  readonly child: Child;
  readonly socket: string;
  readonly url: string;
}

/** sun_path has room for 107 characters (unix(7)). */
const longestSocketPath = 107;
/** How long Redis may take to load its file, in ms. */
const patience = 60_000;

/**
 * Starts a real Redis (or Valkey) as a child: its data in a folder of its own with the append-only file on, and
 * reachable by a socket for this user alone. One that an ended standalone left behind is stopped first.
 */
export async function startRedis(folder: string): Promise<OwnRedis> {
  const data = join(folder, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const near = join(data, 'redis.sock');
  const socket = near.length <= longestSocketPath ? near : join(mkdtempSync(join(tmpdir(), 'podman-api-')), 'redis.sock');
  await stopLeftover(socket);
  const child = supervise(
    'Redis',
    spawn(findServer(), argumentsFor(data, socket), { detached: true, stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const until = performance.now() + patience;
  while ((await ask(socket, 'PING')) !== '+PONG') {
    if (performance.now() > until) throw new Error(`Redis does not answer on ${socket}`);
    await delay(20);
  }
  return { child, socket, url: `unix://${socket}` };
}

function findServer(): string {
  const server = ['redis-server', 'valkey-server'].find(name => spawnSync(name, ['--version']).status === 0);
  if (server === undefined) throw new ConfigError('Redis is missing: run "npm run setup", or set REDIS_URL to one elsewhere.');
  return server;
}

function argumentsFor(data: string, socket: string): string[] {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: data,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    loglevel: 'warning',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function stopLeftover(socket: string): Promise<void> {
  if ((await ask(socket, 'PING')) === undefined) return;
  await ask(socket, 'SHUTDOWN');
  while ((await ask(socket, 'PING')) !== undefined) await delay(20);
}

/** The first line that Redis answers to a command, or nothing where it does not. */
function ask(socket: string, command: string): Promise<string | undefined> {
  const connection = connect(socket);
  connection.write(`${command}\r\n`);
  return new Promise(resolve => {
    connection.on('error', () => {});
    connection.once('close', () => resolve(undefined));
    connection.once('data', answer => {
      resolve(String(answer).split('\r\n')[0]);
      connection.destroy();
    });
  });
}
