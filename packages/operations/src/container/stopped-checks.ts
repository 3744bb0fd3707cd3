/** A container must be `stopped` at so many looks until its exit code is taken as not observed. */
const maxChecks = 10;

/**
 * Counts looks at a container that does not run any more. Podman says `stopped` for a moment before it writes `exited` and the exit
 * code; a container whose podman was killed in between stays `stopped`.
 */
export class StoppedChecks {
  #count = 0;

  /** Returns whether the exit code may still follow, so that the container has to be looked at again. */
  isExitCodePending(status: string): boolean {
    this.#count += 1;
    return status === 'stopped' && this.#count < maxChecks;
  }
}
