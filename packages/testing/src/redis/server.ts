import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild, type TestChild } from '../child.ts';
import { serverProgram } from './kind.ts';

/** One process of a test's Redis. All of them listen on a socket too, whatever else they do, for tests to look inside. */
export interface RedisServer {
  readonly folder: string;
  readonly socket: string;
  readonly child: TestChild;
  /** What redis-cli prints of a command's answer; it follows a Cluster's redirections. */
  ask(...command: readonly string[]): Promise<string>;
  /** Starts it again on the same data, after `child` was ended. */
  restart(): Promise<void>;
  /** Ends it, also while it is frozen. */
  kill(): Promise<void>;
  /** Stops it as it is: its connections stay open, and nothing answers. */
  freeze(): void;
  thaw(): void;
  readonly frozen: boolean;
}

/** The settings of a Redis that keeps jobs, but for those that a kind adds. */
export const dataSettings: Readonly<Record<string, string>> = { save: '""', appendonly: 'yes' };

/**
 * Starts a server with a folder of its own in `parent`, and a file of settings, which Sentinel and Redis rewrite.
 * @param sentinel whether it is to be a sentinel
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
