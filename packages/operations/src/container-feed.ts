/** An event of a container, as `podman events` reports it. */
export interface ContainerEvent {
  /** The short id. */
  readonly id: string;
  readonly status: 'create' | 'remove' | 'rename' | 'start' | 'unpause' | 'died' | 'health_status' | 'exec_died';
  /** When it happened, in ms since 1970; podman 5 reports whole seconds, of which this is the end. */
  readonly timeMs: number;
  /** Exit code of a container that died; `null` if podman did not observe it. */
  readonly exitCode: number | null;
}

/** The state of a container in a list. */
export interface ContainerState {
  /** Podman's name of the status, such as `running`. */
  readonly status: string;
  /** `null` unless the container has exited and podman observed the exit code. */
  readonly exitCode: number | null;
}

/** A job that follows changes of containers; it has methods for those that concern it. */
export interface ContainerListener {
  onEvent?(event: ContainerEvent): void;
  /**
   * Called whenever podman has listed all containers, because events may be lost.
   * @param containers by short id
   * @param startedAtMs when the query for the list began, in ms since 1970
   */
  onList?(containers: ReadonlyMap<string, ContainerState>, startedAtMs: number): void;
  /** Called when the worker shuts down. */
  onStop?(): void;
}

/** Changes of the containers of a node. It starts no process for a listener: the worker follows podman anyway. */
export interface ContainerFeed {
  /** Adds a listener. @returns the function that removes it */
  subscribe(listener: ContainerListener): () => void;
}
