import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { type CallOptions, type ChangeOptions, readField, readFleetList, runJob, submitJob } from '../jobs/run-job.ts';
import type {
  AddedFile,
  AddedUser,
  CommitRequest,
  CommittedImage,
  ContainerChanges,
  ContainerDetails,
  ContainerList,
  ContainerLogs,
  ContainerProcesses,
  ContainerStats,
  CreatedContainer,
  CreateRequest,
  ExecRequest,
  Execution,
  FileRequest,
  Job,
  KilledContainer,
  ListedContainer,
  LogsQuery,
  NodeQuery,
  PausedContainer,
  PrunedContainer,
  PrunedContainerList,
  PruneRequest,
  RemovedContainer,
  RenamedContainer,
  RenewedContainer,
  RestartedContainer,
  StartedContainer,
  StoppedContainer,
  UnpausedContainer,
  UpdatedContainer,
  UpdateRequest,
  UserRequest,
  WaitCondition,
  WaitedContainer,
} from '../types.ts';
import { createContainerStreams } from './container-streams.ts';

/**
 * Creates the calls for containers. `name` is a name or an id. All but `submitExec` wait for their jobs.
 */
export function createContainersApi(http: HttpClient) {
  const post = (target: string, body: object, query?: object) => ({ method: 'POST', path: target, body, query }) as const;
  const inspect = (name: string, options?: CallOptions): Promise<ContainerDetails> =>
    readField(http, { method: 'GET', path: path`/containers/${name}` }, 'container', options);
  const logs = (name: string, query: LogsQuery = {}, options?: CallOptions): Promise<ContainerLogs> =>
    readField(http, { method: 'GET', path: path`/containers/${name}/logs`, query }, 'container', options);

  return {
    /** Creates a container and starts it. */
    create: (body: CreateRequest, options?: ChangeOptions): Promise<CreatedContainer> => runJob(http, post('/containers', body), options),
    start: (name: string, options?: ChangeOptions): Promise<StartedContainer> =>
      runJob(http, post(path`/containers/${name}/start`, {}), options),
    stop: (name: string, query: { readonly timeout?: number } = {}, options?: ChangeOptions): Promise<StoppedContainer> =>
      runJob(http, post(path`/containers/${name}/stop`, {}, query), options),
    /** Stops a container and starts it again. @param query `timeout`: seconds between SIGTERM and SIGKILL; default: 10 */
    restart: (name: string, query: { readonly timeout?: number } = {}, options?: ChangeOptions): Promise<RestartedContainer> =>
      runJob(http, post(path`/containers/${name}/restart`, {}, query), options),
    /** Sends a signal to the container's main process, and does not wait for its effect. Default: SIGKILL. */
    kill: (name: string, body: { readonly signal?: string | number } = {}, options?: ChangeOptions): Promise<KilledContainer> =>
      runJob(http, post(path`/containers/${name}/kill`, body), options),
    pause: (name: string, options?: ChangeOptions): Promise<PausedContainer> =>
      runJob(http, post(path`/containers/${name}/pause`, {}), options),
    unpause: (name: string, options?: ChangeOptions): Promise<UnpausedContainer> =>
      runJob(http, post(path`/containers/${name}/unpause`, {}), options),
    rename: (name: string, newName: string, options?: ChangeOptions): Promise<RenamedContainer> =>
      runJob(http, post(path`/containers/${name}/rename`, { new_name: newName }), options),
    /** Sets the container's remaining time to live, in seconds. */
    renew: (name: string, body: { readonly ttl: number }, options?: ChangeOptions): Promise<RenewedContainer> =>
      runJob(http, post(path`/containers/${name}/renew`, body), options),
    /** Changes the limits of a container. */
    update: (name: string, body: UpdateRequest, options?: ChangeOptions): Promise<UpdatedContainer> =>
      runJob(http, post(path`/containers/${name}/update`, body), options),
    /** Creates an image from a container. */
    commit: (name: string, body: CommitRequest, options?: ChangeOptions): Promise<CommittedImage> =>
      runJob(http, post(path`/containers/${name}/commit`, body), options),
    remove: (name: string, query: { readonly force?: boolean } = {}, options?: ChangeOptions): Promise<RemovedContainer> =>
      runJob(http, { method: 'DELETE', path: path`/containers/${name}`, query }, options),
    /** Runs a command and waits for it. A failed command is not an error; see `exit_code`. */
    exec: (name: string, body: ExecRequest, options?: ChangeOptions): Promise<Execution> =>
      runJob(http, post(path`/containers/${name}/exec`, body), options),
    /** Submits a command and returns its job without waiting; `jobs.output` follows it. */
    submitExec: (name: string, body: ExecRequest, options?: ChangeOptions): Promise<Job<Execution>> =>
      submitJob(http, post(path`/containers/${name}/exec`, body), options),
    addFile: (name: string, body: FileRequest, options?: ChangeOptions): Promise<AddedFile> =>
      runJob(http, post(path`/containers/${name}/files`, body), options),
    addUser: (name: string, body: UserRequest, options?: ChangeOptions): Promise<AddedUser> =>
      runJob(http, post(path`/containers/${name}/users`, body), options),
    /** Removes containers that have stopped, on all nodes or on one. */
    prune: async (body: PruneRequest = {}, query: NodeQuery = {}, options?: CallOptions): Promise<PrunedContainerList> => {
      const request = post('/containers/prune', body, query);
      const { items, unreachable } = await readFleetList<'containers', PrunedContainer>(http, request, 'containers', options);
      return { containers: items, unreachable };
    },
    /** Lists all containers, and the nodes that did not answer in time. */
    list: async (options?: CallOptions): Promise<ContainerList> => {
      const request = { method: 'GET', path: '/containers' } as const;
      const { items, unreachable } = await readFleetList<'containers', ListedContainer>(http, request, 'containers', options);
      return { containers: items, unreachable };
    },
    inspect,
    logs,
    /** Lists the processes of a running container. */
    top: (name: string, options?: CallOptions): Promise<ContainerProcesses> =>
      readField(http, { method: 'GET', path: path`/containers/${name}/top` }, 'container', options),
    /** Returns the resource usage of a running container. */
    stats: (name: string, options?: CallOptions): Promise<ContainerStats> =>
      readField(http, { method: 'GET', path: path`/containers/${name}/stats` }, 'stats', options),
    /** Lists the changes of a container's file system. */
    changes: (name: string, options?: CallOptions): Promise<ContainerChanges> =>
      readField(http, { method: 'GET', path: path`/containers/${name}/changes` }, 'container', options),
    /** Waits until a container has stopped (default), runs or is healthy. */
    wait: (name: string, query: { readonly condition?: WaitCondition } = {}, options?: CallOptions): Promise<WaitedContainer> =>
      readField(http, { method: 'GET', path: path`/containers/${name}/wait`, query }, 'container', options),
    ...createContainerStreams(http),
  };
}
