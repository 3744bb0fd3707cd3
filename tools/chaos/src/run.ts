import { awaitAllJobs } from './await-all-jobs.ts';
import { awaitReady } from './await-ready.ts';
import { type ChaosEnvironment, startEnvironment } from './environment.ts';
import { planFaults } from './faults/plan.ts';
import { type FaultRecord, runFaults } from './faults/run.ts';
import { Journal } from './journal.ts';
import { runLoad } from './load/load.ts';
import { RecordingClient } from './load/recording-client.ts';
import { awaitJobProcesses, observeState } from './observed/observed-state.ts';
import { declarePool, removePool } from './observed/pool.ts';
import type { ChaosOptions } from './options.ts';
import { createRandom } from './random.ts';
import { findLongestRecoveryMs, probeRecovery, type SuccessfulRequest } from './recovery.ts';
import type { Evidence } from './verdict/verdict.ts';

/** Result of a run, and its duration. */
export interface RunResult {
  readonly evidence: Evidence;
  /** Duration of load and faults, in seconds. */
  readonly seconds: number;
  /** In ms. */
  readonly longestRecoveryMs: number;
}

/**
 * Starts the environment, runs load and faults, waits until the service is quiet, and checks its state.
 * @param log gets a line for each fault and each phase
 */
export async function run(environment: ChaosEnvironment, options: ChaosOptions, log: (text: string) => void): Promise<RunResult> {
  const { cluster, podman, prefix, image, marksContainers, volume, pulledImage } = environment;
  const random = createRandom(options.seed);
  const journal = new Journal();
  const client = new RecordingClient(journal, cluster.apis);
  await startEnvironment(environment);
  await awaitReady(cluster.apis);
  await declarePool(cluster.apis[0], prefix, image);

  log(`${options.callers} callers and faults for ${options.durationMs / 1000} s`);
  const startedAtMs = Date.now();
  const loadEnd = AbortSignal.timeout(options.durationMs);
  const load = runLoad({
    client,
    random: random.fork('load'),
    callers: options.callers,
    marksContainers,
    prefix,
    pool: prefix,
    image,
    volume,
    pulledImage,
    shouldContinue: () => !loadEnd.aborted,
  });
  let isLoadOver = false;
  const probes = cluster.apis.map(api => probeRecovery(api, () => !isLoadOver));
  const faults = await runFaults(cluster, planFaults(random.fork('faults'), options), loadEnd, log);
  const seconds = (Date.now() - startedAtMs) / 1000;

  log('no more faults; waiting for the callers to finish');
  await load;
  await awaitReady(cluster.apis);
  isLoadOver = true;
  const successes = await Promise.all(probes);
  log(`reading ${journal.jobs.size} jobs`);
  await awaitAllJobs(client);
  log('reading the containers');
  const idle = await removePool(cluster.apis[0], prefix, podman);
  await awaitJobProcesses(podman, environment);
  // Sessions of the workers stay for a minute, and end with them.
  await environment.end('SIGTERM');
  const observed = await observeState(podman, environment);
  const crashes = cluster.members.flatMap(member => member.crashes);
  return { evidence: { journal, observed, idle, faults, crashes }, seconds, longestRecoveryMs: findLongestRecovery(successes, faults) };
}

function findLongestRecovery(successes: readonly (readonly SuccessfulRequest[])[], faults: readonly FaultRecord[]): number {
  return Math.max(...successes.map(requests => findLongestRecoveryMs(requests, faults)));
}
