import { path } from '../http/call.ts';
import type { Http } from '../http/http.ts';
import { begin, type CallOptions, type ChangeOptions, perform, read } from '../jobs/perform.ts';
import { followLog, type LogQuery } from '../logs/follow.ts';
import type { LogRecord } from '../logs/records.ts';
import type {
  AddedFile,
  AddedUser,
  ContainerDetails,
  ContainerList,
  ContainerLogs,
  CreatedContainer,
  CreateRequest,
  ExecRequest,
  Execution,
  FileRequest,
  Job,
  LogsQuery,
  RemovedContainer,
  RenewedContainer,
  StartedContainer,
  StoppedContainer,
  UserRequest,
} from '../types.ts';

/** What a container's status is while it may yet write. */
const mayWrite: ReadonlySet<string> = new Set(['initialized', 'running', 'paused', 'stopping']);

/** Everything about containers; `name` is a name or an id. Each waits for its job to end, unless it says otherwise. */
export function containersOf(http: Http) {
  const post = (at: string, body: object, query?: object) => ({ method: 'POST', path: at, body, query }) as const;
  const inspect = (name: string, options?: CallOptions): Promise<ContainerDetails> =>
    read(http, { method: 'GET', path: path`/containers/${name}` }, 'container', options);
  const logs = (name: string, query: LogsQuery | LogQuery = {}, options?: CallOptions): Promise<ContainerLogs> =>
    read(http, { method: 'GET', path: path`/containers/${name}/logs`, query }, 'container', options);

  return {
    /** Creates a container and starts it. */
    create: (body: CreateRequest, options?: ChangeOptions): Promise<CreatedContainer> => perform(http, post('/containers', body), options),
    start: (name: string, options?: ChangeOptions): Promise<StartedContainer> =>
      perform(http, post(path`/containers/${name}/start`, {}), options),
    stop: (name: string, query: { readonly timeout?: number } = {}, options?: ChangeOptions): Promise<StoppedContainer> =>
      perform(http, post(path`/containers/${name}/stop`, {}, query), options),
    /** Gives a container so many seconds to live from now on. */
    renew: (name: string, body: { readonly ttl: number }, options?: ChangeOptions): Promise<RenewedContainer> =>
      perform(http, post(path`/containers/${name}/renew`, body), options),
    remove: (name: string, query: { readonly force?: boolean } = {}, options?: ChangeOptions): Promise<RemovedContainer> =>
      perform(http, { method: 'DELETE', path: path`/containers/${name}`, query }, options),
    /** Runs a command, and waits for it: a command that fails is no error, `exit_code` tells. */
    exec: (name: string, body: ExecRequest, options?: ChangeOptions): Promise<Execution> =>
      perform(http, post(path`/containers/${name}/exec`, body), options),
    /** Runs a command and waits for nothing; `jobs.output` follows it. */
    beginExec: (name: string, body: ExecRequest, options?: ChangeOptions): Promise<Job<Execution>> =>
      begin(http, post(path`/containers/${name}/exec`, body), options),
    addFile: (name: string, body: FileRequest, options?: ChangeOptions): Promise<AddedFile> =>
      perform(http, post(path`/containers/${name}/files`, body), options),
    addUser: (name: string, body: UserRequest, options?: ChangeOptions): Promise<AddedUser> =>
      perform(http, post(path`/containers/${name}/users`, body), options),
    /** All containers, and the nodes that did not answer in time. */
    list: async ({ signal }: CallOptions = {}): Promise<ContainerList> => {
      const { containers, unreachable = [] } = await http.send<Partial<ContainerList>>({ method: 'GET', path: '/containers', signal });
      return { containers: containers ?? [], unreachable };
    },
    inspect,
    logs,
    /** Follows a container's log until it has ended, by looks at it twice a second. */
    followLogs: (name: string, { tail = 'all', since }: LogsQuery = {}, { signal }: CallOptions = {}): AsyncGenerator<LogRecord> =>
      followLog(
        {
          read: query => logs(name, query, { signal }),
          isRunning: async () => mayWrite.has((await inspect(name, { signal })).status),
        },
        { tail, since },
        signal,
      ),
  };
}
