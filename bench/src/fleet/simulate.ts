import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { policyOf, policyVariables } from '@podman-api/operations';
import { consume, type WorkerReport } from '@podman-api/queue';
import { createLog, readConfig, readSecretKeys } from '@podman-api/runtime';
import { createPerform } from '../../../apps/worker/src/perform.ts';
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
const nobody = () => {};

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
  });
  const perform = createPerform({
    lanes: { commands: podman, reads: podman },
    config: { ...config, NODE_NAME: node },
    policy: policyOf(config),
    renewals: { get: () => undefined, set: (_id, expires) => expires, isEnding: () => false },
    note: async () => {},
    log,
  });
  const { shelf } = consume({
    redisAddress: config.REDIS_URL,
    secretKeys: readSecretKeys(config),
    node,
    concurrency: { commands: config.MAX_WORKERS, reads: 100 },
    resultTtl: config.RESULT_TTL,
    maxOutput: config.MAX_OUTPUT,
    outputSpace: config.OUTPUT_SPACE,
    ledgerFolder: join(config.STATE_DIR, node, 'begun'),
    report,
    perform,
    recover: async () => undefined,
    onEnd: nobody,
    onForged: nobody,
  });
  await Promise.all(containers.map(one => shelf.put({ id: one.id.slice(0, 12), name: one.name })));
}
