import { planFaults } from './faults/plan.ts';
import { type FaultRecord, runFaults } from './faults/run.ts';
import { Journal } from './journal.ts';
import { runLoad } from './load/load.ts';
import { RecordingClient } from './load/recording-client.ts';
import { awaitJobProcesses, observeState } from './observed/observed-state.ts';
import type { Options } from './options.ts';
import { createRandom } from './random.ts';
import { ready } from './ready.ts';
import { longestRecovery, probe, type Success } from './recovery.ts';
import { settle } from './settle.ts';
import { raise, type Stage } from './stage.ts';
import type { Evidence } from './verdict/verdict.ts';

/** What a run brought to light, and how long it took. */
export interface Outcome {
  readonly evidence: Evidence;
  /** How long there were load and faults, in seconds. */
  readonly seconds: number;
  /** In ms. */
  readonly longestRecovery: number;
}

/**
 * Raises the stage, lets load and faults have their time, lets the service come to rest, and looks at what there is.
 * @param log gets a line for each fault and each phase
 */
export async function run(stage: Stage, options: Options, log: (text: string) => void): Promise<Outcome> {
  const { cluster, podman, prefix, image, ledgers } = stage;
  const random = createRandom(options.seed);
  const journal = new Journal();
  const client = new RecordingClient(journal, cluster.apis);
  await raise(stage);
  await ready(cluster.apis);

  log(`${options.callers} callers and faults for ${options.duration / 1000} s`);
  const begun = Date.now();
  const over = AbortSignal.timeout(options.duration);
  const load = runLoad({
    client,
    random: random.fork('load'),
    callers: options.callers,
    ledgers,
    prefix,
    image,
    goesOn: () => !over.aborted,
  });
  let resting = false;
  const probes = cluster.apis.map(api => probe(api, () => !resting));
  const faults = await runFaults(cluster, planFaults(random.fork('faults'), options), over, log);
  const seconds = (Date.now() - begun) / 1000;

  log('no more faults; the callers end what they have begun');
  await load;
  await ready(cluster.apis);
  resting = true;
  const successes = await Promise.all(probes);
  log(`reading ${journal.jobs.size} jobs`);
  await settle(client);
  log('looking into the containers');
  await awaitJobProcesses(podman, prefix);
  // Sessions of the workers stay for a minute, and end with them.
  await stage.end('SIGTERM');
  const observed = await observeState(podman, prefix, ledgers);
  const crashes = cluster.members.flatMap(member => member.crashes);
  return { evidence: { journal, observed, faults, crashes }, seconds, longestRecovery: longest(successes, faults) };
}

function longest(successes: readonly (readonly Success[])[], faults: readonly FaultRecord[]): number {
  return Math.max(...successes.map(ofOne => longestRecovery(ofOne, faults)));
}
