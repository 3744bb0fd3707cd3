import type { Offence } from '../verdict/finding.ts';
import type { Evidence, Verdict } from '../verdict/verdict.ts';

/** What is counted in a run; the same stands in the table and in the JSON. */
export interface Figures {
  readonly seed: number;
  /** How long there were load and faults, in seconds. */
  readonly seconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  /** The answers to what callers wanted, by status or by what became of the connection. */
  readonly answers: Readonly<Record<string, number>>;
  /** Jobs that callers were told of. */
  readonly acknowledged: number;
  /** How the jobs ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** The words of those that failed, names left out. */
  readonly failures: Readonly<Record<string, number>>;
  /** Unknown jobs by what happened while they ran. */
  readonly unknown: { readonly worker: number; readonly redis_only: number; readonly unexplained: number };
  /** Jobs that went with what Redis had not written when it was killed. */
  readonly unwritten: number;
  readonly offences: Readonly<Record<Offence, number>>;
  /** From a fault's end until a list came back through each API process, in ms. */
  readonly longest_recovery: number;
}

const none: Readonly<Record<Offence, number>> = {
  lost: 0,
  run_twice: 0,
  false_success: 0,
  false_failure: 0,
  stuck: 0,
  two_ends: 0,
  unexpected: 0,
  unexplained_unknown: 0,
  processes_left: 0,
  helpers_left: 0,
  crashed: 0,
};

export interface RunFacts {
  readonly seed: number;
  readonly seconds: number;
  /** In ms. */
  readonly longestRecovery: number;
}

export function figuresOf({ journal, faults }: Evidence, { findings, unknown, unwritten }: Verdict, facts: RunFacts): Figures {
  const jobs = [...journal.jobs.values()];
  const asked = journal.acts.flatMap(({ told }) => told).filter(({ request }) => request !== 'read');
  const byWorker = unknown.filter(({ reasons }) => reasons.some(({ role }) => role === 'worker')).length;
  const unexplained = unknown.filter(({ reasons }) => reasons.length === 0).length;
  return {
    seed: facts.seed,
    seconds: Math.round(facts.seconds),
    faults: count(faults.map(({ kind, role }) => `${kind} ${role}`)),
    acts: count(journal.acts.map(({ work }) => work.kind)),
    answers: count(asked.map(({ outcome }) => (typeof outcome === 'string' ? outcome : String(outcome.status)))),
    acknowledged: jobs.filter(({ acknowledged }) => acknowledged).length,
    ends: count(jobs.map(({ gone, view }) => (gone ? 'not there' : (view?.status ?? 'not read')))),
    failures: count(jobs.flatMap(({ view }) => (view?.status === 'failed' ? [wordsOf(view.error)] : []))),
    unknown: { worker: byWorker, redis_only: unknown.length - byWorker - unexplained, unexplained },
    unwritten: unwritten.length,
    offences: { ...none, ...count(findings.map(({ offence }) => offence)) },
    longest_recovery: Math.round(facts.longestRecovery),
  };
}

function wordsOf(message = 'no message'): string {
  return message.replace(/chaos-[\w-]+/g, '…').slice(0, 80);
}

function count(values: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(values.toSorted(), value => value);
  return Object.fromEntries([...groups].map(([value, all]) => [value, all.length]));
}
