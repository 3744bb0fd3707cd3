import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, UnreachableError } from '../errors.ts';
import type { Http } from '../http/http.ts';
import { askedWait, passes } from '../http/retry.ts';
import type { BrokenEvent, OutputEvent, StreamEvent } from './output-event.ts';
import { readStream } from './stream.ts';
import { patienceForJobs } from './wait.ts';

/** The pause before a stream is opened again, in ms. */
const pause = 250;

/** Where to begin, and what ends it. */
export interface OutputOptions {
  /** The `id` of the last event that is not wanted. */
  readonly after?: number;
  /** Ends the reading; the job goes on. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a job's command writes, as it comes and from the beginning, and how it ended. Where the stream is cut it goes on
 * behind the last event: none is lost and none comes twice.
 * @throws ApiError, or UnreachableError when the API has been away for a minute
 */
export async function* followOutput(http: Http, id: string, { after = 0, signal }: OutputOptions = {}): AsyncGenerator<OutputEvent> {
  let last = after;
  let heard = performance.now();
  for (;;) {
    let broken: unknown = new UnreachableError('The stream of the output ended before the job did.', true);
    try {
      for await (const event of readStream(http, id, last, signal)) {
        heard = performance.now();
        if (event.event === 'ping') continue;
        if (isBroken(event)) throw new ApiError(event);
        last = event.id;
        yield event;
        if (event.event === 'exit' || event.event === 'error') return;
      }
    } catch (error) {
      broken = error;
    }
    signal?.throwIfAborted();
    if (!passes(broken) || performance.now() - heard > Math.max(patienceForJobs, http.settings.patience)) throw broken;
    http.settings.onRetry(broken);
    await delay(Math.max(pause, askedWait(broken)), undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

function isBroken(event: StreamEvent): event is BrokenEvent {
  return event.event === 'error' && event.status === undefined;
}
