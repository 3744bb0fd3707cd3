import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, createClient, UnreachableError } from '../src/index.ts';
import { unusedAddress } from './unused-address.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const servers: (() => void)[] = [];
afterEach(() => {
  for (const stop of servers.splice(0)) stop();
});

/** Starts an API that gives these answers one after the other and records its requests. */
async function startFakeApi(...answers: Answer[]) {
  const requests: { line: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    answers[requests.length - 1]?.(request, response);
  }).listen(0, '127.0.0.1');
  servers.push(() => server.close(() => {}).closeAllConnections());
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return { url, requests, client: createClient({ url, retryTimeoutSeconds: 600, token: 'secret' }, {}) };
}

const answer =
  (status: number, body: object | string, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
const failure = (code: number, type: string, extraFields: object = {}, headers: Record<string, string> = {}) =>
  answer(code, { success: false, error: { message: 'no', code, type, ...extraFields } }, headers);
const cut: Answer = request => request.socket.destroy();
const job = (status: string, extraFields: object = {}) =>
  answer(200, { success: true, job: { id: 'j', status, url: '/api/v1/jobs/j', ...extraFields } });

describe('a call of the client', () => {
  it('is sent again with the same key and the token after a cut connection, a 503, a 429 and a 502 of a proxy', async () => {
    const { requests, client } = await startFakeApi(
      cut,
      failure(503, 'ServiceUnavailableError', {}, { 'Retry-After': '0' }),
      failure(429, 'RateLimitError', {}, { 'Retry-After': '1' }),
      answer(502, '<html>'),
      job('queued'),
      job('succeeded', { result: { exit_code: 3 } }),
    );
    expect(await client.containers.exec('a/b', { command: 'x' })).toEqual({ exit_code: 3 });
    expect(requests.map(({ line }) => line)).toEqual([
      ...Array(5).fill('POST /api/v1/containers/a%2Fb/exec'),
      'GET /api/v1/jobs/j?wait=10',
    ]);
    const keys = new Set(requests.slice(0, 5).map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect([...keys][0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer secret']));
  });

  it.each([400, 401, 403, 404, 408, 409, 422, 500])('is not sent again after a %d', async code => {
    const { requests, client } = await startFakeApi(failure(code, 'TimeoutError', { job: { id: 'j', status: 'unknown' } }));
    await expect(client.containers.stop('c')).rejects.toMatchObject({ status: code, job: { id: 'j' } });
    expect(requests).toHaveLength(1);
  });

  it('waits for the job of a 408 instead of being sent again', async () => {
    const { requests, client } = await startFakeApi(
      failure(408, 'TimeoutError', { job: { id: 'j', status: 'running' } }),
      job('running'),
      job('succeeded', { result: { name: 'c', logs: 'x', truncated: false } }),
    );
    expect(await client.containers.logs('c', { tail: 1 })).toMatchObject({ logs: 'x' });
    expect(requests.map(({ line }) => line)).toEqual([
      'GET /api/v1/containers/c/logs?tail=1',
      'GET /api/v1/jobs/j?wait=10',
      'GET /api/v1/jobs/j?wait=10',
    ]);
  });

  it('throws the error of a job that did not succeed', async () => {
    const error = { message: 'Outcome unknown.', code: 500, type: 'PodmanAPIError' };
    const { client } = await startFakeApi(job('queued'), job('unknown', { error }));
    await expect(client.containers.stop('c')).rejects.toMatchObject({ name: 'PodmanAPIError', status: 500, job: { status: 'unknown' } });
  });

  it('is sent again with a new key if its job was withdrawn, because that did not run', async () => {
    const error = { message: 'No worker is alive.', code: 503, type: 'ServiceUnavailableError' };
    const { requests, client } = await startFakeApi(
      ...[job('queued'), job('withdrawn', { error }), job('queued'), job('withdrawn')],
      ...[job('queued'), job('succeeded', { result: { status: 'stopped' } })],
    );
    expect(await client.containers.stop('c')).toEqual({ status: 'stopped' });
    const keys = requests.filter(({ line }) => line.startsWith('POST')).map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(3);
  });

  it('throws the error of a withdrawn job once the retry timeout is over', async () => {
    const { url } = await startFakeApi(job('queued'), job('withdrawn'));
    const client = createClient({ url, retryTimeoutSeconds: 0 }, {});
    await expect(client.containers.stop('c')).rejects.toMatchObject({ type: 'TimeoutError', job: { status: 'withdrawn' } });
  });

  it('throws an error that names PODMAN_API_URL if another server answers', async () => {
    const { client } = await startFakeApi(
      answer(404, '<html>'),
      answer(301, '', { Location: 'https://elsewhere.example/' }),
      answer(200, '[]'),
    );
    for (let round = 0; round < 3; round += 1) await expect(client.nodes.list()).rejects.toThrow(/not from podman-api.*PODMAN_API_URL/);
  });

  it('sends the given idempotency key, and none with a GET', async () => {
    const { requests, client } = await startFakeApi(job('queued'), job('succeeded', { result: {} }));
    await client.containers.remove('c', { force: true }, { idempotencyKey: 'mine' });
    expect(requests[0]).toMatchObject({
      line: 'DELETE /api/v1/containers/c?force=true',
      headers: { 'idempotency-key': 'mine', prefer: 'respond-async' },
    });
    expect(requests[1]?.headers['idempotency-key']).toBeUndefined();
  });

  it('cancels its job on an abort, and throws the reason', async () => {
    const leaving = new AbortController();
    const hang: Answer = () => leaving.abort(new Error('enough'));
    const { requests, client } = await startFakeApi(job('queued'), hang, job('cancelled'));
    await expect(client.containers.stop('c', {}, { signal: leaving.signal })).rejects.toThrow('enough');
    expect(requests.at(-1)?.line).toBe('DELETE /api/v1/jobs/j');
    await expect(client.containers.stop('c', {}, { signal: leaving.signal })).rejects.toThrow('enough');
    expect(requests).toHaveLength(3);
  });

  it('returns the result if the abort came too late', async () => {
    const leaving = new AbortController();
    const hang: Answer = () => leaving.abort(new Error('enough'));
    const { client } = await startFakeApi(job('queued'), hang, failure(409, 'ConflictError'), job('succeeded', { result: { name: 'c' } }));
    expect(await client.containers.stop('c', {}, { signal: leaving.signal })).toEqual({ name: 'c' });
  });

  it('throws UnreachableError if there is no answer until the retry timeout', async () => {
    const unreachable = createClient({ url: unusedAddress(), retryTimeoutSeconds: 0 }, {});
    await expect(unreachable.containers.list()).rejects.toBeInstanceOf(UnreachableError);
  });
});

describe('jobs.output', () => {
  it('opens a stream again after the last event if it ended before the job', async () => {
    const lines = (...events: object[]) => answer(200, events.map(event => `${JSON.stringify(event)}\n`).join(''));
    const { requests, client } = await startFakeApi(
      lines({ id: 1, event: 'stdout', text: 'a\u2028' }, { id: 1, event: 'ping' }),
      lines({ id: 1, event: 'error', message: 'Redis is unavailable', code: 503, type: 'ServiceUnavailableError' }),
      lines({ id: 2, event: 'stderr', text: 'b' }, { id: 3, event: 'error', status: 'timed_out', exit_code: null, truncated: false }),
    );
    const events = await Array.fromAsync(client.jobs.output('j'));
    expect(events).toMatchObject([{ text: 'a\u2028' }, { text: 'b' }, { event: 'error', status: 'timed_out' }]);
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual(['0', '1', '1']);
  });

  it('throws for a job that does not exist', async () => {
    const { client } = await startFakeApi(failure(404, 'NotFoundError'));
    await expect(Array.fromAsync(client.jobs.output('j'))).rejects.toBeInstanceOf(ApiError);
  });
});
