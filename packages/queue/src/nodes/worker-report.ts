/** What a worker process tells of itself every second. */
export interface WorkerReport {
  readonly id: string;
  readonly node: string;
  readonly pid: number;
  readonly started_at: string;
  readonly max_workers: number;
  /** podman commands that run now. */
  readonly running: number;
  /** It ends what it has and takes nothing new. */
  readonly stopping: boolean;
  readonly podman: PodmanState;
}

export interface PodmanState {
  readonly working: boolean;
  readonly version: string | null;
  /** Why it does not work. */
  readonly error: string | null;
}
