import type { ApiError, ErrorDetail } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { ByteChannel, ChunkSink, Output } from '@podman-api/runtime';
import type { ObjectSchema, Schema } from 'joi';
import type { CommitPauses } from './commit-pauses.ts';
import type { ContainerFeed } from './container-feed.ts';
import type { Policy } from './policy/policy.ts';
import type { PoolContainers } from './pool-containers.ts';
import type { Renewals } from './renewals.ts';

/** Context of a running task. */
export interface TaskContext {
  /** Id of the job; it labels the container that the job creates and marks the processes that it starts. */
  readonly job: string;
  /** When the job was submitted, in ms since 1970; it is signed with the job. */
  readonly createdAtMs: number;
  /** Name of the node that the job runs on. */
  readonly node: string;
  /** The name of the caller's token, which labels the container that the job creates; `null` if no tokens are used. */
  readonly token: string | null;
  /** Aborted with an `ApiError` when the job reaches its time limit or is cancelled. */
  readonly signal: AbortSignal;
  /** Policy of this node. `refusals` has been enforced already; the mounts have not. */
  readonly policy: Policy;
  /** Expiry times of containers of this node that were set after their creation. */
  readonly renewals: Renewals;
  /** The containers of this node that pools keep ready, and those that were claimed. */
  readonly pools: PoolContainers;
  /** The containers of this node that podman pauses for a commit. */
  readonly commitPauses: CommitPauses;
  /** Feed of the changes of this node's containers. */
  readonly containers: ContainerFeed;
  /** Receives the output of the job's command, which callers can read while it runs and afterwards. */
  readonly output: ChunkSink;
  /**
   * Joins the job's channel, which carries the bytes of an upload or download. Call it when the request is accepted: the API
   * sends nothing before. When the channel is broken, another call joins the one that the API has opened since.
   * @throws ApiError if there is no channel, because the caller has disconnected
   */
  channel(): Promise<ByteChannel>;
}

/** First message of a download: the status and headers of the response, whose body is the bytes that follow. */
export interface DownloadHead {
  readonly status: 200 | 206 | 304;
  readonly headers: Readonly<Record<string, string>>;
}

/** One event of a stream. */
export interface StreamEvent {
  /** Position after the event, at which a reader can continue (`Last-Event-ID`); `''` if there is none yet. */
  readonly id: string;
  readonly event: string;
  /** A JSON object. */
  readonly data: object;
}

/** A message on the channel of a stream's job. The first one, possibly without events, means that the request was accepted. */
export interface StreamMessage {
  readonly events: readonly StreamEvent[];
}

/** Permission that a token can have. */
export type Scope =
  | 'containers:read'
  | 'containers:write'
  | 'images:read'
  | 'images:write'
  | 'exec'
  | 'jobs'
  | 'nodes'
  | 'metrics'
  | 'admin';

/**
 * Queue of a node that a job waits in: quick reads have their own, so that long commands never delay them, and so have waits, which
 * run for long and start no process of their own.
 */
export type Lane = 'commands' | 'reads' | 'waits';

/** Change that a successful task made to the containers of its node. */
export type Effect =
  | {
      readonly created: {
        readonly id: string;
        readonly name: string;
        readonly ttl?: number | undefined;
        readonly hasHealthCheck?: boolean;
      };
    }
  /** The short id, and the new name. */
  | { readonly renamed: { readonly id: string; readonly name: string } }
  /** Containers' names, or beginnings of their ids. */
  | { readonly removed: string | readonly string[] };

/**
 * How to find the nodes that have a named resource other than a container, such as an image. All nodes are queried, because the
 * fleet has no directory of such resources; a fleet of one node needs no search.
 */
export interface ResourceReach<Input extends object = object> {
  /** Noun for error messages, such as `image`. */
  readonly kind: string;
  /**
   * Whether it is the same on all nodes that have it, so that any of them can answer; otherwise the caller has to
   * choose one of several.
   */
  readonly isSameOnAllNodes: boolean;
  /** Repeatable read that returns a list, which is empty if the node does not have the resource. */
  readonly locate: Task<{ readonly name: string }, readonly unknown[]>;
  /** Returns the name that `locate` gets. */
  nameOf(input: Input): string;
}

/** Resources of a container that count against the quotas of a token; a field is `undefined` if the container has no such limit. */
export interface ContainerResources {
  /** Bytes. */
  readonly memory: number | undefined;
  readonly cpus: number | undefined;
}

