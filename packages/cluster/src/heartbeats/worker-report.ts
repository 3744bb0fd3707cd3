/** The report that a worker process publishes about itself and its node every second. */
export interface WorkerReport {
  readonly id: string;
  readonly node: string;
  readonly pid: number;
  readonly started_at: string;
  readonly max_workers: number;
  /** podman commands that run now. */
  readonly running: number;
  /** Whether it finishes its running jobs and takes no new ones. */
  readonly stopping: boolean;
  readonly podman: PodmanState;
  /** Longest delay of its event loop in the last ten seconds: high where the host gives it too little CPU. */
  readonly event_loop_delay_ms: number;
  /** The labels of the node, see NODE_LABELS. */
  readonly labels: Readonly<Record<string, string>>;
  /** As Node.js names it: `x64`, `arm64`. */
  readonly arch: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** How many containers there are, running and stopped; `null` while that is not known. */
  readonly containers: number | null;
  /** How many of them have labels, a command or ports that are too large for a list. */
  readonly shortened_containers: number;
  /** Why podman could not list the containers the last time; `null` if it could. */
  readonly list_error: string | null;
}

export interface PodmanState {
  readonly working: boolean;
  readonly version: string | null;
  /** Why it does not work. */
  readonly error: string | null;
}
