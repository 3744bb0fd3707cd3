import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type TestChild } from './child.ts';

/** A real Redis of a test's own. */
export interface TestRedis {
  readonly url: string;
  readonly socket: string;
  readonly child: TestChild;
  /** Starts it again on the same data, after `child` was ended. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const socket = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const start = async () => {
    const child = startChild('redis-server', args);
    await child.says('ready to accept connections at');
    return child;
  };
  let child = await start();
  return {
    url: `unix://${socket}`,
    socket,
    get child() {
      return child;
    },
    async restart() {
      child = await start();
    },
    async stop() {
      child.process.kill('SIGCONT');
      await child.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
