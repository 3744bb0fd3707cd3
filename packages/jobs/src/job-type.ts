import type { Lane } from './lanes.ts';

/** What the queue needs to know of a kind of job. */
export interface JobType<Input extends object = object> {
  /** `container.exec`: noun and verb. */
  readonly name: string;
  readonly lane: Lane;
  /** Fields of the input that are sealed and stand in no job. */
  readonly secrets: readonly string[];
  /** Whether a job whose worker died may run again, because running it twice is the same as once. */
  readonly repeatable: boolean;
  /** Whether a job with this input changes something. */
  changes(input: Input): boolean;
}

/** Finds a job type by name; `undefined` if this version knows none of that name. */
export type JobTypes = (name: string) => Pick<JobType, 'repeatable'> | undefined;
