import { ApiError, UnreachableError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { getRetryAfterMs, isRetryable } from '../http/retry.ts';
import { sleep } from '../sleep.ts';
import type { OutputEvent, OutputLine, StreamErrorEvent } from './output-event.ts';
import { readStream } from './read-stream.ts';
import { minRetryTimeoutMs } from './wait-for-job.ts';

/** Delay before a stream is opened again. */
const reconnectDelayMs = 250;

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
  /** Time of the first failure since the last event. A caller may take any time for an event, and the process may be stopped. */
  let failingSinceMs: number | undefined;
  for (;;) {
    let failure: unknown = new UnreachableError('The output stream closed before the job finished.', true);
    try {
      for await (const event of readStream<OutputLine>(http, { path: path`/jobs/${id}/output` }, String(lastId), signal)) {
        failingSinceMs = undefined;
        if (event.event === 'ping') continue;
        if (isStreamError(event)) throw new ApiError(event);
        lastId = event.id;
        yield event;
        if (event.event === 'exit' || event.event === 'error') return;
      }
    } catch (error) {
      failure = error;
    }
    signal?.throwIfAborted();
    const retryTimeoutMs = Math.max(minRetryTimeoutMs, http.settings.retryTimeoutMs);
    failingSinceMs ??= performance.now();
    if (!isRetryable(failure) || performance.now() - failingSinceMs > retryTimeoutMs) throw failure;
    http.settings.onRetry(failure);
    await sleep(Math.max(reconnectDelayMs, getRetryAfterMs(failure)), signal);
  }
}

function isStreamError(event: OutputLine): event is StreamErrorEvent {
  return event.event === 'error' && event.status === undefined;
}
