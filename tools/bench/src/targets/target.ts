/** Something that runs podman operations, to be measured. Each method does the same thing in every target. */
export interface Target {
  readonly name: string;
  create(container: string): Promise<unknown>;
  start(container: string): Promise<unknown>;
  stop(container: string): Promise<unknown>;
  remove(container: string): Promise<unknown>;
  list(): Promise<unknown>;
  inspect(container: string): Promise<unknown>;
  logs(container: string): Promise<unknown>;
  /** Runs `true`. */
  exec(container: string): Promise<unknown>;
  /** Writes a file of 1 KiB into the container. */
  file(container: string): Promise<unknown>;
  /** Writes the same file atomically. `undefined` if the target cannot do that. */
  wholeFile?(container: string): Promise<unknown>;
  /** Stops a container and removes it. Measured together, because the removal waits for the clean-up of the stop. */
  end(container: string): Promise<unknown>;
}

/** Image with BusyBox, made by the set-up. */
export const image = 'localhost/podman-api/busybox:latest';

/** Writes a hundred lines, then waits. It ignores SIGTERM, as the first process of a container does by default. */
export const command = ['sh', '-c', 'for i in $(seq 100); do echo "line $i"; done; exec sleep 3600'];

/** Content of the file that is written into containers: 1 KiB. */
export const content = 'x'.repeat(1024);
