import type { components } from '../generated/api.d.ts';

/** What the API's document (docs/openapi.json) calls so. */
type Schemas = components['schemas'];

export type CreateRequest = Schemas['ContainerCreateRequest'];
export type ExecRequest = Schemas['ContainerExecRequest'];
export type FileRequest = Schemas['ContainerAddFileRequest'];
export type UserRequest = Schemas['ContainerAddUserRequest'];

export type CreatedContainer = Schemas['CreatedContainer'];
export type StartedContainer = Schemas['StartedContainer'];
export type StoppedContainer = Schemas['StoppedContainer'];
export type RemovedContainer = Schemas['RemovedContainer'];
export type ListedContainer = Schemas['ListedContainer'];
export type ContainerDetails = Schemas['ContainerDetails'];
export type ContainerLogs = Schemas['ContainerLogs'];
export type Execution = Schemas['Execution'];
export type AddedFile = Schemas['AddedFile'];
export type AddedUser = Schemas['AddedUser'];
export type RenewedContainer = Schemas['RenewedContainer'];
export type Node = Schemas['Node'];

/** All containers, and the nodes that did not answer in time. */
export interface ContainerList {
  readonly containers: readonly ListedContainer[];
  readonly unreachable: readonly string[];
}

export interface LogsQuery {
  /** The last lines only. */
  readonly tail?: number | 'all' | undefined;
  /** RFC 3339, seconds since 1970, or how long ago, as in `10m`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly timestamps?: boolean | undefined;
}

/** A call on its way through the queue, or its outcome. */
export type Job<Result = Schemas['Job']['result']> = Omit<Schemas['Job'], 'result'> & { readonly result?: Result };
export type JobStatus = Job['status'];
export type ListedJob = Schemas['ListedJob'];

export interface JobsQuery {
  readonly status?: JobStatus | undefined;
  readonly operation?: string | undefined;
  readonly container?: string | undefined;
  readonly node?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface JobPage {
  readonly jobs: readonly ListedJob[];
  readonly cursor: string | null;
}
