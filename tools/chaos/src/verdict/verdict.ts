import type { FaultRecord } from '../faults/run.ts';
import type { Intent, Journal, KnownJob } from '../journal.ts';
import type { ObservedContainer } from '../observed/containers.ts';
import type { ObservedState } from '../observed/observed-state.ts';
import { type ContainerIntents, judgeClaims, judgeContainer } from './container.ts';
import { judgeExec } from './exec.ts';
import { judgeAnswers, judgeJob } from './jobs.ts';
import { judgePulls, judgeUploads, judgeWait } from './transfers.ts';
import { explain, type UnknownJob } from './unknown.ts';
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
export function judge({ journal, observed, idle, faults, crashes }: Evidence): Verdict {
  const marksOf = ({ id }: Intent) => observed.marks.get(id) ?? [];
  const jobs = [...journal.jobs.values()];
  const unknown = jobs.filter(({ view }) => view?.status === 'unknown').map(job => explain(job, marksOf(job.intent), faults));
  const unwritten = jobs.filter(job => isUnwritten(job, faults));
  return {
    unknown,
    unwritten,
    violations: [
      ...journal.intents.flatMap(judgeAnswers),
      ...journal.intents
        .filter(({ work }) => work.kind === 'exec' || work.kind === 'run')
        .flatMap(intent => judgeExec(intent, marksOf(intent))),
      ...containersOf(journal).flatMap(intents => judgeContainer(intents, observed.containers.get(intents.container))),
      ...judgeUploads(journal.intents, observed.uploads),
      ...journal.intents.flatMap(intent => judgeWait(intent)),
      ...judgePulls(journal.intents, observed.images),
      ...jobs.filter(job => !unwritten.includes(job)).flatMap(job => judgeJob(job, marksOf(job.intent))),
      ...unknown
        .filter(({ reasons }) => reasons.length === 0)
        .map(({ job, text }): Violation => ({ offence: 'unexplained_unknown', intent: job.intent, text })),
      ...judgeClaims(journal),
      ...idle.map(({ name, state }): Violation => ({ offence: 'idle_left', text: `${name} is ${state}` })),
      ...observed.runContainers.map((text): Violation => ({ offence: 'containers_left', text })),
      ...observed.processes.map(({ pid, command }): Violation => ({ offence: 'processes_left', text: `${pid} ${command}` })),
      ...observed.helpers.map(({ pid, command }): Violation => ({ offence: 'helpers_left', text: `${pid} ${command.slice(0, 300)}` })),
      ...journal.unexpected.map((text): Violation => ({ offence: 'unexpected', text })),
      ...crashes.map((text): Violation => ({ offence: 'crashed', text })),
    ],
  };
}

function containersOf({ intents }: Journal): ContainerIntents[] {
  const removals = new Map(intents.flatMap(intent => (intent.work.kind === 'remove' ? [[intent.work.container, intent]] : [])));
  return intents.flatMap(create =>
    create.work.kind === 'create' ? [{ container: create.work.container, create, remove: removals.get(create.work.container) }] : [],
  );
}
