import type { Idempotency, JobReader, JobSubmitter, JobType, Outcome, Requester, SubmittedJob } from '@podman-api/jobs';
import type { RedisClient } from '@podman-api/redis';
import type { Fleet } from '../heartbeats/fleet.ts';
import type { Quotas, Resources } from '../quotas/quotas.ts';

/** Dependencies for dispatching jobs. */
export interface DispatchParts {
  readonly redis: RedisClient;
  readonly jobs: JobSubmitter & Pick<JobReader, 'await' | 'isQueued' | 'readState'>;
  readonly fleet: Fleet;
  /** The type of job that finds containers on a node by a name or id prefix; its result is a list of `FoundContainer`. */
  readonly findType: JobType;
  /** Time limit of a read that is run on several nodes before a call, in ms: `REQUEST_TIMEOUT`. */
  readonly requestTimeoutMs: number;
  /** Time that the other nodes have for a read once one has answered, in ms; default: 30,000. */
  readonly stragglerTimeoutMs?: number;
}

/** A request of a caller for one job. */
export interface JobRequest extends Requester {
  readonly type: JobType;
  readonly input: object;
  readonly idempotency?: Idempotency | undefined;
  /** The name to reserve in the fleet for the container that the job creates. */
  readonly reservedName?: string | undefined;
  /** The URL to which the job is sent when it has ended. */
  readonly callbackUrl?: string | undefined;
  /** The quotas of the caller's token; default: none. */
  readonly quotas?: Quotas | undefined;
  /** Resources of the container that the job creates, which count against the quotas of the token; `undefined` if it creates none. */
  readonly resources?: Resources | undefined;
  /** Whether the job runs even if no caller waits for it. */
  readonly isDetached?: boolean;
}

/** A call whose caller may wait for the outcome. */
export interface AwaitedCall extends JobRequest {
  /** Whether to wait for a detached job too. */
  readonly shouldAwaitDetached?: boolean;
  /** Called with the id of each job before it is submitted; a job of an Idempotency-Key may exist already. */
  onBeforeSubmit?(id: string): Promise<void>;
  /** Starts the wait for the job. Called right before the job is submitted, and again if it is submitted to another node. */
  startWait(): AbortSignal;
  /** Called with the id of each job that was submitted. */
  onSubmitted?(id: string): void;
}

/** Limits of the wait for the nodes of a call. */
export interface NodesWait {
  /** Ends the wait when it is aborted. */
  readonly signal: AbortSignal;
  /** Whether the wait also ends some time after the first success, see `DispatchParts.stragglerTimeoutMs`; default: false. */
  readonly limitsStragglers?: boolean;
}

/** What the functions of a dispatcher share, see `createDispatchContext`. */
export interface DispatchContext extends DispatchParts {
  /**
   * Submits the job of a call to a node. Every job of an API process is submitted by it.
   * @throws ApiError (403) if a quota does not allow the job; and as `Dispatcher.runOnNode`
   */
  readonly submitToNode: (
    call: JobRequest & Pick<AwaitedCall, 'onBeforeSubmit'>,
    node: string,
    signal: AbortSignal,
  ) => Promise<SubmittedJob>;
}

/** A job that was run for a call. */
export interface DispatchedJob {
  readonly id: string;
  /** `undefined` if the wait ended first, or no caller waits. */
  readonly outcome: Outcome | undefined;
}
