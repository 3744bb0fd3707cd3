import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from './cluster.ts';
import { type RedisKind, readRedisKind } from './kind.ts';
import { startSentinel } from './sentinel.ts';
import type { RedisDeployment, RedisServer } from './server.ts';
import { startSingle, startTls } from './single.ts';

/** A real Redis of any kind that belongs to one test. */
export interface TestRedis extends Required<RedisDeployment> {
  readonly kind: RedisKind;
  /** Temporary folder, removed by `stop`. */
  readonly folder: string;
  /** Returns the servers that accept writes now. */
  masters(): Promise<RedisServer[]>;
  /** Runs a command with redis-cli on the server that has its key. @returns the output of redis-cli */
  sendCommand(...command: readonly string[]): Promise<string>;
  /** Runs a command, for example `KEYS`, with redis-cli on each master. @returns the joined output */
  sendToAllMasters(...command: readonly string[]): Promise<string>;
  /** Kills all servers with data. */
  kill(): Promise<void>;
  /** Starts all servers again on the same data. */
  restart(): Promise<void>;
  /** Freezes all servers with data by SIGSTOP: connections stay open and nothing is answered. */
  freeze(): void;
  /** Continues the frozen servers. */
  thaw(): void;
  /** Kills all servers and removes their data. */
  stop(): Promise<void>;
}

/** Options of `startRedis`. */
export interface RedisChoice {
  /** Default: the value of `TEST_REDIS`. */
  readonly kind?: RedisKind;
  /** Whether the masters of a Cluster have replicas. Default: false. */
  readonly hasReplicas?: boolean;
}

/** Starts a Redis. @throws Error if a server does not start */
export async function startRedis({ kind = readRedisKind(), hasReplicas = false }: RedisChoice = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const { url, servers, sentinels = [], env = {} } = await startByKind[kind](folder, hasReplicas);
  const masters = async () => {
    const responsive = servers.filter(server => !server.isFrozen);
    const roles = await Promise.all(responsive.map(server => server.sendCommand('ROLE').catch(() => '')));
    return responsive.filter((_, index) => roles[index]?.startsWith('master'));
  };
  return {
    kind,
    folder,
    url,
    servers,
    sentinels,
    env,
    masters,
    async sendCommand(...command) {
      const [master] = await masters();
      if (master === undefined) throw new Error('This Redis has no master at the moment: wait until masters() returns one.');
      return master.sendCommand(...command);
    },
    sendToAllMasters: async (...command) => (await Promise.all((await masters()).map(server => server.sendCommand(...command)))).join(''),
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

const startByKind: Readonly<Record<RedisKind, (folder: string, hasReplicas: boolean) => Promise<RedisDeployment>>> = {
  single: startSingle,
  tls: startTls,
  sentinel: startSentinel,
  cluster: startCluster,
};
