import type { Idempotency, JobReader, JobSubmitter, JobType, Outcome, Requester, Submitted } from '@podman-api/jobs';
import type { RedisClient } from '@podman-api/redis';
import type { Fleet } from '../heartbeats/fleet.ts';

/** What dispatching needs. */
export interface DispatchParts {
  readonly redis: RedisClient;
  readonly jobs: JobSubmitter & Pick<JobReader, 'await' | 'isQueued' | 'stateOf'>;
  readonly fleet: Fleet;
  /** The type of job that finds containers on a node by a name or id prefix; its result is a list of `FoundContainer`. */
  readonly findType: JobType;
}

/** A job that a caller asks for. */
export interface Call extends Requester {
  readonly type: JobType;
  readonly input: object;
  readonly idempotency?: Idempotency | undefined;
  /** The name to reserve in the fleet for the container that the job creates. */
  readonly reservedName?: string | undefined;
  /** Whether the job runs even if no caller waits for it. */
  readonly detached?: boolean;
}

/** A call of one job. */
export interface AwaitedCall extends Call {
  /** Whether a detached job is waited for all the same. */
  readonly awaitDetached?: boolean;
  /** Starts the wait for the job; called right before it is submitted, again if it is submitted to another node. */
  beginWait(): AbortSignal;
  /** Called with the id of each job that was submitted. */
  onSubmitted?(id: string): void;
}

/** Submits the job of a call to a node, see dispatcher.ts. */
export type SubmitToNode = (call: Call, node: string, signal: AbortSignal) => Promise<Submitted>;

/** A job that was run for a call. */
export interface Run {
  readonly id: string;
  /** `undefined` if the wait ended first, or no caller waits. */
  readonly outcome: Outcome | undefined;
}
