import { setTimeout as delay } from 'node:timers/promises';
import { ledgerPath, type Mark, marksIn } from '../load/work.ts';
import { type SeenContainer, seenContainers } from './containers.ts';
import type { Podman } from './podman.ts';
import { ofJobs, podmansFor, processesIn, type SeenProcess, surplusConmons } from './processes.ts';

/** What really happened. */
export interface Truth {
  /** What execs wrote into the ledgers, by their acts. */
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
  /** The containers that are there, by name. */
  readonly containers: ReadonlyMap<string, SeenContainer>;
  /** Processes in containers beside their first ones. */
  readonly processes: readonly SeenProcess[];
  /** Processes of podman's and conmon's that serve no container. */
  readonly helpers: readonly SeenProcess[];
}

/** How long processes of jobs that have ended may take to go, in ms. */
const patience = 15_000;
const lookEvery = 500;

/** Gives the workers time to end what jobs have left. */
export async function jobsAtRest(podman: Podman, prefix: string): Promise<void> {
  const until = Date.now() + patience;
  while (Date.now() < until && ofJobs(await seenContainers(podman, prefix)).length + podmansFor(prefix).length > 0) await delay(lookEvery);
}

/** Looks into the containers, past the API. @param prefix what their names begin with */
export async function readTruth(podman: Podman, prefix: string, ledgers: readonly string[]): Promise<Truth> {
  const until = Date.now() + patience;
  let containers = await seenContainers(podman, prefix);
  while (Date.now() < until && !isQuiet(containers, prefix)) {
    await delay(lookEvery);
    containers = await seenContainers(podman, prefix);
  }
  const processes = processesIn(containers);
  const helpers = [...surplusConmons(containers, prefix), ...podmansFor(prefix)];
  const texts = await Promise.all(ledgers.map(ledger => podman('exec', '--', ledger, 'cat', ledgerPath)));
  const marks = Map.groupBy(texts.flatMap(marksIn), ({ id }) => id);
  return { marks, containers: new Map(containers.map(container => [container.name, container])), processes, helpers };
}

function isQuiet(containers: readonly SeenContainer[], prefix: string): boolean {
  return processesIn(containers).length + surplusConmons(containers, prefix).length + podmansFor(prefix).length === 0;
}
