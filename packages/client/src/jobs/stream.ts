import { UnreachableError } from '../errors.ts';
import { readAnswer } from '../http/answer.ts';
import { path } from '../http/call.ts';
import type { Http } from '../http/http.ts';
import { whyNot } from '../http/why-not.ts';
import { linesOf } from './lines.ts';
import type { StreamEvent } from './output-event.ts';

/** A stream that is silent for so long, in ms, is dead: its heartbeat comes every ten seconds. */
const silence = 30_000;

/**
 * Reads a job's output once, until its stream ends or breaks.
 * @param after the last event that is not wanted
 * @throws ApiError, UnreachableError, or what the signal was aborted for
 */
export async function* readStream(http: Http, id: string, after: number, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  const silent = new AbortController();
  const watch = setTimeout(() => silent.abort(new UnreachableError('The stream of the output has fallen silent.', true)), silence);
  const either = signal ? AbortSignal.any([signal, silent.signal]) : silent.signal;
  const headers = { Accept: 'application/x-ndjson', 'Last-Event-ID': String(after) };
  try {
    const response = await http.open({ method: 'GET', path: path`/jobs/${id}/output`, headers, signal: either });
    if (!response.ok) await readAnswer(response);
    if (!response.body) return;
    for await (const line of linesOf(response.body)) {
      watch.refresh();
      const event: StreamEvent = JSON.parse(line);
      yield event;
    }
  } catch (error) {
    throw error instanceof TypeError ? whyNot(error, http.settings, either) : error;
  } finally {
    clearTimeout(watch);
  }
}
