/** What is kept of jobs, and how many may wait. */
export interface Limits {
  /** How long what is known of an ended job is kept, in seconds. */
  readonly resultTtl: number;
  /** How many jobs may wait in a node's queue. */
  readonly maxQueue: number;
  /** Bytes of large inputs that may wait on a node. */
  readonly maxQueueBytes: number;
  /** Bytes of output that are kept of a node's ended jobs, all together. */
  readonly outputSpace: number;
}

/**
 * What belongs to a job that nobody ends is forgotten after so many seconds: it may wait for long, and run for a day
 * (JOB_TIMEOUT's and `timeout`'s largest value).
 */
export const longestLife = 2 * 86_400;
