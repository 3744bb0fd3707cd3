import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { resumeStream, type StreamOptions } from '../jobs/resume-stream.ts';
import type { ContainerStats, LogsQuery } from '../types.ts';

/** Text that a container has written. */
export interface LogEvent {
  /** Position of the event; see `StreamOptions.after`. */
  readonly id: string;
  readonly event: 'stdout' | 'stderr';
  /** One or several lines, or a part of a line. */
  readonly text: string;
}

/** Lines may be missing here, because podman has replaced the log file. */
export interface LogGapEvent {
  readonly id: string;
  readonly event: 'gap';
}

/** The container has stopped. */
export interface ContainerExitEvent {
  readonly id: string;
  readonly event: 'exit';
  /** `null` if no exit code was observed. */
  readonly exit_code: number | null;
}

/** Resource usage of a container. */
export interface StatsEvent {
  readonly id: string;
  readonly event: 'stats';
  readonly stats: ContainerStats;
}

/** Creates the calls that stream events of a container. `name` is a name or an id. */
export function createContainerStreams(http: HttpClient) {
  return {
    /**
     * Yields a container's log as it is written, and `exit` when the container stops. After a lost connection it continues after the
     * last event.
     * @param query `tail` is 100 by default
     * @throws ApiError, the reason of the signal, or UnreachableError if the API is unreachable for a minute
     */
    followLogs: (
      name: string,
      query: Omit<LogsQuery, 'until'> = {},
      options: StreamOptions = {},
    ): AsyncGenerator<LogEvent | LogGapEvent | ContainerExitEvent> =>
      resumeStream(http, { path: path`/containers/${name}/logs`, query: { ...query, follow: true } }, options),
    /**
     * Yields the resource usage of a container every second, and `exit` when the container stops.
     * @throws ApiError (409 if it does not run), the reason of the signal, or UnreachableError if the API is unreachable for a minute
     */
    followStats: (name: string, options: Pick<StreamOptions, 'signal'> = {}): AsyncGenerator<StatsEvent | ContainerExitEvent> =>
      resumeStream(http, { path: path`/containers/${name}/stats`, query: { stream: true } }, options),
  };
}
