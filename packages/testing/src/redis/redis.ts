import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from './cluster.ts';
import { chosenKind, type RedisKind } from './kind.ts';
import { startSentinel } from './sentinel.ts';
import type { RedisServer } from './server.ts';
import { startSingle, startTls } from './single.ts';

/** What a kind of Redis is made of. */
export interface Parts {
  /** For `REDIS_URL`. */
  readonly url: string;
  /** Those that hold data. */
  readonly servers: readonly RedisServer[];
  readonly sentinels?: readonly RedisServer[];
  /** Variables without which no app reaches it. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real Redis of a test's own, of any kind. */
export interface TestRedis extends Required<Parts> {
  readonly kind: RedisKind;
  /** What is in here goes with the test. */
  readonly folder: string;
  /** The servers that may be written to now. */
  masters(): Promise<RedisServer[]>;
  /** What redis-cli prints: of a command that names a key, from the server that has it. */
  ask(...command: readonly string[]): Promise<string>;
  /** The same of all masters, one after the other: for `KEYS`, say. */
  askAll(...command: readonly string[]): Promise<string>;
  /** Kills all servers with data. */
  kill(): Promise<void>;
  /** Starts them again on the same data. */
  restart(): Promise<void>;
  /** Freezes all servers with data. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export interface RedisChoice {
  /** What `TEST_REDIS` says, unless a test is about one kind. */
  readonly kind?: RedisKind;
  /** Whether a Cluster's masters have replicas. */
  readonly replicas?: boolean;
}

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
      if (master === undefined) throw new Error('this Redis has no master now');
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

const start: Readonly<Record<RedisKind, (folder: string, replicas: boolean) => Promise<Parts>>> = {
  single: startSingle,
  tls: startTls,
  sentinel: startSentinel,
  cluster: startCluster,
};
