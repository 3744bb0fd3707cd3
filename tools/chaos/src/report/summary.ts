import type { Evidence, Verdict } from '../verdict/verdict.ts';
import type { ViolationKind } from '../verdict/violation.ts';

/** Counts of a run, for the table and the JSON file. */
export interface RunSummary {
  readonly seed: number;
  /** Duration of load and faults. */
  readonly seconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly intents: Readonly<Record<string, number>>;
  /** The responses to the callers' requests, by status, or by the outcome of the connection. */
  readonly responses: Readonly<Record<string, number>>;
  /** Acknowledged jobs. */
  readonly acknowledged: number;
  /** Jobs by final status. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Messages of failed jobs, with names masked. */
  readonly failures: Readonly<Record<string, number>>;
  /** Unknown jobs by the faults that happened while they ran. */
  readonly unknown: { readonly worker: number; readonly redis_only: number; readonly unexplained: number };
  /** Jobs that Redis had not written when it was killed. */
  readonly unwritten: number;
  readonly violations: Readonly<Record<ViolationKind, number>>;
  /** Milliseconds from the end of a fault until every API process answered a list. */
  readonly longest_recovery: number;
}

const none: Readonly<Record<ViolationKind, number>> = {
  lost: 0,
  run_twice: 0,
  false_success: 0,
  false_failure: 0,
  stuck: 0,
  two_ends: 0,
  unexpected: 0,
  unexplained_unknown: 0,
  file_in_part: 0,
  files_left: 0,
  containers_left: 0,
  processes_left: 0,
  podman_processes_left: 0,
  handed_out_twice: 0,
  idle_left: 0,
  crashed: 0,
};

export interface RunFacts {
  readonly seed: number;
  readonly seconds: number;
  /** In ms. */
  readonly longestRecoveryMs: number;
}

export function summarize({ journal, faults }: Evidence, { violations, unknown, unwritten }: Verdict, facts: RunFacts): RunSummary {
  const jobs = [...journal.jobs.values()];
  const callerResponses = journal.intents.flatMap(({ responses }) => responses).filter(({ request }) => request !== 'read');
  const byWorker = unknown.filter(({ reasons }) => reasons.some(({ role }) => role === 'worker')).length;
  const unexplained = unknown.filter(({ reasons }) => reasons.length === 0).length;
  return {
    seed: facts.seed,
    seconds: Math.round(facts.seconds),
    faults: count(faults.map(({ kind, role }) => `${kind} ${role}`)),
    intents: count(journal.intents.map(({ work }) => work.kind)),
    responses: count(callerResponses.map(({ outcome }) => (typeof outcome === 'string' ? outcome : String(outcome.status)))),
    acknowledged: jobs.filter(({ isAcknowledged }) => isAcknowledged).length,
    jobs: count(jobs.map(({ isGone, view }) => (isGone ? 'not found' : (view?.status ?? 'not read')))),
    failures: count(jobs.flatMap(({ view }) => (view?.status === 'failed' ? [maskNames(view.error)] : []))),
    unknown: { worker: byWorker, redis_only: unknown.length - byWorker - unexplained, unexplained },
    unwritten: unwritten.length,
    violations: { ...none, ...count(violations.map(({ kind }) => kind)) },
    longest_recovery: Math.round(facts.longestRecoveryMs),
  };
}

function maskNames(message = 'no message'): string {
  return message.replace(/chaos-[\w-]+/g, '…').slice(0, 80);
}

function count(values: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(values.toSorted(), value => value);
  return Object.fromEntries([...groups].map(([value, all]) => [value, all.length]));
}
