import type { Answer } from './http/answer.ts';
import { isEnd, type JobReport } from './http/job.ts';
import type { Failure } from './http/send.ts';
import type { Work } from './load/work.ts';

/** One request about an act, and what came of it. */
export interface Told {
  /** When the answer came, in ms since 1970. */
  readonly at: number;
  readonly request: 'act' | 'cancel' | 'read';
  /** Which API process was asked. */
  readonly api: number;
  readonly outcome: Answer | Failure;
}

/** Something that a caller wants done once. */
export interface Act {
  readonly id: string;
  readonly work: Work;
  /** In ms since 1970. */
  readonly begunAt: number;
  readonly told: Told[];
  /** The jobs that were heard of. */
  readonly jobs: KnownJob[];
}

/** A job that the harness has heard of. */
export interface KnownJob {
  readonly id: string;
  readonly act: Act;
  /** Whether the caller was told that there is this job; an error that says its state is unknown does not tell that. */
  acknowledged: boolean;
  /** As it was read last. */
  view?: JobReport;
  /** The last look found that there is no such job. */
  gone: boolean;
}

/** All that callers wanted and were told. */
export class Journal {
  readonly acts: Act[] = [];
  readonly jobs = new Map<string, KnownJob>();
  /** Answers that the contract does not allow and that are about no act. */
  readonly strange: string[] = [];

  /** @param id stands in the ledger, and in the ids of its requests, before a dot */
  open(id: string, work: Work): Act {
    const act: Act = { id, work, begunAt: Date.now(), told: [], jobs: [] };
    this.acts.push(act);
    return act;
  }

  /** Notes what a caller was told. */
  tell(act: Act, told: Told): void {
    act.told.push(told);
    const { outcome } = told;
    if (typeof outcome === 'string' || !outcome.job) return;
    const { status } = outcome.job;
    const doubtful = outcome.status === 503 && (status === undefined || status === 'unknown');
    const job = this.#learn(act, outcome.job.id);
    if (told.request === 'read' && outcome.status === 200) job.view = outcome.job;
    job.acknowledged ||= !doubtful;
  }

  /** Notes that a job was looked for. */
  look(job: KnownJob, told: Told): void {
    const { outcome } = told;
    if (typeof outcome === 'string') return;
    const isNews = outcome.job?.status !== job.view?.status;
    if (outcome.status === 200 && isNews) this.tell(job.act, told);
    if (outcome.status === 200 || outcome.status === 404) job.gone = outcome.status === 404;
  }

  /** Learns of a job that no answer told of, by the id of the request that made it. */
  overhear({ id, requestId = '' }: JobReport): void {
    const act = this.acts.find(candidate => candidate.id === requestId.split('.')[0]);
    if (act) this.#learn(act, id);
  }

  /** The jobs of which nobody has heard how they ended. */
  get unended(): KnownJob[] {
    return [...this.jobs.values()].filter(({ view, gone }) => !gone && !isEnd(view?.status));
  }

  #learn(act: Act, id: string): KnownJob {
    const known = this.jobs.get(id);
    if (known) return known;
    const job: KnownJob = { id, act, acknowledged: false, gone: false };
    this.jobs.set(id, job);
    act.jobs.push(job);
    return job;
  }
}
