/** One way to have podman do something; every method does the same thing in every way. */
export interface Way {
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
  /** Puts a file of 1 KiB into the container. */
  file(container: string): Promise<unknown>;
  /** The same, whole or not at all. */
  wholeFile?(container: string): Promise<unknown>;
  /** Stops a container and then removes it: what the first leaves to be cleaned up, the second waits for. */
  end(container: string): Promise<unknown>;
}

/** Has BusyBox; made by the set-up. */
export const image = 'localhost/podman-api/busybox:latest';

/** Writes a hundred lines and waits, but not for SIGTERM's sake. */
export const command = ['sh', '-c', 'for i in $(seq 100); do echo "line $i"; done; exec sleep 3600'];

export const content = 'x'.repeat(1024);
