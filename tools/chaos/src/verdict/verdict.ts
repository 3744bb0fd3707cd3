import type { FaultRecord } from '../faults/run.ts';
import type { Intent, Journal, KnownJob } from '../journal.ts';
import type { ObservedContainer } from '../observed/containers.ts';
import type { ObservedState } from '../observed/observed-state.ts';
import { type ContainerIntents, checkClaims, checkContainer } from './container.ts';
import { checkExec } from './exec.ts';
import { checkJob, checkResponses } from './jobs.ts';
import { checkPulls, checkUploads, checkWait } from './transfers.ts';
import { explainUnknown, type UnknownJob } from './unknown.ts';
import { isUnwritten } from './unwritten.ts';
import type { Violation } from './violation.ts';

/** Result of checking a run. */
export interface Verdict {
  readonly violations: readonly Violation[];
  readonly unknown: readonly UnknownJob[];
  /** Jobs that Redis had not written when it was killed. */
  readonly unwritten: readonly KnownJob[];
}

/** Records of a run. */
export interface Evidence {
  readonly journal: Journal;
  readonly observed: ObservedState;
  /** Containers that are left of the removed pool. */
  readonly idle: readonly ObservedContainer[];
  readonly faults: readonly FaultRecord[];
  /** Unexpected exits of processes of the service. */
  readonly crashes: readonly string[];
}

/** Compares the responses with the observed state. */
export function checkRun({ journal, observed, idle, faults, crashes }: Evidence): Verdict {
  const marksOf = ({ id }: Intent) => observed.marks.get(id) ?? [];
  const jobs = [...journal.jobs.values()];
  const unknown = jobs.filter(({ view }) => view?.status === 'unknown').map(job => explainUnknown(job, marksOf(job.intent), faults));
  const unwritten = jobs.filter(job => isUnwritten(job, faults));
  return {
    unknown,
    unwritten,
    violations: [
      ...journal.intents.flatMap(checkResponses),
      ...journal.intents
        .filter(({ work }) => work.kind === 'exec' || work.kind === 'run')
        .flatMap(intent => checkExec(intent, marksOf(intent))),
      ...containersOf(journal).flatMap(intents => checkContainer(intents, observed.containers.get(intents.container))),
      ...checkUploads(journal.intents, observed.uploads),
      ...journal.intents.flatMap(intent => checkWait(intent)),
      ...checkPulls(journal.intents, observed.images),
      ...jobs.filter(job => !unwritten.includes(job)).flatMap(job => checkJob(job, marksOf(job.intent))),
      ...unknown
        .filter(({ reasons }) => reasons.length === 0)
        .map(({ job, text }): Violation => ({ kind: 'unexplained_unknown', intent: job.intent, text })),
      ...checkClaims(journal),
      ...idle.map(({ name, state }): Violation => ({ kind: 'idle_left', text: `${name} is ${state}` })),
      ...observed.runContainers.map((text): Violation => ({ kind: 'containers_left', text })),
      ...observed.processes.map(({ pid, command }): Violation => ({ kind: 'processes_left', text: `${pid} ${command}` })),
      ...observed.podmanProcesses.map(
        ({ pid, command }): Violation => ({ kind: 'podman_processes_left', text: `${pid} ${command.slice(0, 300)}` }),
      ),
      ...journal.unexpected.map((text): Violation => ({ kind: 'unexpected', text })),
      ...crashes.map((text): Violation => ({ kind: 'crashed', text })),
    ],
  };
}

function containersOf({ intents }: Journal): ContainerIntents[] {
  const removals = new Map(intents.flatMap(intent => (intent.work.kind === 'remove' ? [[intent.work.container, intent]] : [])));
  return intents.flatMap(create =>
    create.work.kind === 'create' ? [{ container: create.work.container, create, remove: removals.get(create.work.container) }] : [],
  );
}
