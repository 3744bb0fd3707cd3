import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpClient } from '../src/http/http-client.ts';
import type { ApiRequest } from '../src/http/request.ts';
import { followOutput } from '../src/jobs/follow-output.ts';
import { resumeStream } from '../src/jobs/resume-stream.ts';
import { resolveSettings } from '../src/settings.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A response whose events the test writes. */
interface OpenStream {
  write(event: object): void;
  /** Fails as a response of `fetch` does. @param code of the connection's error */
  fail(code: string): void;
}

/** An API whose first response has one event, and whose second response has the last one. */
function createStreamingApi() {
  const requests: ApiRequest[] = [];
  const streams: OpenStream[] = [];
  const http: HttpClient = {
    settings: resolveSettings({ retryTimeoutSeconds: 0 }, {}),
    send: () => Promise.reject(new Error('only streams are requested')),
    async open(request) {
      requests.push(request);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          request.signal?.addEventListener('abort', () => controller.error(request.signal?.reason), { once: true });
          streams.push({
            write: event => controller.enqueue(Buffer.from(`${JSON.stringify(event)}\n`)),
            fail: code => controller.error(new TypeError('terminated', { cause: Object.assign(new Error('closed'), { code }) })),
          });
        },
      });
      streams.at(-1)?.write(requests.length === 1 ? { id: '1', event: 'stdout', text: 'a' } : lastEvent);
      return new Response(body);
    },
  };
  return { http, first: () => streams[0], lastIds: () => requests.map(({ headers }) => headers?.['Last-Event-ID']) };
}

const lastEvent = { id: '2', event: 'exit' };

describe.each([
  ['the output of a job', (http: HttpClient) => followOutput(http, 'j'), '0'],
  ['a log', (http: HttpClient) => resumeStream(http, { path: '/containers/c/logs' }, {}), undefined],
])('%s', (_name, open, firstId) => {
  /** Reads the first event, and nothing for longer than the time for retries. */
  const readAndPause = async () => {
    const api = createStreamingApi();
    const events = open(api.http);
    expect(await events.next()).toMatchObject({ value: { text: 'a' } });
    vi.advanceTimersByTime(90_000);
    return { ...api, events };
  };

  it.each(['UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT'])('continues if its connection failed while its reader paused (%s)', async code => {
    const { events, first, lastIds } = await readAndPause();
    first()?.fail(code);
    expect(await events.next()).toMatchObject({ value: lastEvent });
    expect(lastIds()).toEqual([firstId, '1']);
  });

  it('keeps its connection while its reader pauses', async () => {
    const { events, first, lastIds } = await readAndPause();
    const last = events.next();
    first()?.write(lastEvent);
    expect(await last).toMatchObject({ value: lastEvent });
    expect(lastIds()).toEqual([firstId]);
  });

  it('reconnects if its connection is silent after a pause', async () => {
    const { events, lastIds } = await readAndPause();
    const last = events.next();
    vi.advanceTimersByTime(31_000);
    expect(await last).toMatchObject({ value: lastEvent });
    expect(lastIds()).toEqual([firstId, '1']);
  });
});
