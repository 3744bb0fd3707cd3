import { UnreachableError } from '../errors.ts';
import { translateFetchError } from '../http/fetch-error.ts';
import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { readResponse } from '../http/response.ts';
import type { StreamEvent } from './output-event.ts';

/** A stream without an event for this long is dead: the API sends a `ping` every ten seconds. */
const idleTimeoutMs = 30_000;

/**
 * Yields the events of a job's output until the stream ends or breaks.
 * @param after id of the last event to skip
 * @throws ApiError, UnreachableError, or the reason of the signal
 */
export async function* readStream(http: HttpClient, id: string, after: number, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  const idle = new AbortController();
  const timer = setTimeout(
    () => idle.abort(new UnreachableError(`The output stream sent no event for ${idleTimeoutMs / 1000} seconds.`, true)),
    idleTimeoutMs,
  );
  const combined = signal ? AbortSignal.any([signal, idle.signal]) : idle.signal;
  const headers = { Accept: 'application/x-ndjson', 'Last-Event-ID': String(after) };
  try {
    const response = await http.open({ method: 'GET', path: path`/jobs/${id}/output`, headers, signal: combined });
    if (!response.ok) await readResponse(response);
    if (!response.body) return;
    for await (const line of readLines(response.body)) {
      timer.refresh();
      const event: StreamEvent = JSON.parse(line);
      yield event;
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
