import { ApiUnavailable, authorization } from '../shared/api.js';

/** Pause before a lost stream is opened again. */
const pauseMs = 2000;
/** A stream that sends nothing for this long, not even a ping, counts as lost. */
const silenceMs = 45_000;

/**
 * Follows the output of a job from its beginning to its outcome, also after a lost connection.
 * @param {string} job id
 * @param {AbortSignal} signal ends it
 * @returns {AsyncGenerator<import('./types.d.ts').OutputEvent>} the events without pings; the last one has a `status`
 * @throws {Error} with the message of the API, if it refuses; ApiUnavailable if it is aborted
 */
export async function* followOutput(job, signal) {
  let last = 0;
  for (;;) {
    try {
      for await (const event of readEvents(job, last, signal)) {
        last = event.id;
        if (event.event === 'ping') continue;
        // An error without a status is one of the stream, such as an API process that stops.
        if (event.event === 'error' && event.status === undefined) break;
        yield event;
        if (event.status !== undefined) return;
      }
    } catch (error) {
      if (!(error instanceof ApiUnavailable) || signal.aborted) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, pauseMs));
  }
}

/** @param {string} job @param {number} after @param {AbortSignal} signal @returns {AsyncGenerator<import('./types.d.ts').OutputEvent>} */
async function* readEvents(job, after, signal) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`/api/v1/jobs/${job}/output`, {
      headers: { ...authorization(), Accept: 'application/x-ndjson', 'Last-Event-ID': String(after) },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
  } catch (cause) {
    clearTimeout(timer);
    throw new ApiUnavailable('The API does not respond.', { cause });
  }
  try {
    if (response.status !== 200) throw await refusalOf(response);
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of chunksOf(response)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response @returns {AsyncGenerator<Uint8Array>} @throws {ApiUnavailable} */
async function* chunksOf({ body }) {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(cause => {
        throw new ApiUnavailable('The connection was lost.', { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Ends the request if the caller needs no more.
    void reader.cancel().catch(() => {});
  }
}

/** @param {Response} response @returns {Promise<Error>} */
async function refusalOf(response) {
  if (response.status >= 500) return new ApiUnavailable(`The API responded with status ${response.status}.`);
  const body = await response.json().catch(() => ({}));
  return new Error(body.error?.message ?? `The API responded with status ${response.status}.`);
}
