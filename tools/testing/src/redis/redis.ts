import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from './cluster.ts';
import { chosenKind, type RedisKind } from './kind.ts';
import { startSentinel } from './sentinel.ts';
import type { RedisDeployment, RedisServer } from './server.ts';
import { startSingle, startTls } from './single.ts';

/** A real Redis of any kind that belongs to one test. */
export interface TestRedis extends Required<RedisDeployment> {
  readonly kind: RedisKind;
  /** Temporary folder, removed by `stop`. */
  readonly folder: string;
  /** Servers that accept writes now. */
  masters(): Promise<RedisServer[]>;
  /** Runs redis-cli and returns its output; a command with a key goes to the server that has the key. */
  ask(...command: readonly string[]): Promise<string>;
  /** Runs redis-cli on each master and returns the joined output, for example of `KEYS`. */
  askAll(...command: readonly string[]): Promise<string>;
  /** Kills all servers with data. */
  kill(): Promise<void>;
  /** Starts all servers again on the same data. */
  restart(): Promise<void>;
  /** Stops the processes of all servers with data, with SIGSTOP. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export interface RedisChoice {
  /** Default: the value of `TEST_REDIS`. */
  readonly kind?: RedisKind;
  /** Whether the masters of a Cluster have replicas. Default: no. */
  readonly replicas?: boolean;
}

/** Starts a Redis. @throws Error if a server does not start */
export async function startRedis({ kind = chosenKind(), replicas = false }: RedisChoice = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const { url, servers, sentinels = [], env = {} } = await start[kind](folder, replicas);
  const masters = async () => {
    const awake = servers.filter(server => !server.frozen);
    const roles = await Promise.all(awake.map(server => server.ask('ROLE').catch(() => '')));
    return awake.filter((_, index) => roles[index]?.startsWith('master'));
  };
  return {
    kind,
    folder,
    url,
    servers,
    sentinels,
    env,
    masters,
    async ask(...command) {
      const [master] = await masters();
      if (master === undefined) throw new Error('this Redis has no master at the moment; wait until masters() returns one');
      return master.ask(...command);
    },
    askAll: async (...command) => (await Promise.all((await masters()).map(server => server.ask(...command)))).join(''),
    async kill() {
      await Promise.all(servers.map(server => server.kill()));
    },
    async restart() {
      await Promise.all(servers.map(server => server.restart()));
    },
    freeze() {
      for (const server of servers) server.freeze();
    },
    thaw() {
      for (const server of servers) server.thaw();
    },
    async stop() {
      await Promise.all([...sentinels, ...servers].map(server => server.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const start: Readonly<Record<RedisKind, (folder: string, replicas: boolean) => Promise<RedisDeployment>>> = {
  single: startSingle,
  tls: startTls,
  sentinel: startSentinel,
  cluster: startCluster,
};
