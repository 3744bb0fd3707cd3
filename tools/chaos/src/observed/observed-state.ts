import { setTimeout as delay } from 'node:timers/promises';
import { ledgerPath, type Mark, marksIn } from '../load/work.ts';
import { listObservedContainers, type ObservedContainer } from './containers.ts';
import type { PodmanRunner } from './podman.ts';
import { jobProcesses, type ObservedProcess, podmansFor, processesIn, surplusConmons } from './processes.ts';

/** State of podman and of the host after a run, read without the API. */
export interface ObservedState {
  /** Marks of execs in the ledgers, by the ids of their intents. */
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
  /** Existing containers by name. */
  readonly containers: ReadonlyMap<string, ObservedContainer>;
  /** Processes in containers, without the first process of each. */
  readonly processes: readonly ObservedProcess[];
  /** Processes of podman and conmon that belong to no container. */
  readonly helpers: readonly ObservedProcess[];
}

/** Time in which processes of ended jobs must have exited. */
const exitTimeoutMs = 15_000;
const pollIntervalMs = 500;

/** Waits until the workers have ended all processes of jobs, or the time limit has passed. */
export async function awaitJobProcesses(podman: PodmanRunner, prefix: string): Promise<void> {
  const until = Date.now() + exitTimeoutMs;
  while (Date.now() < until && jobProcesses(await listObservedContainers(podman, prefix)).length + podmansFor(prefix).length > 0)
    await delay(pollIntervalMs);
}

/** Reads the state once it is quiet or the time limit has passed. @param prefix prefix of the names of containers */
export async function observeState(podman: PodmanRunner, prefix: string, ledgers: readonly string[]): Promise<ObservedState> {
  const until = Date.now() + exitTimeoutMs;
  let containers = await listObservedContainers(podman, prefix);
  while (Date.now() < until && !isQuiet(containers, prefix)) {
    await delay(pollIntervalMs);
    containers = await listObservedContainers(podman, prefix);
  }
  const processes = processesIn(containers);
  const helpers = [...surplusConmons(containers, prefix), ...podmansFor(prefix)];
  const texts = await Promise.all(ledgers.map(ledger => podman('exec', '--', ledger, 'cat', ledgerPath)));
  const marks = Map.groupBy(texts.flatMap(marksIn), ({ id }) => id);
  return { marks, containers: new Map(containers.map(container => [container.name, container])), processes, helpers };
}

function isQuiet(containers: readonly ObservedContainer[], prefix: string): boolean {
  return processesIn(containers).length + surplusConmons(containers, prefix).length + podmansFor(prefix).length === 0;
}