/** Type of a job: how a worker runs it, and its properties for the queue. */
export interface Task<Input extends object = object, Result extends object = object> {
  /** Noun and podman command, such as `container.exec`. */
  readonly name: string;
  readonly input: ObjectSchema<Input>;
  /** Fields of the input that are encrypted in Redis and are in no job or log. */
  readonly secrets: readonly string[];
  readonly lane: Lane;
  /** Whether the task is idempotent, so that a job whose worker died may run again. */
  readonly isRepeatable: boolean;
  /** Whether the result may hold contents of files, which must not be readable in Redis; default: false. */
  readonly hasSecretResult?: boolean;
  /** Whether the outcome of a job whose worker died is left to `recover`, while the node has another worker; default: false. */
  readonly isRecoveryAwaited?: boolean;
  /** Returns whether this input changes something. */
  changes(input: Input): boolean;
  /** Returns the name that this input gives to a container; no other container of the fleet may have it. */
  reservedName?(input: Input): string | undefined;
  /**
   * Returns the resources of the container that this input creates; `undefined` if it creates none. Every task that creates
   * a container has it: the container then counts for the quotas of the token until it is removed, or until the task ends and its
   * `effect` does not name the container.
   */
  resources?(input: Input): ContainerResources | undefined;
  /** Returns the time limit of this input in seconds; `undefined` for the default. */
  timeout?(input: Input): number | undefined;
  /** Returns what the policy forbids of a validated input. */
  refusals?(input: Input, policy: Policy): readonly ErrorDetail[];
  /** Runs on the worker. */
  run(podman: Podman, input: Input, context: TaskContext): Promise<Result>;
  effect?(input: Input, result: Result): Effect | undefined;
  /** Builds the response from the result and the output of the job's command. */
  present?(result: Result, output: Output): object;
  /**
   * Runs on a worker after the one that had the job has died: ends the job's remaining processes and determines its
   * result.
   * @returns an `ApiError` if nothing of the result exists, `undefined` if the outcome stays unknown
   * @throws if it cannot be determined now
   */
  recover?(podman: Podman, input: Input, context: TaskContext): Promise<Result | ApiError | undefined>;
}

/**
 * An operation that callers can request, declared once: the API derives its route, validation and job from it, and the
 * worker its podman commands.
 *
 * The API merges the path's parameters, the query and the body into one input. A field is read from the path if `path` has
 * it, from the query if `query` lists it, and from the body otherwise.
 */
export interface Operation<Input extends object = object, Result extends object = object> extends Task<Input, Result> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path of the route, below the base path. */
  readonly path: string;
  /** Scope that a token needs to request it. */
  readonly scope: Scope;
  /**
   * The nodes that run it:
   * - `container`: the one of the container `name`
   * - `new`: one that is chosen for a new container, by the fields `node` and `node_selector`
   * - `nodes`: as `new`, or several at once: those that match `node_selector`, or all with `all_nodes`
   * - `all`: all, and the response is one list
   * - a `ResourceReach`: one that has the named resource
   */
  readonly reach: 'container' | 'new' | 'nodes' | 'all' | ResourceReach<Input>;
  readonly query: readonly string[];
  /** Whether a job continues if its caller disconnects or stops waiting, even before it has begun; default: false. */
  readonly isDetached?: boolean;
  /** The request headers that fields of the input are read from, by field. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The request's body is bytes of this media type, which the worker reads from the job's channel. */
  readonly upload?: { readonly type: string; readonly acceptsGzip?: boolean };
  /** The response's body is bytes of this media type: `run` sends a `DownloadHead` on the job's channel, and then the bytes. */
  readonly download?: { readonly type: string; readonly statuses: readonly DownloadHead['status'][] };
  /** The request becomes a WebSocket, whose bytes and messages go by the job's channel. */
  readonly isWebSocket?: true;
  /** The same request as a stream of events, if a flag of the query is true. */
  readonly stream?: StreamVariant;
  /** The response's field that holds the result. */
  readonly noun: string;
  readonly status: 200 | 201;
  /** Summary in the OpenAPI document. */
  readonly summary: string;
  /** Details that the summary lacks, for the OpenAPI document. */
  readonly description?: string;
  /** Schema of the noun by status; tests validate every response with it. */
  readonly results: Readonly<Partial<Record<200 | 201, Schema>>>;
  /** An input, a possible result, and one of a dry run if there are any, for the OpenAPI document. */
  readonly example: { readonly input: Input; readonly result: object; readonly dryRunResult?: object };
  /** Returns the status for this input; default: `status`. */
  statusOf?(input: Input): 200 | 201;
  /** Returns the path of what was created, below the base path; `undefined` if nothing was. */
  location?(input: Input, result: Result): string | undefined;
  /** Returns the name of the pool that the input is for: the API then runs `container.claim` instead. */
  poolOf?(input: Input): string | undefined;
  /** Returns the schema for an input; default: `input`, which the OpenAPI document describes. */
  inputFor?(given: object): ObjectSchema<Input>;
}

/** A task that callers can request, with the properties that the API needs to run it for them. */
export type RequestedTask<Input extends object = object, Result extends object = object> = Task<Input, Result> &
  Pick<Operation<Input, Result>, 'scope' | 'reach'>;

/** A stream of events in place of an operation's response. */
export interface StreamVariant {
  /** The flag of the query. */
  readonly flag: string;
  /** The operation whose job sends the events. It runs until its reader disconnects, and its response has no body of its own. */
  readonly operation: Operation;
  /** Whether the events have a `text`, which alone is sent as `text/plain`. */
  readonly hasText: boolean;
  /** The events, for the OpenAPI document. */
  readonly description: string;
  readonly example: readonly StreamEvent[];
}
