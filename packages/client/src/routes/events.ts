import type { HttpClient } from '../http/http-client.ts';
import { resumeStream, type StreamOptions } from '../jobs/resume-stream.ts';
import type { EventsQuery } from '../types.ts';

/** An event of podman on a node. */
export interface NodeEvent {
  /** Position of the event; see `StreamOptions.after`. */
  readonly id: string;
  readonly event: 'container' | 'image' | 'network' | 'volume';
  /** Podman's name for the change, such as `start`, `died` or `health_status`. */
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
  /** `trimmed`: earlier events are no longer stored; `missed`: a node could not record all of its events. */
  readonly reason: 'trimmed' | 'missed';
  /** The node whose events are missing; `null` for all. */
  readonly node: string | null;
  readonly time: string;
}

/** Creates the call for the events of the fleet. */
export function createEventsApi(http: HttpClient) {
  return {
    /**
     * Yields events as they happen, until the signal is aborted. After a lost connection it continues after the last event; a
     * `gap` says that some may be missing.
     * @param options `after`: begins with the next event, or at `since`, by default
     * @throws ApiError, the reason of the signal, or UnreachableError if the API is unreachable for a minute
     */
    follow: (query: EventsQuery = {}, options: StreamOptions = {}): AsyncGenerator<NodeEvent | GapEvent> =>
      resumeStream(http, { path: '/events', query }, options),
  };
}
