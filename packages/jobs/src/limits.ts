/** What is kept of jobs, and how many may wait. */
export interface Limits {
  /** How long the record of an ended job is kept. */
  readonly resultTtlSeconds: number;
  /** How many jobs may wait in one queue. */
  readonly maxQueue: number;
  /** Bytes of large inputs that may wait on a node. */
  readonly maxQueueBytes: number;
  /** Bytes of output that are kept of a node's ended jobs together. */
  readonly outputSpaceBytes: number;
}

/**
 * The keys of a job that nobody ends expire after this time: it may wait for long, and run for a day (the largest values of
 * JOB_TIMEOUT and `timeout`).
 */
export const maxJobLifeSeconds = 2 * 86_400;
