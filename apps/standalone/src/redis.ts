import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, type Log } from '@podman-api/runtime';
import { type Child, supervise } from './child.ts';

/** A Redis of our own. */
export interface OwnRedis {
  readonly child: Child;
  readonly socket: string;
  readonly url: string;
}

/** sun_path has room for 107 characters (unix(7)). */
const longestSocketPath = 107;
/** Limit for Redis to load its file. */
const startTimeoutMs = 60_000;
/** Redis is started again this often within a minute; more means that it cannot run here. */
const maxRestarts = 3;
const restartWindowMs = 60_000;

/**
 * Starts a real Redis (or Valkey) as a child: its data in a folder of its own with the append-only file on, and
 * reachable by a socket for this user alone. One that an earlier process left behind is stopped first. If Redis ends by
 * itself or is killed, it is started again on the same data, and the API and the worker reconnect.
 * @throws ConfigError if there is no Redis on this host, Error if it does not answer
 */
export async function startRedis(folder: string, log: Log): Promise<OwnRedis> {
  const data = join(folder, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const near = join(data, 'redis.sock');
  const socket = near.length <= longestSocketPath ? near : join(mkdtempSync(join(tmpdir(), 'podman-api-')), 'redis.sock');
  await stopLeftover(socket);
  const server = findServer();
  const launch = () => supervise('Redis', spawnBound(server, argumentsFor(data, socket)));
  const child = restarting(launch, () => waitUntilAnswering(socket), log);
  await waitUntilAnswering(socket);
  return { child, socket, url: `unix://${socket}` };
}

/**
 * Starts a process that the kernel ends by SIGTERM when this one dies, however it dies (setpriv(1),
 * PR_SET_PDEATHSIG(2const)).
 */
function spawnBound(program: string, args: readonly string[]): ChildProcess {
  const bound = spawnSync('setpriv', ['--version']).status === 0 ? ['setpriv', '--pdeathsig=TERM', '--', program] : [program];
  const [command = program, ...rest] = [...bound, ...args];
  return spawn(command, rest, { detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** @throws Error if Redis does not answer in time */
async function waitUntilAnswering(socket: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while ((await ask(socket, 'PING')) !== '+PONG') {
    if (performance.now() > deadline) throw new Error(`Redis does not answer on ${socket}`);
    await delay(20);
  }
}

/** Makes one child of a process that is started again when it ends; `died` resolves once that has failed too often. */
function restarting(launch: () => Child, isReady: () => Promise<void>, log: Log): Child {
  const died = Promise.withResolvers<string>();
  let child = launch();
  let restarts: readonly number[] = [];
  const watch = async () => {
    for (;;) {
      const how = await child.died;
      const now = performance.now();
      restarts = [...restarts.filter(at => now - at < restartWindowMs), now];
      if (restarts.length > maxRestarts) return died.resolve(how);
      log.warn(`Redis exited (${how}); starting it again`);
      child = launch();
      await isReady();
    }
  };
  watch().catch((error: Error) => died.resolve(error.message));
  return { name: child.name, died: died.promise, stop: () => child.stop(), kill: signal => child.kill(signal) };
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
