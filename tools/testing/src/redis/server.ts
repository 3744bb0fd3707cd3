import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild, type TestChild } from '../child.ts';
import { serverProgram } from './kind.ts';

/** One process of a Redis. Each listens on a Unix socket too, so that tests can read its data. */
export interface RedisServer {
  readonly folder: string;
  readonly socket: string;
  readonly child: TestChild;
  /** Runs redis-cli, which follows the redirections of a Cluster, and returns its output. */
  ask(...command: readonly string[]): Promise<string>;
  /** Starts it again on the same data after its process has ended. */
  restart(): Promise<void>;
  /** Ends the process, also while it is frozen. */
  kill(): Promise<void>;
  /** Stops the process with SIGSTOP: its connections stay open and it does not respond. */
  freeze(): void;
  thaw(): void;
  readonly frozen: boolean;
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

/** Settings of every Redis that keeps jobs. */
export const dataSettings: Readonly<Record<string, string>> = { save: '""', appendonly: 'yes' };

/**
 * Starts a server with its own folder in `parent` and a file of settings, which Sentinel and Redis rewrite.
 * @param sentinel starts a sentinel instead of a server with data
 */
export async function startServer(
  parent: string,
  name: string,
  settings: Readonly<Record<string, string>>,
  sentinel = false,
): Promise<RedisServer> {
  const folder = join(parent, name);
  const socket = join(folder, 'redis.sock');
  const file = join(folder, 'redis.conf');
  mkdirSync(folder);
  const lines = Object.entries({ port: '0', bind: '127.0.0.1', unixsocket: socket, dir: folder, ...settings });
  writeFileSync(file, lines.map(([setting, value]) => `${setting} ${value}\n`).join(''));
  const start = async () => {
    const child = startChild(serverProgram, [file, ...(sentinel ? ['--sentinel'] : [])]);
    await child.says(sentinel ? 'Sentinel ID is' : 'eady to accept connections');
    return child;
  };
  let child = await start();
  let frozen = false;
  return {
    folder,
    socket,
    get child() {
      return child;
    },
    async ask(...command) {
      // Redirections lead to ports.
      const where = settings['cluster-enabled'] === 'yes' ? ['-c', '-p', String(settings['port'])] : ['-s', socket];
      const { stdout } = await promisify(execFile)('redis-cli', [...where, ...command], { maxBuffer: 1024 ** 3 });
      return stdout;
    },
    async restart() {
      child = await start();
    },
    async kill() {
      frozen = false;
      child.process.kill('SIGCONT');
      await child.end('SIGKILL');
    },
    freeze() {
      frozen = true;
      child.process.kill('SIGSTOP');
    },
    thaw() {
      frozen = false;
      child.process.kill('SIGCONT');
    },
    get frozen() {
      return frozen;
    },
  };
}
