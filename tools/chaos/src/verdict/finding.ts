import type { Act } from '../journal.ts';

/** What may not happen, and how the table calls it. */
export const offences = {
  lost: 'lost (a caller was told of the job, and it is not there any more)',
  run_twice: 'run twice',
  false_success: 'reported as success but not done',
  false_failure: 'reported as failed but done',
  stuck: 'stuck (no end, or no answer, within 60 s)',
  two_ends: 'told with two different ends',
  unexpected: 'answered as the contract does not allow',
  unexplained_unknown: 'unknown, and nothing happened to its worker or Redis',
  processes_left: 'processes left in containers',
  helpers_left: 'podman and conmon processes left',
  crashed: 'processes of the service that ended by themselves, or not with 0 after SIGTERM',
} as const;

export type Offence = keyof typeof offences;

/** Something that happened and may not. */
export interface Finding {
  readonly offence: Offence;
  /** What was told and what was seen. */
  readonly text: string;
  /** Whose request it was about. */
  readonly act?: Act;
}
