/** Limits for stored and queued jobs. */
export interface Limits {
  /** Time after which the record of an ended job expires. */
  readonly resultTtlSeconds: number;
  /** Maximum number of waiting jobs per queue. */
  readonly maxQueue: number;
  /** Maximum total size of the large inputs that are queued on a node. */
  readonly maxQueueBytes: number;
  /** Maximum output that is kept for all ended jobs of a node together. */
  readonly outputSpaceBytes: number;
}

/**
 * The keys of a job that never ends expire after this time. It leaves a day for waiting and a day for running, the maximum of
 * JOB_TIMEOUT and `timeout`.
 */
export const maxJobLifeSeconds = 2 * 86_400;

/** Maximum time between two steps of adding a job, even in an API process that gets little CPU. */
export const addTimeoutMs = 10_000;
