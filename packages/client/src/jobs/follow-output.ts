import { ApiError, UnreachableError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import type { OutputEvent, OutputLine, StreamErrorEvent } from './output-event.ts';
import { readStream } from './read-stream.ts';
import { createReconnects } from './reconnects.ts';

/** Options of `followOutput`. */
export interface OutputOptions {
  /** The `id` of the last event to skip. Default: 0, which skips none. */
  readonly after?: number;
  /** Stops reading; the job continues. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields the output of a job's command as it is written, and the job's outcome. After a lost connection it continues after the
 * last event: no event is lost or repeated.
 * @throws ApiError, the reason of the signal, or UnreachableError if the API is unreachable for a minute
 */
export async function* followOutput(http: HttpClient, id: string, { after = 0, signal }: OutputOptions = {}): AsyncGenerator<OutputEvent> {
  let lastId = after;
  const reconnects = createReconnects(http, signal);
  for (;;) {
    let failure: unknown = new UnreachableError('The output stream closed before the job finished.', true);
    try {
      for await (const event of readStream<OutputLine>(http, { path: path`/jobs/${id}/output` }, String(lastId), signal)) {
        reconnects.onLine();
        if (event.event === 'ping') continue;
        if (isStreamError(event)) throw new ApiError(event);
        lastId = event.id;
        yield event;
        if (event.event === 'exit' || event.event === 'error') return;
      }
    } catch (error) {
      failure = error;
    }
    await reconnects.wait(failure);
  }
}

function isStreamError(event: OutputLine): event is StreamErrorEvent {
  return event.event === 'error' && event.status === undefined;
}
