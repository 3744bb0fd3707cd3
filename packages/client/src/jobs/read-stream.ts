import { UnreachableError } from '../errors.ts';
import { translateFetchError } from '../http/fetch-error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { ApiRequest } from '../http/request.ts';
import { readResponse } from '../http/response.ts';

/** A stream that is read and has no event for this long is dead: the API sends a `ping` every ten seconds. */
const idleTimeoutMs = 30_000;

/**
 * Yields the events of a stream until it ends or breaks.
 * @param after id of the last event to skip; `undefined` for none
 * @throws ApiError, UnreachableError, or the reason of the signal
 */
export async function* readStream<Event>(
  http: HttpClient,
  request: Pick<ApiRequest, 'path' | 'query'>,
  after: string | undefined,
  signal?: AbortSignal,
): AsyncGenerator<Event> {
  const idle = new AbortController();
  /** Whether the caller waits for the next event. */
  let isReading = true;
  const timer = setTimeout(() => {
    if (isReading) idle.abort(new UnreachableError(`The stream sent no event for ${idleTimeoutMs / 1000} seconds.`, true));
  }, idleTimeoutMs);
  const combined = signal ? AbortSignal.any([signal, idle.signal]) : idle.signal;
  const headers = { Accept: 'application/x-ndjson', ...(after !== undefined && { 'Last-Event-ID': after }) };
  try {
    const response = await http.open({ ...request, method: 'GET', headers, signal: combined });
    if (!response.ok) await readResponse(response);
    if (!response.body) return;
    for await (const line of readLines(response.body)) {
      const event: Event = JSON.parse(line);
      // The caller may take any time for an event, such as a pager.
      isReading = false;
      yield event;
      isReading = true;
      timer.refresh();
    }
  } catch (error) {
    throw error instanceof TypeError ? translateFetchError(error, http.settings, combined) : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Yields the lines of a UTF-8 stream. Text after the last newline belongs to a line that was cut off and is left out.
 * These lines are JSON, not server-sent events, so a package such as eventsource-parser would not replace this function.
 */
async function* readLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
