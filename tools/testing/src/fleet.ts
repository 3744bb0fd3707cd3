import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createPodman, type Podman } from '@podman-api/podman';
import type { SendRequest } from './call.ts';
import type { TestChild } from './child.ts';
import { nodesPrefix, prepareNode, releaseNode, removeNodesFolder } from './node-folders.ts';
import { until } from './poll.ts';
import { childrenOf } from './processes.ts';
import { startRedis, type TestRedis } from './redis/redis.ts';
import { busyHostVariables, startApi, startApp, type TestApi } from './service.ts';
import { testFolder } from './storage.ts';

/** A node of a test: a podman with a separate storage, and a worker. */
export interface TestNode {
  readonly name: string;
  readonly podman: Podman;
  readonly worker: TestChild;
  /** Starts a new worker after the last one has exited. */
  restart(): void;
}

/** Several nodes on this machine, a Redis and two API processes. */
export interface TestFleet {
  readonly redis: TestRedis;
  readonly apis: readonly [TestApi, TestApi];
  /** Sends a request to the first API process. */
  readonly call: SendRequest;
  readonly nodes: readonly TestNode[];
  readonly env: Readonly<Record<string, string>>;
  /** Returns the process ids of the podman commands of a worker with a given argument. */
  childrenOf(worker: TestChild, command: string): readonly number[];
  stop(): Promise<void>;
}

/**
 * Starts nodes, a Redis and two API processes.
 * @param nodes variables for the worker of each node, by its name
 * @param common variables for all processes
 */
export async function startFleet(
  nodes: Readonly<Record<string, Readonly<Record<string, string>>>>,
  common: Readonly<Record<string, string>> = {},
): Promise<TestFleet> {
  const redis = await startRedis();
  const env = {
    ...redis.env,
    REDIS_URL: redis.url,
    SECRET_KEY: randomBytes(24).toString('hex'),
    PORT: '0',
    API_TOKENS_FILE: join(redis.folder, 'tokens.json'),
    AUDIT_LOG: join(redis.folder, 'audit.log'),
    ...busyHostVariables,
    ...common,
  };
  const folder = mkdtempSync(join(testFolder, nodesPrefix));
  const started = Object.entries(nodes).map(([name, variables]) => startNode(join(folder, name), name, { ...env, ...variables }));
  const apis = [await startApi(env), await startApi(env)] as const;
  const [{ call }] = apis;
  await until(
    async () => apis.length === (await Promise.all(apis.map(api => isReady(api.call, started.length)))).filter(ready => ready).length,
  );
  return {
    redis,
    apis,
    call,
    nodes: started,
    env,
    childrenOf: ({ process: { pid } }, command) =>
      childrenOf(pid)
        .filter(({ argv }) => argv.includes(command))
        .map(child => child.pid),
    async stop() {
      for (const { podman } of started) await podman.run(['rm', '--all', '--force', '--time=0']);
      const children = [...apis.map(({ api }) => api), ...started.map(({ worker }) => worker)];
      await Promise.all(children.map(child => child.process.exitCode ?? child.process.signalCode ?? child.end()));
      await redis.stop();
      await Promise.all(started.map(({ name, podman }) => releaseNode(join(folder, name), podman)));
      await removeNodesFolder(folder);
    },
  };
}

async function isReady(call: SendRequest, count: number): Promise<boolean> {
  const nodes = (await call('GET', '/nodes')).field('nodes');
  return Array.isArray(nodes) && nodes.filter(({ podman, containers }) => podman === 'connected' && containers !== null).length === count;
}

/** Starts a worker with its own storage and networks. */
function startNode(folder: string, name: string, env: Readonly<Record<string, string>>): TestNode {
  const variables = prepareNode(folder);
  // A test's own program `podman` comes first; it calls the next one in the `PATH`.
  const ownPath = process.env['PATH'] ?? '';
  const PATH = env['PATH']?.replace(ownPath, () => variables.PATH) ?? variables.PATH;
  const start = () => startApp('worker', { ...env, ...variables, PATH, NODE_NAME: name, STATE_DIR: join(folder, 'state') });
  let worker = start();
  return {
    name,
    podman: createPodman({ maxProcesses: 4, env: variables }),
    get worker() {
      return worker;
    },
    restart() {
      worker = start();
    },
  };
}
