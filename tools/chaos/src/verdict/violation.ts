import type { Intent } from '../journal.ts';

/** Violations, with their names in the table. */
export const violationTexts = {
  lost: 'lost (acknowledged, but the job no longer exists)',
  run_twice: 'run twice',
  false_success: 'reported as succeeded, but not done',
  false_failure: 'reported as failed, but done',
  handed_out_twice: 'containers of a pool that were given to two callers',
  idle_left: 'idle containers that remain after their pool was removed',
  stuck: 'stuck (no final state, or no response, within 60 s)',
  two_ends: 'reported with two different outcomes',
  unexpected: 'unexpected responses',
  unexplained_unknown: 'unknown without a fault of its worker or Redis',
  file_in_part: 'partially uploaded files',
  files_left: 'temporary files of uploads that were not removed',
  containers_left: 'containers of runs that were not removed',
  processes_left: 'processes that were not ended in containers',
  podman_processes_left: 'podman and conmon processes that were not ended',
  crashed: 'processes of the service that exited without a signal, or with a code other than 0 after SIGTERM',
} as const;

export type ViolationKind = keyof typeof violationTexts;

/** A violation that was found. */
export interface Violation {
  readonly kind: ViolationKind;
  /** The reported and the observed state. */
  readonly text: string;
  /** Intent that the violation is about. */
  readonly intent?: Intent;
}
