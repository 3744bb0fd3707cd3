import type { Lane } from './lanes.ts';

/** A kind of job: the fields that the queue needs. */
export interface JobType<Input extends object = object> {
  /** Noun and verb, such as `container.exec`. */
  readonly name: string;
  readonly lane: Lane;
  /** Input fields that are stored sealed, apart from the job. */
  readonly secrets: readonly string[];
  /** Whether the job is idempotent: it is run again if its worker dies. */
  readonly isRepeatable: boolean;
  /** Whether the result is stored sealed; default: only that of a read is. */
  readonly hasSecretResult?: boolean;
  /** Whether the outcome of a job whose worker died is left to the recovery, while the node has another worker; default: false. */
  readonly isRecoveryAwaited?: boolean;
  /** Whether a job with this input changes something; reads and dry runs do not. */
  changes(input: Input): boolean;
}

/** Finds a job type by name; returns `undefined` if this version does not know the name. */
export type JobTypes = (name: string) => Pick<JobType, 'isRepeatable' | 'hasSecretResult' | 'isRecoveryAwaited'> | undefined;
