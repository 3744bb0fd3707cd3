import type { FaultRecord } from '../faults/run.ts';
import type { Act, Journal, KnownJob } from '../journal.ts';
import type { ObservedState } from '../observed/observed-state.ts';
import { type ContainerActs, judgeContainer } from './container.ts';
import { judgeExec } from './exec.ts';
import type { Finding } from './finding.ts';
import { judgeAnswers, judgeJob } from './jobs.ts';
import { explain, type UnknownJob } from './unknown.ts';
import { isUnwritten } from './unwritten.ts';

/** What is to be said about a run. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly unknown: readonly UnknownJob[];
  /** Jobs that went with what Redis had not written when it was killed. */
  readonly unwritten: readonly KnownJob[];
}

/** What a run brought to light. */
export interface Evidence {
  readonly journal: Journal;
  readonly observed: ObservedState;
  readonly faults: readonly FaultRecord[];
  /** How processes of the service ended that nobody had ended. */
  readonly crashes: readonly string[];
}

/** Compares what callers were told with what really happened. */
export function judge({ journal, observed, faults, crashes }: Evidence): Verdict {
  const marksOf = ({ id }: Act) => observed.marks.get(id) ?? [];
  const jobs = [...journal.jobs.values()];
  const unknown = jobs.filter(({ view }) => view?.status === 'unknown').map(job => explain(job, marksOf(job.act), faults));
  const unwritten = jobs.filter(job => isUnwritten(job, faults));
  return {
    unknown,
    unwritten,
    findings: [
      ...journal.acts.flatMap(judgeAnswers),
      ...journal.acts.filter(({ work }) => work.kind === 'exec').flatMap(act => judgeExec(act, marksOf(act))),
      ...containersOf(journal).flatMap(acts => judgeContainer(acts, observed.containers.get(acts.create.work.container))),
      ...jobs.filter(job => !unwritten.includes(job)).flatMap(job => judgeJob(job, marksOf(job.act))),
      ...unknown
        .filter(({ reasons }) => reasons.length === 0)
        .map(({ job, text }): Finding => ({ offence: 'unexplained_unknown', act: job.act, text })),
      ...observed.processes.map(({ pid, command }): Finding => ({ offence: 'processes_left', text: `${pid} ${command}` })),
      ...observed.helpers.map(({ pid, command }): Finding => ({ offence: 'helpers_left', text: `${pid} ${command.slice(0, 300)}` })),
      ...journal.strange.map((text): Finding => ({ offence: 'unexpected', text })),
      ...crashes.map((text): Finding => ({ offence: 'crashed', text })),
    ],
  };
}

function containersOf({ acts }: Journal): ContainerActs[] {
  const removals = new Map(acts.filter(({ work }) => work.kind === 'remove').map(act => [act.work.container, act]));
  return acts.filter(({ work }) => work.kind === 'create').map(create => ({ create, remove: removals.get(create.work.container) }));
}
