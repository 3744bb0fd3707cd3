/** What an API process must know of workers to end the jobs that no worker will end. */
export interface WorkerWatch {
  /** Whether Redis answered the last reading. */
  readonly isRedisAvailable: boolean;
  /** Workers that have died. */
  readonly gone: readonly { readonly id: string; readonly node: string }[];
  /** Whether a worker, known or not, has died. */
  isGone(worker: string): boolean;
  /** Whether a node has a worker that takes jobs. */
  takes(node: string): boolean;
  /** Whether all workers of a node have died or are stopping. */
  abandoned(node: string): boolean;
  /** Registers a callback for the end of each reading. */
  onLook(listener: () => void): void;
  /** Forgets a dead worker whose jobs have all been ended. */
  forgetWorker(worker: string): Promise<void>;
}
