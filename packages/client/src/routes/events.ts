import { ApiError, type ErrorBody, UnreachableError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { getRetryAfterMs, isRetryable } from '../http/retry.ts';
import { readStream } from '../jobs/read-stream.ts';
import { minRetryTimeoutMs } from '../jobs/wait-for-job.ts';
import { sleep } from '../sleep.ts';
import type { EventsQuery } from '../types.ts';

/** An event of podman on a node. */
export interface NodeEvent {
  /** Position of the event; see `EventsOptions.after`. */
  readonly id: string;
  readonly event: 'container' | 'image' | 'network' | 'volume';
  /** Podman's word, such as `start`, `died` or `health_status`. */
  readonly action: string;
  /** The short id of the container or image; `''` for a volume. */
  readonly resource_id: string;
  readonly name: string;
  /** Reference of a container's image. */
  readonly image: string | null;
  readonly node: string;
  readonly time: string;
  /** Exit code of a container that has died. */
  readonly exit_code: number | null;
  /** Health of a container, in a `health_status`. */
  readonly health: string | null;
}

/** Events may be missing here. */
export interface GapEvent {
  readonly id: string;
  readonly event: 'gap';
  /** `trimmed`: those before are no longer stored; `missed`: a node could not record all of its events. */
  readonly reason: 'trimmed' | 'missed';
  /** The node whose events are missing; `null` for all. */
  readonly node: string | null;
  readonly time: string;
}

type Line =
  | NodeEvent
  | GapEvent
  | { readonly id: string; readonly event: 'ping' }
  | ({ readonly id: string; readonly event: 'error' } & ErrorBody);

/** Options of `events.follow`. */
export interface EventsOptions {
  /** The `id` of the last event to skip. Default: begins with the next event, or at `since`. */
  readonly after?: string;
  /** Stops reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Delay before a stream is opened again. */
const reconnectDelayMs = 250;

/** Creates the call for the events of the fleet. */
export function createEventsApi(http: HttpClient) {
  return {
    /**
     * Yields events as they happen, until the signal is aborted. After a lost connection it continues after the last event; a
     * `gap` says that some may be missing.
     * @throws ApiError, the reason of the signal, or UnreachableError if the API is unreachable for a minute
     */
    async *follow(query: EventsQuery = {}, { after, signal }: EventsOptions = {}): AsyncGenerator<NodeEvent | GapEvent> {
      let lastId = after;
      let lastLineAt = performance.now();
      for (;;) {
        let failure: unknown = new UnreachableError('The API closed the stream of events.', true);
        try {
          for await (const line of readStream<Line>(http, { path: '/events', query }, lastId, signal)) {
            lastLineAt = performance.now();
            if (line.event === 'error') throw new ApiError(line);
            if (line.id !== '') lastId = line.id;
            if (line.event !== 'ping') yield line;
          }
        } catch (error) {
          failure = error;
        }
        signal?.throwIfAborted();
        const retryTimeoutMs = Math.max(minRetryTimeoutMs, http.settings.retryTimeoutMs);
        if (!isRetryable(failure) || performance.now() - lastLineAt > retryTimeoutMs) throw failure;
        http.settings.onRetry(failure);
        await sleep(Math.max(reconnectDelayMs, getRetryAfterMs(failure)), signal);
      }
    },
  };
}
