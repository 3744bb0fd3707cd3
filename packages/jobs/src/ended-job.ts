import type { JobOrigin, Outcome } from './job.ts';

/** A job that has ended. */
export interface EndedJob {
  readonly id: string;
  readonly job: JobOrigin;
  readonly outcome: Outcome;
  /** Run time; `null` if it never began. */
  readonly durationMs: number | null;
}

/** Hooks for the jobs that this process ends. */
export interface EndHooks {
  /** Called once for each job, with the outcome that this process saw, before Redis has stored it. */
  readonly onEnd: (ended: EndedJob) => void;
  /**
   * Called when Redis has stored the outcome, with the job without its input, result and output. Must be idempotent: if
   * Redis may have lost the outcome, it is stored again and the hook is called again with the same object.
   * @param isStored false if the job had already ended with another outcome, which stays
   */
  readonly onStored: (ended: EndedJob, isStored: boolean) => Promise<void>;
}
