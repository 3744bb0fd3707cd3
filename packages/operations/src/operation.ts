import type { ApiError, ErrorDetail } from '@podman-api/errors';
import type { Chunk, Podman, Take } from '@podman-api/podman';
import type { ObjectSchema, Schema } from 'joi';
import type { Renewals } from './container/expiry/renewals.ts';
import { explainPaused } from './container/paused.ts';
import { checkReference } from './container/reference.ts';
import type { Policy } from './policy/policy.ts';

/** What a running task is told beside its input. */
export interface Context {
  /** The job's id; it labels what the job makes and marks the processes it starts. */
  readonly job: string;
  /** When the job was submitted, in ms since 1970; it is signed with the job. */
  readonly createdAt: number;
  /** The host that the job runs on. */
  readonly node: string;
  /** Aborted with an `ApiError` when the job's time is over or it is cancelled. */
  readonly signal: AbortSignal;
  /** What may be asked for on this node; what `refusals` looks at is settled, the mounts are not. */
  readonly policy: Policy;
  /** Until when containers of this node are to live, where that was said after they were made. */
  readonly renewals: Renewals;
  /** Takes what the job's command writes, for callers to read while it runs and after. */
  readonly output: Take;
}

/** What a job's command wrote, as far as it stands in an answer. */
export interface Output {
  /** In the order of writing. */
  readonly chunks: readonly Chunk[];
  /** More was written than stands here. */
  readonly truncated: boolean;
}

/** What a token may be allowed to do. */
export type Scope = 'containers:read' | 'containers:write' | 'exec' | 'jobs' | 'nodes' | 'metrics' | 'admin';

/** Jobs wait in lanes of their own, so that long commands never starve quick reads. */
export type Lane = 'commands' | 'reads';

/** What a task that succeeded has done to the containers of its node. */
export type Effect =
  | { readonly made: { readonly id: string; readonly name: string; readonly ttl?: number | undefined } }
  /** By name, or by the beginning of its id. */
  | { readonly removed: string };

/** What a job can be of: how a worker runs it, and what the queue has to know of it. */
export interface Task<Input extends object = object, Result extends object = object> {
  /** `container.exec`: the noun and podman's own word. */
  readonly name: string;
  readonly input: ObjectSchema<Input>;
  /** Fields of the input that travel sealed and stand in no job. */
  readonly secrets: readonly string[];
  readonly lane: Lane;
  /** Whether a job whose worker died may be run again, for twice is no different from once. */
  readonly repeatable: boolean;
  /** Whether this input is to change something. */
  changes(input: Input): boolean;
  /** The name of the container that this input is to make, which nobody else in the fleet may have. */
  makes?(input: Input): string | undefined;
  /** How long this input may run, in seconds, where it says so itself. */
  timeout?(input: Input): number | undefined;
  /** What of a checked input the policy does not allow. */
  refusals?(input: Input, policy: Policy): readonly ErrorDetail[];
  /** Runs on the worker. */
  run(podman: Podman, input: Input, context: Context): Promise<Result>;
  effect?(input: Input, result: Result): Effect | undefined;
  /** Makes the answer of a result and the output of the job's command, where it has one. */
  present?(result: Result, output: Output): object;
  /**
   * Runs on a worker after the one that had the job has died: ends what is left of it and tells what can be seen
   * of its result: an `ApiError` where it can be seen that nothing of it is there, and nothing where the outcome stays
   * unknown. What it throws says that it could not look.
   */
  recover?(podman: Podman, input: Input, context: Context): Promise<Result | ApiError | undefined>;
}

/**
 * What callers can ask for, declared once: the API makes a route, a check and a job of it, the worker podman commands.
 *
 * The API merges the path's parameters, the query and the body into one input. A field stands in the path where
 * `path` has it, in the query where `query` lists it, and in the body otherwise.
 */
export interface Operation<Input extends object = object, Result extends object = object> extends Task<Input, Result> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base path. */
  readonly path: string;
  /** What a token needs to ask for it. */
  readonly scope: Scope;
  /** Whose it is: the node's that holds the container `name`, one's that is chosen for a new container, or all nodes'. */
  readonly reach: 'container' | 'new' | 'all';
  readonly query: readonly string[];
  /** The response's field that holds the result. */
  readonly noun: string;
  readonly status: 200 | 201;
  /** What it does, in a few words for the API's document, and what is to be known of it beside. */
  readonly summary: string;
  readonly description?: string;
  /** What stands under the noun, by status; tests hold every answer against it. */
  readonly results: Readonly<Partial<Record<200 | 201, Schema>>>;
  /** An input and what may come of it, for the API's document. */
  readonly example: { readonly input: Input; readonly result: object };
  /** The status where this input makes it another. */
  statusOf?(input: Input): 200 | 201;
  /** Where what was made can be read, below the base path; nothing where nothing was made. */
  location?(input: Input): string | undefined;
}

/**
 * Declares an operation: of one container, no query, no secrets, the commands' lane, not repeatable, status 200, and a
 * change unless it is a GET, unless it says so.
 */
export function define<Input extends object, Result extends object>(declared: Declared<Input, Result>): Operation<Input, Result> {
  const { method } = declared;
  const operation = {
    reach: 'container' as const,
    query: [],
    secrets: [],
    lane: 'commands' as const,
    repeatable: false,
    status: 200 as const,
    changes: () => method !== 'GET',
    ...declared,
  };
  if (operation.reach !== 'container') return operation;
  return {
    ...operation,
    async run(podman, input, context) {
      const name = 'name' in input && typeof input.name === 'string' ? input.name : '';
      await checkReference(podman, name, operation.changes(input));
      try {
        return await operation.run(podman, input, context);
      } catch (error) {
        throw await explainPaused(podman, name, error);
      }
    },
  };
}

type Optional = 'reach' | 'query' | 'secrets' | 'lane' | 'repeatable' | 'status' | 'changes';
type Declared<Input extends object, Result extends object> = Omit<Operation<Input, Result>, Optional> &
  Partial<Pick<Operation<Input, Result>, Optional>>;
