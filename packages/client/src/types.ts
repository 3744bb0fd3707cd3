import type { components } from '../generated/api.d.ts';

/** Schemas of the OpenAPI document, docs/openapi.json. */
type Schemas = components['schemas'];

/** A container of an image, or one of a pool. */
export type CreateRequest = ImageCreateRequest | PoolCreateRequest;
export type ImageCreateRequest = Omit<Schemas['ContainerCreateRequest'], 'pool'> & { readonly image: string; readonly name: string };
export type PoolCreateRequest = Pick<Schemas['ContainerCreateRequest'], 'name' | 'ttl' | 'labels'> & { readonly pool: string };
export type Pool = Schemas['Pool'];
export type PoolRequest = Schemas['PoolPutRequest'];
/** A pool that was removed. */
export interface RemovedPool {
  readonly name: string;
  readonly removed: true;
}
export type ExecRequest = Schemas['ContainerExecRequest'];
export type FileRequest = Schemas['ContainerAddFileRequest'];
export type UserRequest = Schemas['ContainerAddUserRequest'];
export type RunRequest = Schemas['RunCreateRequest'];

export type PullRequest = Schemas['ImagePullRequest'];
export type PushRequest = Schemas['ImagePushRequest'];
export type PruneImagesRequest = Schemas['ImagePruneRequest'];

export type ListedImage = Schemas['ListedImage'];
export type ImageDetails = Schemas['ImageDetails'];
export type PulledImage = Schemas['PulledImage'];
export type BuiltImage = Schemas['BuiltImage'];
export type LoadedImage = Schemas['LoadedImage'];
export type PushedImage = Schemas['PushedImage'];
export type TaggedImage = Schemas['TaggedImage'];
export type RemovedImage = Schemas['RemovedImage'];
export type PrunedImage = Schemas['PrunedImage'];
export type FailedNode = Schemas['FailedNode'];

export type CreatedContainer = Schemas['CreatedContainer'];
export type StartedContainer = Schemas['StartedContainer'];
export type StoppedContainer = Schemas['StoppedContainer'];
export type RestartedContainer = Schemas['RestartedContainer'];
export type KilledContainer = Schemas['KilledContainer'];
export type PausedContainer = Schemas['PausedContainer'];
export type UnpausedContainer = Schemas['UnpausedContainer'];
export type RenamedContainer = Schemas['RenamedContainer'];
export type RemovedContainer = Schemas['RemovedContainer'];
export type ListedContainer = Schemas['ListedContainer'];
export type ContainerDetails = Schemas['ContainerDetails'];
export type ContainerLogs = Schemas['ContainerLogs'];
export type Execution = Schemas['Execution'];
export type AddedFile = Schemas['AddedFile'];
export type ContainerFile = Schemas['ContainerFile'];
export type ExtractedArchive = Schemas['ExtractedArchive'];
export type AddedUser = Schemas['AddedUser'];
export type RenewedContainer = Schemas['RenewedContainer'];
export type WaitedContainer = Schemas['WaitedContainer'];
export type WaitCondition = WaitedContainer['condition'];
export type FinishedRun = Schemas['FinishedRun'];
export type UpdateRequest = Schemas['ContainerUpdateRequest'];
export type CommitRequest = Schemas['ContainerCommitRequest'];
export type ContainerProcesses = Schemas['ContainerProcesses'];
export type ContainerStats = Schemas['ContainerStats'];
export type ContainerChanges = Schemas['ContainerChanges'];
export type UpdatedContainer = Schemas['UpdatedContainer'];
export type CommittedImage = Schemas['CommittedImage'];
export type PruneRequest = Schemas['ContainerPruneRequest'];
export type PrunedContainer = Schemas['PrunedContainer'];
export type Node = Schemas['Node'];
export type Token = Schemas['Token'];
export type VolumeCreateRequest = Schemas['VolumeCreateRequest'];
export type Volume = Schemas['Volume'];
export type VolumeDetails = Schemas['VolumeDetails'];
export type RemovedVolume = Schemas['RemovedVolume'];
export type PrunedVolume = Schemas['PrunedVolume'];
export type NetworkCreateRequest = Schemas['NetworkCreateRequest'];
export type NetworkConnectRequest = Schemas['NetworkConnectRequest'];
export type NetworkDisconnectRequest = Schemas['NetworkDisconnectRequest'];
export type Network = Schemas['Network'];
export type NetworkDetails = Schemas['NetworkDetails'];
export type RemovedNetwork = Schemas['RemovedNetwork'];
export type PrunedNetwork = Schemas['PrunedNetwork'];
export type ConnectedContainer = Schemas['ConnectedContainer'];
export type DisconnectedContainer = Schemas['DisconnectedContainer'];

