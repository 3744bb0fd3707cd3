import type { NodeSet } from './bullmq/queues.ts';

/** The state of the workers: the part that is needed to end the jobs of dead ones. */
export interface WorkerWatch {
  /** Whether Redis answered the last reading. */
  readonly isRedisAvailable: boolean;
  /** All nodes that have not been removed, as of the last reading. */
  readonly nodes: NodeSet;
  /** Dead workers that have not been forgotten. */
  readonly deadWorkers: readonly { readonly id: string; readonly node: string }[];
  /** Whether a worker is dead; also true for an unknown worker. */
  isDead(worker: string): boolean;
  /** Whether a node has a worker that takes jobs. */
  canTakeJobs(node: string): boolean;
  /** Whether all workers of a node have died or are stopping. */
  isAbandoned(node: string): boolean;
  /** Registers a callback for the end of each reading. */
  onRefresh(listener: () => void): void;
  /** Forgets a dead worker whose jobs have all been ended. */
  forgetWorker(worker: string): Promise<void>;
}
