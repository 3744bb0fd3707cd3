import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ConfigError, type Log } from '@podman-api/runtime';
import { type Child, keepLastLine, supervise } from './child.ts';
import { stopLeftoverRedis, waitUntilReady } from './redis-connection.ts';

/** The Redis that standalone starts. */
export interface StandaloneRedis {
  readonly child: Child;
  /** Path of its Unix socket. */
  readonly socket: string;
  readonly url: string;
}

/** Longest path of a Unix socket, in bytes: sun_path has 108 with the NUL at its end (unix(7)). */
const maxSocketPathBytes = 107;
/** Time limit for the Redis of an earlier process to stop, also on a busy host. */
const leftoverTimeoutMs = 60_000;
/** Maximum number of restarts of Redis within the window; more exits mean that it cannot run on this host. */
const maxRestarts = 3;
const restartWindowMs = 60_000;
/** What precedes the message in a line of Redis's log, which Redis writes to stdout: `123:M 01 Dec 2026 12:00:00.000 # `. */
const logPrefix = /^\d+:[A-Z] \d+ \w+ \d+ [\d:.]+ [.*#-] /;

/**
 * Starts redis-server (or valkey-server) as a child. Its data is in `<folder>/redis`, with the append-only file on, and it
 * listens on a Unix socket that only this user can open. First stops a Redis that an earlier process has left running.
 * If Redis exits after it was ready, it is restarted with the same data, and the API and the worker reconnect.
 * @throws ConfigError if there is no Redis on this host, it cannot start, or an earlier one cannot be stopped
 */
export async function startRedis(folder: string, log: Log, limits = { leftoverTimeoutMs }): Promise<StandaloneRedis> {
  const dataFolder = join(folder, 'redis');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const socket = chooseSocketPath(dataFolder);
  await stopLeftoverRedis(socket, limits.leftoverTimeoutMs);
  const server = findServer();
  const launch = () => {
    const process = spawnUntilParentDeath(server, createArguments(dataFolder, socket));
    return supervise('Redis', process, keepLastLine(process.stdout, logPrefix));
  };
  const first = launch();
  const reason = await Promise.race([waitUntilReady(socket), first.unexpectedExit]);
  if (reason !== undefined)
    throw new ConfigError(`Redis cannot start with its data in ${dataFolder} (${reason}): fix the cause, then start again.`);
  const child = restartOnExit(first, launch, () => waitUntilReady(socket), log);
  return { child, socket, url: `unix://${socket}` };
}

function chooseSocketPath(dataFolder: string): string {
  const path = join(dataFolder, 'redis.sock');
  return Buffer.byteLength(path) <= maxSocketPathBytes ? path : join(mkdtempSync(join(tmpdir(), 'podman-api-')), 'redis.sock');
}

/** Shell script that runs the program `$2…`, or exits if the parent with the id `$1` died before `setpriv` took effect. */
const runUnlessOrphaned = '[ "$PPID" = "$1" ] || exit; shift; exec "$@"';

/**
 * Starts a process to which the kernel sends SIGTERM when this process dies, even by SIGKILL (setpriv(1),
 * PR_SET_PDEATHSIG(2const)). On a host without setpriv, Redis may outlive a parent that is killed.
 */
function spawnUntilParentDeath(program: string, args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  const hasSetpriv = spawnSync('setpriv', ['--version']).status === 0;
  const [command = program, ...rest] = [
    ...(hasSetpriv ? ['setpriv', '--pdeathsig=TERM', '--', 'sh', '-c', runUnlessOrphaned, 'sh', `${process.pid}`] : []),
    program,
    ...args,
  ];
  return spawn(command, rest, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
}

/**
 * Restarts a process when it exits. `unexpectedExit` resolves when it has exited more than `maxRestarts`
 * times within `restartWindowMs`, or does not become ready after a restart.
 */
function restartOnExit(first: Child, launch: () => Child, waitForReady: () => Promise<void>, log: Log): Child {
  const unexpectedExit = Promise.withResolvers<string>();
  let child = first;
  let exitTimesMs: readonly number[] = [];
  const watch = async () => {
    for (;;) {
      const reason = await child.unexpectedExit;
      const nowMs = performance.now();
      exitTimesMs = [...exitTimesMs.filter(timeMs => nowMs - timeMs < restartWindowMs), nowMs];
      if (exitTimesMs.length > maxRestarts) return unexpectedExit.resolve(reason);
      log.warn(`Redis exited (${reason}); starting it again`);
      child = launch();
      await Promise.race([waitForReady(), child.unexpectedExit]);
    }
  };
  watch().catch((error: Error) => unexpectedExit.resolve(error.message));
  return { name: child.name, unexpectedExit: unexpectedExit.promise, stop: () => child.stop(), kill: signal => child.kill(signal) };
}

function findServer(): string {
  const server = ['redis-server', 'valkey-server'].find(name => spawnSync(name, ['--version']).status === 0);
  if (server === undefined)
    throw new ConfigError('redis-server is not installed: run "npm run setup", or set REDIS_URL to the URL of a Redis.');
  return server;
}

function createArguments(dataFolder: string, socket: string): string[] {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: dataFolder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    loglevel: 'warning',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
