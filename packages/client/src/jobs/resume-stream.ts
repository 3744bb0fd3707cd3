import { ApiError, type ErrorBody, UnreachableError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { ApiRequest } from '../http/request.ts';
import { readStream } from './read-stream.ts';
import { createReconnects } from './reconnects.ts';

/** Options of a stream of events. */
export interface StreamOptions {
  /** The `id` of the last event to skip. Default: none. */
  readonly after?: string | undefined;
  /** Stops reading. */
  readonly signal?: AbortSignal | undefined;
}

/** A line of a stream that is not an event. */
type OtherLine = { readonly id: string; readonly event: 'ping' } | ({ readonly id: string; readonly event: 'error' } & ErrorBody);

/**
 * Yields the events of a stream until one with the name `exit`, or forever. After a lost connection it continues after the last event.
 * @throws ApiError, the reason of the signal, or UnreachableError if the API is unreachable for a minute
 */
export async function* resumeStream<Event extends { readonly id: string; readonly event: string }>(
  http: HttpClient,
  request: Pick<ApiRequest, 'path' | 'query'>,
  { after, signal }: StreamOptions,
): AsyncGenerator<Event> {
  let lastId = after;
  const reconnects = createReconnects(http, signal);
  for (;;) {
    let failure: unknown = new UnreachableError('The API closed the stream of events.', true);
    try {
      for await (const line of readStream<Event | OtherLine>(http, request, lastId, signal)) {
        reconnects.onLine();
        if (isError(line)) throw new ApiError(line);
        if (line.id !== '') lastId = line.id;
        if (isPing(line)) continue;
        yield line;
        if (line.event === 'exit') return;
      }
    } catch (error) {
      failure = error;
    }
    await reconnects.wait(failure);
  }
}

type ErrorLine = Extract<OtherLine, { readonly event: 'error' }>;

function isError(line: { readonly event: string }): line is ErrorLine {
  return line.event === 'error';
}

function isPing(line: { readonly event: string }): line is Extract<OtherLine, { readonly event: 'ping' }> {
  return line.event === 'ping';
}
