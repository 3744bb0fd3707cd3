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
  /** Longest delay of its event loop in the last ten seconds: high if the host gives it too little CPU. */
  readonly event_loop_delay_ms: number;
  /** The labels of the node, see NODE_LABELS. */
  readonly labels: Readonly<Record<string, string>>;
  /** The value of `process.arch`, such as `x64` or `arm64`. */
  readonly arch: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Number of containers, running and stopped; `null` while unknown. */
  readonly containers: number | null;
  /** Number of containers whose labels, command or ports are too large for a list. */
  readonly shortened_containers: number;
  /** Why podman could not list the containers the last time; `null` if it could. */
  readonly list_error: string | null;
  /** State of the pools on the node, by name; empty unless this worker keeps them. */
  readonly pools: Readonly<Record<string, PoolReport>>;
}

/** State of a pool on a node. */
export interface PoolReport {
  /** Containers of its present specification that can be claimed, with an exec session. */
  readonly idle: number;
  /** Why the last container could not be created or kept; `null` if it could. */
  readonly error: string | null;
  /** When the next attempt is made after a failure, in ISO 8601. */
  readonly retry_at: string | null;
}

/** The result of the last probes of podman. */
export interface PodmanState {
  readonly working: boolean;
  readonly version: string | null;
  /** Why the last probe failed; `null` if it succeeded. */
  readonly error: string | null;
}
