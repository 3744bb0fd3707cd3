import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { WorkerReport } from '@podman-api/cluster';
import { policyOf, policyVariables } from '@podman-api/operations';
import { createPodman, createPodmanService, hasHealthTimers } from '@podman-api/podman';
import {
  createForgedJobLogger,
  createJobLogger,
  createLog,
  findPodmanSettings,
  monitorEventLoop,
  openAuditLog,
  readConfig,
  readSecretKeys,
  runApp,
  startTracing,
  stopOnSignal,
} from '@podman-api/runtime';
import { startWorkerBackend } from './backend.ts';
import { openCommitPauses } from './containers/commit-pauses.ts';
import { removeExpired } from './containers/expire.ts';
import { createContainerFeed } from './containers/feed.ts';
import { createEventForwarder } from './containers/forward-events.ts';
import { runHealthChecks } from './containers/health-checks.ts';
import { openRenewalStore } from './containers/renewals.ts';
import { type ContainersWatch, watchContainers } from './containers/watch.ts';
import { createPerform } from './perform.ts';
import { createNodePools } from './pools/node-pools.ts';
import { createRecover } from './recover.ts';
import { stopWithin } from './stop.ts';
import { watchCommands } from './watch-commands.ts';
import { watchPodman } from './watch-podman.ts';

/** Maximum number of concurrent reads, in addition to `MAX_WORKERS` commands: more are no faster on two cores (docs/performance.md). */
const maxConcurrentReads = 4;
/** Maximum number of reads that the worker has taken. They wait in the worker, so that requests for the same list share one. */
const maxTakenReads = 100;
/** Maximum number of concurrent waits for containers: they take memory only, a few KiB each. */
const maxTakenWaits = 1000;
/** Maximum number of concurrent background commands: one that creates or removes a container for a pool, and one that renames. */
const maxBackgroundCommands = 2;

await runApp(async () => {
  const config = readConfig(process.env, [
    ...policyVariables,
    'AUDIT_LOG',
    'DEBUG',
    'EXEC_SESSIONS',
    'JOB_TIMEOUT',
    'MAX_OUTPUT',
    'MAX_WORKERS',
    'NODE_LABELS',
    'NODE_NAME',
    'OUTPUT_SPACE',
    'REDIS_URL',
    'RESULT_TTL',
    'SECRET_KEY',
    'SECRET_KEY_FILE',
    'SHUTDOWN_TIMEOUT',
    'STATE_DIR',
  ]);
  const log = await createLog('worker', config.DEBUG);
  const eventLoop = monitorEventLoop();
  const tracing = await startTracing('podman-api-worker', log);
  const audit = openAuditLog(config);
  const containersConf = findPodmanSettings();
  const onCommand = watchCommands(log, tracing);
  const cwd = join(config.STATE_DIR, 'podman');
  mkdirSync(cwd, { recursive: true });
  const service = createPodmanService(join(config.STATE_DIR, 'sockets'), { containersConf, cwd, onCommand });
  const commands = createPodman({
    maxProcesses: config.MAX_WORKERS,
    containersConf,
    cwd,
    service,
    maxSessions: config.EXEC_SESSIONS,
    onCommand,
  });
  const reads = createPodman({ maxProcesses: maxConcurrentReads, containersConf, cwd, service, onCommand });
  const renewals = openRenewalStore(join(config.STATE_DIR, 'renewed'));
  const commitPauses = openCommitPauses(join(config.STATE_DIR, 'commits'));
  // Created after the backend below, which performs no job before that.
  let containers: ContainersWatch | undefined;
  const recordEffect: ContainersWatch['recordEffect'] = async (...change) => containers?.recordEffect(...change);
  const feed = createContainerFeed();
  const lanes = { commands, reads, waits: reads };
  const background = createPodman({ maxProcesses: maxBackgroundCommands, containersConf, cwd, onCommand });
  const pools = createNodePools({ podman: background, sessions: commands.earlySessions, recordEffect, config, log });
  const parts = {
    lanes,
    config,
    policy: policyOf(config),
    renewals,
    pools: pools.containers,
    commitPauses,
    activity: pools.activity,
    containers: feed,
    recordEffect,
    log,
  };
  const perform = createPerform(parts);
  const podman = watchPodman(reads, log, () => backend.publishHeartbeat());
  const started_at = new Date().toISOString();
  const id = randomUUID();
  let isStopping = false;
  const report = (): WorkerReport => ({
    id,
    node: config.NODE_NAME,
    pid: process.pid,
    started_at,
    max_workers: config.MAX_WORKERS,
    running: commands.active + reads.active,
    stopping: isStopping,
    podman: podman.state,
    // Rounded to 100 ms: heartbeats of an idle worker are then identical, and the API parses them once.
    event_loop_delay_ms: Math.round(eventLoop.maxDelayMs() / 100) * 100,
    labels: config.NODE_LABELS,
    arch: process.arch,
    cpus: availableParallelism(),
    memory: totalmem(),
    containers: containers?.count ?? null,
    shortened_containers: containers?.shortenedCount ?? 0,
    list_error: containers?.listError ?? null,
    pools: pools.report,
  });
  const backend = startWorkerBackend({
    redisAddress: config.REDIS_URL,
    secretKeys: readSecretKeys(config),
    node: config.NODE_NAME,
    concurrency: { commands: config.MAX_WORKERS, reads: maxTakenReads, waits: maxTakenWaits },
    resultTtlSeconds: config.RESULT_TTL,
    report,
    maxOutputBytes: config.MAX_OUTPUT,
    outputSpaceBytes: config.OUTPUT_SPACE,
    ledgerFolder: join(config.STATE_DIR, 'begun'),
    perform,
    recover: createRecover(parts),
    onEnd: createJobLogger(log, audit),
    onForged: createForgedJobLogger(log, audit),
    tracing,
  });
  const forwarder = createEventForwarder(backend.events, config.NODE_NAME);
  const onListed = (ids: ReadonlySet<string>) => {
    renewals.keepOnly(ids);
    commitPauses.keepOnly(ids);
    pools.keepOnly(ids);
  };
  containers = watchContainers(reads, backend, feed, pools.containers, onListed, forwarder);
  pools.start({ ...backend.pools, containers, feed, perform: parts, isPodmanWorking: () => podman.state.working });
  backend.onReconnect(containers.relist);
  backend.onReconnect(forwarder.recordPossibleLoss);
  const expiry = removeExpired({ podman: reads, node: config.NODE_NAME, containers, renewals, log, audit });
  const healthChecks = hasHealthTimers()
    ? undefined
    : runHealthChecks({
        podman: createPodman({ maxProcesses: Number.POSITIVE_INFINITY, containersConf, cwd, onCommand }),
        containers,
        feed,
        isBusy: () => commands.active >= config.MAX_WORKERS || reads.active >= maxConcurrentReads,
        log,
      });
  log.info({ node: config.NODE_NAME, max_workers: config.MAX_WORKERS }, `working for the node ${config.NODE_NAME}`);

  stopOnSignal(log, async () => {
    isStopping = true;
    podman.stop();
    expiry.stop();
    const poolsStopped = pools.stop();
    const checksEnded = healthChecks?.stop();
    containers?.stop();
    await poolsStopped;
    await stopWithin(config.SHUTDOWN_TIMEOUT * 1000, backend, backend.close);
    await checksEnded;
    await Promise.all([commands, reads, background].map(podman => podman.close()));
    await service.stop();
    await tracing.stop();
  });
});
