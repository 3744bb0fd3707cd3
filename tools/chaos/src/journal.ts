import { isEnd, type JobReport } from './http/job.ts';
import type { CheckedResponse } from './http/response.ts';
import type { Failure } from './http/send.ts';
import type { Work } from './load/work.ts';

/** A request of an intent, with its response. */
export interface RecordedResponse {
  /** Time of the response, in ms since 1970. */
  readonly receivedAtMs: number;
  readonly request: 'submit' | 'cancel' | 'read';
  /** Number of the API process. */
  readonly api: number;
  readonly outcome: CheckedResponse | Failure;
}

/** An operation that a caller wants to run once, with all its requests. */
export interface Intent {
  readonly id: string;
  readonly work: Work;
  /** In ms since 1970. */
  readonly startedAtMs: number;
  readonly responses: RecordedResponse[];
  /** The jobs that responses named. */
  readonly jobs: KnownJob[];
}

/** A job that a response named. */
export interface KnownJob {
  readonly id: string;
  readonly intent: Intent;
  /** Whether a response confirmed that the job exists; an error with an unknown state does not. */
  isAcknowledged: boolean;
  /** The job as it was last read. */
  view?: JobReport;
  /** Whether the last read returned 404. */
  isGone: boolean;
}

/** Records all intents of callers and the responses to them. */
export class Journal {
  readonly intents: Intent[] = [];
  readonly jobs = new Map<string, KnownJob>();
  /** Unexpected responses to requests that belong to no intent. */
  readonly unexpected: string[] = [];

  /** Adds an intent. @param id written to the file of marks; the prefix of its request ids, before a dot */
  addIntent(id: string, work: Work): Intent {
    const intent: Intent = { id, work, startedAtMs: Date.now(), responses: [], jobs: [] };
    this.intents.push(intent);
    return intent;
  }

  /** Records a response. */
  recordResponse(intent: Intent, response: RecordedResponse): void {
    intent.responses.push(response);
    const { outcome } = response;
    if (typeof outcome === 'string' || !outcome.job) return;
    const { status } = outcome.job;
    const isUncertain = outcome.status === 503 && (status === undefined || status === 'unknown');
    const job = this.#findOrAddJob(intent, outcome.job.id);
    if (response.request === 'read' && outcome.status === 200) job.view = outcome.job;
    job.isAcknowledged ||= !isUncertain;
  }

  /** Records a read of a job. */
  recordRead(job: KnownJob, response: RecordedResponse): void {
    const { outcome } = response;
    if (typeof outcome === 'string') return;
    const hasNewStatus = outcome.job?.status !== job.view?.status;
    if (outcome.status === 200 && hasNewStatus) this.recordResponse(job.intent, response);
    if (outcome.status === 200 || outcome.status === 404) job.isGone = outcome.status === 404;
  }

  /** Adds a job that no response named, by the id of its request. */
  addJob({ id, requestId = '' }: JobReport): void {
    const intent = this.intents.find(candidate => candidate.id === requestId.split('.')[0]);
    if (intent) this.#findOrAddJob(intent, id);
  }

  /** Jobs whose final state is not known. */
  get openJobs(): KnownJob[] {
    return [...this.jobs.values()].filter(({ view, isGone }) => !isGone && !isEnd(view?.status));
  }

  #findOrAddJob(intent: Intent, id: string): KnownJob {
    const known = this.jobs.get(id);
    if (known) return known;
    const job: KnownJob = { id, intent, isAcknowledged: false, isGone: false };
    this.jobs.set(id, job);
    intent.jobs.push(job);
    return job;
  }
}
