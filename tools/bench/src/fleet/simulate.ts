import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { WorkerReport } from '@podman-api/cluster';
import { policyOf, policyVariables } from '@podman-api/operations';
import { createLog, readConfig, readSecretKeys } from '@podman-api/runtime';
import { startWorkerBackend } from '@podman-api/worker/backend';
import { createPerform } from '@podman-api/worker/perform';
import { createNodePools } from '@podman-api/worker/pools';
import { containersOf, nodeNameOf } from './containers.ts';
import { createFakePodman } from './fake-podman.ts';

// A process of simulated nodes: the worker's real side of the queue and the real operations, and no podman behind them.

const [first = 0, count = 0] = process.argv.slice(2).map(Number);
const config = readConfig(process.env, [
  ...policyVariables,
  'DEBUG',
  'JOB_TIMEOUT',
  'MAX_OUTPUT',
  'MAX_WORKERS',
  'OUTPUT_SPACE',
  'REDIS_URL',
  'RESULT_TTL',
  'SECRET_KEY',
  'SECRET_KEY_FILE',
  'STATE_DIR',
]);
const log = await createLog('simulation', config.DEBUG);
const started_at = new Date().toISOString();
const ignore = () => {};

await Promise.all(Array.from({ length: count }, (_, index) => startNode(nodeNameOf(first + index))));
process.send?.('ready');
process.once('disconnect', () => process.exit());

async function startNode(node: string): Promise<void> {
  const containers = containersOf(node);
  const podman = createFakePodman(containers);
  const id = randomUUID();
  const report = (): WorkerReport => ({
    id,
    node,
    pid: process.pid,
    started_at,
    max_workers: config.MAX_WORKERS,
    running: 0,
    stopping: false,
    podman: { working: true, version: '4.3.1', error: null },
    event_loop_delay_ms: 0,
    labels: { zone: 'a' },
    arch: process.arch,
    cpus: 2,
    memory: 2 ** 34,
    containers: containers.length,
    shortened_containers: 0,
    list_error: null,
    pools: {},
  });
  const folder = join(config.STATE_DIR, node);
  const recordEffect = async () => {};
  const pools = createNodePools({
    podman,
    sessions: podman.earlySessions,
    recordEffect,
    config: { ...config, NODE_LABELS: {}, NODE_NAME: node, STATE_DIR: folder },
    log,
  });
  const perform = createPerform({
    lanes: { commands: podman, reads: podman, waits: podman },
    config: { ...config, NODE_NAME: node },
    policy: policyOf(config),
    renewals: { get: () => undefined, set: (_id, expiresAtMs) => expiresAtMs, isEnding: () => false },
    pools: pools.containers,
    activity: pools.activity,
    commitPauses: { begin: () => {}, find: () => undefined, end: () => {}, hasAny: () => false, withdraw: () => {} },
    containers: { subscribe: () => () => {} },
    recordEffect,
    log,
  });
  const { directory } = startWorkerBackend({
    redisAddress: config.REDIS_URL,
    secretKeys: readSecretKeys(config),
    node,
    concurrency: { commands: config.MAX_WORKERS, reads: 100, waits: 100 },
    resultTtlSeconds: config.RESULT_TTL,
    maxOutputBytes: config.MAX_OUTPUT,
    outputSpaceBytes: config.OUTPUT_SPACE,
    ledgerFolder: join(folder, 'begun'),
    report,
    perform,
    recover: async () => undefined,
    onEnd: ignore,
    onForged: ignore,
  });
  await Promise.all(containers.map(one => directory.put({ id: one.id.slice(0, 12), name: one.name })));
}
