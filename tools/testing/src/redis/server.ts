import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild, type TestChild } from '../child.ts';
import { serverProgram } from './kind.ts';

/** One process of a Redis. It listens also on a Unix socket, so that tests can read its data. */
export interface RedisServer {
  readonly folder: string;
  readonly socket: string;
  readonly child: TestChild;
  /** Runs a command with redis-cli, which follows the redirections of a Cluster. @returns the output of redis-cli */
  sendCommand(...command: readonly string[]): Promise<string>;
  /** Starts the server again on the same data after its process has exited. */
  restart(): Promise<void>;
  /** Kills the process, also while it is frozen. */
  kill(): Promise<void>;
  /** Freezes the process by SIGSTOP: its connections stay open and nothing is answered. */
  freeze(): void;
  /** Continues the frozen process. */
  thaw(): void;
  readonly isFrozen: boolean;
}

/** The servers of a Redis of one kind. */
export interface RedisDeployment {
  /** Value for `REDIS_URL`. */
  readonly url: string;
  /** Servers that hold data. */
  readonly servers: readonly RedisServer[];
  readonly sentinels?: readonly RedisServer[];
  /** Environment variables that an app needs to connect. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Settings of every Redis that keeps jobs. Without fsync, because Redis stops for seconds while a busy disk is slow; what it has
 * written survives the end of its process, and the tests end nothing else.
 */
export const dataSettings: Readonly<Record<string, string>> = { save: '""', appendonly: 'yes', appendfsync: 'no' };

/**
 * Starts a server with its own folder in `parent` and a configuration file, which Sentinel and Redis rewrite.
 * @param isSentinel whether to start a sentinel instead of a server with data
 */
export async function startServer(
  parent: string,
  name: string,
  settings: Readonly<Record<string, string>>,
  isSentinel = false,
): Promise<RedisServer> {
  const folder = join(parent, name);
  const socket = join(folder, 'redis.sock');
  const file = join(folder, 'redis.conf');
  mkdirSync(folder);
  const lines = Object.entries({ port: '0', bind: '127.0.0.1', unixsocket: socket, dir: folder, ...settings });
  writeFileSync(file, lines.map(([setting, value]) => `${setting} ${value}\n`).join(''));
  const start = async () => {
    const child = startChild(serverProgram, [file, ...(isSentinel ? ['--sentinel'] : [])]);
    await child.waitForOutput(isSentinel ? 'Sentinel ID is' : 'eady to accept connections');
    return child;
  };
  let child = await start();
  let isFrozen = false;
  return {
    folder,
    socket,
    get child() {
      return child;
    },
    async sendCommand(...command) {
      // Redirections of a Cluster lead to ports, so the connection must use one.
      const address = settings['cluster-enabled'] === 'yes' ? ['-c', '-p', String(settings['port'])] : ['-s', socket];
      const { stdout } = await promisify(execFile)('redis-cli', [...address, ...command], { maxBuffer: 1024 ** 3 });
      return stdout;
    },
    async restart() {
      child = await start();
    },
    async kill() {
      isFrozen = false;
      child.process.kill('SIGCONT');
      await child.end('SIGKILL');
    },
    freeze() {
      isFrozen = true;
      child.process.kill('SIGSTOP');
    },
    thaw() {
      isFrozen = false;
      child.process.kill('SIGCONT');
    },
    get isFrozen() {
      return isFrozen;
    },
  };
}