/** Filters of a list of volumes or networks. */
export interface ResourceQuery {
  /** `name=value` or a name; if there are several, all must match. */
  readonly label?: string | readonly string[] | undefined;
  /** A part of the name. */
  readonly name?: string | undefined;
  /** Whether no container uses it. */
  readonly dangling?: boolean | undefined;
  readonly node?: string | undefined;
}

/** The node, if several have the named resource; for a list or prune, the only node. */
export interface NodeQuery {
  readonly node?: string | undefined;
}

/** Volumes, and the nodes that did not answer in time. */
export interface VolumeList {
  readonly volumes: readonly Volume[];
  readonly unreachable: readonly string[];
}

/** Networks, and the nodes that did not answer in time. */
export interface NetworkList {
  readonly networks: readonly Network[];
  readonly unreachable: readonly string[];
}

/** Criteria for listed images. */
export interface ImagesQuery {
  /** A reference in which `*` matches any characters. */
  readonly reference?: string | undefined;
  readonly dangling?: boolean | undefined;
  /** `name=value` or a name; if there are several, all must match. */
  readonly label?: string | readonly string[] | undefined;
  readonly node?: string | undefined;
}

/** Volumes that were removed, and the nodes that did not answer in time. */
export interface PrunedVolumeList {
  readonly volumes: readonly PrunedVolume[];
  readonly unreachable: readonly string[];
}

/** Networks that were removed, and the nodes that did not answer in time. */
export interface PrunedNetworkList {
  readonly networks: readonly PrunedNetwork[];
  readonly unreachable: readonly string[];
}

/** Images, and the nodes that did not answer in time. */
export interface ImageList {
  readonly images: readonly ListedImage[];
  readonly unreachable: readonly string[];
}

/** Images that were removed, and the nodes that did not answer in time. */
export interface PrunedImageList {
  readonly images: readonly PrunedImage[];
  readonly unreachable: readonly string[];
}

/** The jobs of a pull on several nodes, and the nodes that have none. */
export interface PullJobs {
  readonly jobs: readonly Job<PulledImage>[];
  readonly failed: readonly FailedNode[];
}

/** The result of a pull on several nodes. */
export interface PulledImages {
  readonly images: readonly PulledImage[];
  readonly failed: readonly FailedNode[];
}

/** All containers, and the nodes that did not answer in time. */
export interface ContainerList {
  readonly containers: readonly ListedContainer[];
  readonly unreachable: readonly string[];
}

/** Containers that were to be removed, and the nodes that did not answer in time. */
export interface PrunedContainerList {
  readonly containers: readonly PrunedContainer[];
  readonly unreachable: readonly string[];
}

/** Criteria for events. */
export interface EventsQuery {
  readonly type?: 'container' | 'image' | 'network' | 'volume';
  /** Name of a container, or the beginning of its id. */
  readonly container?: string;
  readonly node?: string;
  /** Time from which stored events are sent too: RFC 3339, seconds since 1970, or an age such as `10m`. */
  readonly since?: string;
}

/** Part of a log to read. */
export interface LogsQuery {
  /** Number of the last lines to return. */
  readonly tail?: number | 'all' | undefined;
  /** RFC 3339, seconds since 1970, or an age such as `10m`. */
  readonly since?: string | undefined;
  /** End of the part, in the forms of `since`. */
  readonly until?: string | undefined;
  readonly timestamps?: boolean | undefined;
}

/** A call in the queue, or its outcome. */
export type Job<Result = Schemas['Job']['result']> = Omit<Schemas['Job'], 'result'> & { readonly result?: Result };
/** Result for one run of a batch: its job, or why it was not submitted. */
export type SubmittedRun = { readonly job: Pick<Job<FinishedRun>, 'id' | 'url'> } | { readonly error: Schemas['JobError'] };
/** A status of a job. */
export type JobStatus = Job['status'];
export type ListedJob = Schemas['ListedJob'];

/** Criteria for listed jobs. */
export interface JobsQuery {
  readonly status?: JobStatus | undefined;
  readonly operation?: string | undefined;
  readonly container?: string | undefined;
  readonly node?: string | undefined;
  /** Number of jobs on a page. Default: 50. */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A page of jobs, the newest first. */
export interface JobPage {
  /** Newest first. */
  readonly jobs: readonly ListedJob[];
  /** Cursor of the next page; `null` on the last page. */
  readonly cursor: string | null;
}
