/**
 * The containers of a node that podman pauses for a commit. So a worker that recovers the commit of a dead worker can
 * distinguish its pause from a caller's. All workers of the node share them.
 */
export interface CommitPauses {
  /** Records that podman will pause a container for a job. @param id the container's full id */
  begin(id: string, job: string): void;
  /** Returns the full id of the container that was recorded for a job; `undefined` if there is none, or it was withdrawn. */
  find(job: string): string | undefined;
  /** Deletes the record of a job. */
  end(job: string): void;
  /** Returns whether anything is recorded. */
  hasAny(): boolean;
  /** Deletes the records of a container: a caller pauses it, and only a caller may continue it. @param id its full id */
  withdraw(id: string): void;
}
