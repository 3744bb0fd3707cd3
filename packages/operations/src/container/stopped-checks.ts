/** Number of checks at which a container must be `stopped` before its exit code counts as not observed. */
const maxChecks = 10;

/**
 * Counts checks of a container that no longer runs. Podman says `stopped` for a moment before it writes `exited` and the exit
 * code; a container whose podman was killed in between stays `stopped`.
 */
export class StoppedChecks {
  #count = 0;

  /** Returns whether the exit code may still follow, so that the container has to be checked again. */
  isExitCodePending(status: string): boolean {
    this.#count += 1;
    return status === 'stopped' && this.#count < maxChecks;
  }
}
