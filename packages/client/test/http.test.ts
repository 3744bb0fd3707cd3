import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { ApiError, createClient, UnreachableError } from '../src/index.ts';

type Answer = (asked: IncomingMessage, answer: ServerResponse) => void;
const servers: (() => void)[] = [];
afterEach(() => {
  for (const stop of servers.splice(0)) stop();
});

/** An API that gives these answers, one after the other, and notes what it is asked. */
async function answering(...answers: Answer[]) {
  const asked: { line: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    answers[asked.length - 1]?.(request, response);
  }).listen(0, '127.0.0.1');
  servers.push(() => server.close(() => {}).closeAllConnections());
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return { asked, client: createClient({ url, patience: 5, token: 'secret' }, {}) };
}

const says =
  (status: number, body: object | string, headers: Record<string, string> = {}): Answer =>
  (_asked, answer) =>
    answer.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
const fails = (code: number, type: string, more: object = {}, headers: Record<string, string> = {}) =>
  says(code, { success: false, error: { message: 'no', code, type, ...more } }, headers);
const cut: Answer = asked => asked.socket.destroy();
const job = (status: string, more: object = {}) => says(200, { success: true, job: { id: 'j', status, url: '/api/v1/jobs/j', ...more } });

test('a cut connection, a 503 and a 429 are tried again with the same key; the token goes along', async () => {
  const { asked, client } = await answering(
    cut,
    fails(503, 'ServiceUnavailableError', {}, { 'Retry-After': '0' }),
    fails(429, 'RateLimitError', {}, { 'Retry-After': '1' }),
    says(502, '<html>'),
    job('queued'),
    job('succeeded', { result: { exit_code: 3 } }),
  );
  expect(await client.containers.exec('a/b', { command: 'x' })).toEqual({ exit_code: 3 });
  expect(asked.map(({ line }) => line)).toEqual([...Array(5).fill('POST /api/v1/containers/a%2Fb/exec'), 'GET /api/v1/jobs/j?wait=10']);
  const keys = new Set(asked.slice(0, 5).map(({ headers }) => headers['idempotency-key']));
  expect(keys.size).toBe(1);
  expect([...keys][0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer secret']));
});

test.each([400, 401, 403, 404, 408, 409, 422, 500])('a %d is never sent again', async code => {
  const { asked, client } = await answering(fails(code, 'TimeoutError', { job: { id: 'j', status: 'withdrawn' } }));
  await expect(client.containers.stop('c')).rejects.toMatchObject({ status: code, job: { id: 'j' } });
  expect(asked).toHaveLength(1);
});

test('the job behind a 408 is waited for, and never asked for again', async () => {
  const { asked, client } = await answering(
    fails(408, 'TimeoutError', { job: { id: 'j', status: 'running' } }),
    job('running'),
    job('succeeded', { result: { name: 'c', logs: 'x', truncated: false } }),
  );
  expect(await client.containers.logs('c', { tail: 1 })).toMatchObject({ logs: 'x' });
  expect(asked.map(({ line }) => line)).toEqual([
    'GET /api/v1/containers/c/logs?tail=1',
    'GET /api/v1/jobs/j?wait=10',
    'GET /api/v1/jobs/j?wait=10',
  ]);
});

test('a job that ended otherwise is an error that says how', async () => {
  const error = { message: 'who knows', code: 500, type: 'PodmanAPIError' };
  const { client } = await answering(job('queued'), job('unknown', { error }), job('queued'), job('withdrawn'));
  await expect(client.containers.stop('c')).rejects.toMatchObject({ name: 'PodmanAPIError', status: 500, job: { status: 'unknown' } });
  await expect(client.containers.stop('c')).rejects.toMatchObject({ type: 'TimeoutError', job: { status: 'withdrawn' } });
});

test('somebody else who answers is told as such', async () => {
  const { client } = await answering(says(404, '<html>'), says(301, '', { Location: 'https://elsewhere.example/' }), says(200, '[]'));
  for (let round = 0; round < 3; round += 1) await expect(client.nodes.list()).rejects.toThrow(/not as podman-api does.*PODMAN_API_URL/);
});

test('the given key is sent, and a GET has none', async () => {
  const { asked, client } = await answering(job('queued'), job('succeeded', { result: {} }));
  await client.containers.remove('c', { force: true }, { idempotencyKey: 'mine' });
  expect(asked[0]).toMatchObject({
    line: 'DELETE /api/v1/containers/c?force=true',
    headers: { 'idempotency-key': 'mine', prefer: 'respond-async' },
  });
  expect(asked[1]?.headers['idempotency-key']).toBeUndefined();
});

test('a signal that is aborted cancels the job, and its end is told', async () => {
  const leaving = new AbortController();
  const hang: Answer = () => leaving.abort(new Error('enough'));
  const { asked, client } = await answering(job('queued'), hang, job('cancelled'));
  await expect(client.containers.stop('c', {}, { signal: leaving.signal })).rejects.toThrow('enough');
  expect(asked.at(-1)?.line).toBe('DELETE /api/v1/jobs/j');
  await expect(client.containers.stop('c', {}, { signal: leaving.signal })).rejects.toThrow('enough');
  expect(asked).toHaveLength(3);
});

test('a cancel that came too late changes nothing', async () => {
  const leaving = new AbortController();
  const hang: Answer = () => leaving.abort(new Error('enough'));
  const { client } = await answering(job('queued'), hang, fails(409, 'ConflictError'), job('succeeded', { result: { name: 'c' } }));
  expect(await client.containers.stop('c', {}, { signal: leaving.signal })).toEqual({ name: 'c' });
});

test('with nobody there, the error says so after the patience is over', async () => {
  const away = createClient({ url: 'http://127.0.0.1:1', patience: 0 }, {});
  await expect(away.containers.list()).rejects.toBeInstanceOf(UnreachableError);
});

test('a stream that fails without an end of the job is opened again behind the last event', async () => {
  const lines = (...events: object[]) => says(200, events.map(event => `${JSON.stringify(event)}\n`).join(''));
  const { asked, client } = await answering(
    lines({ id: 1, event: 'stdout', text: 'a\u2028' }, { id: 1, event: 'ping' }),
    lines({ id: 1, event: 'error', message: 'Redis is away', code: 503, type: 'ServiceUnavailableError' }),
    lines({ id: 2, event: 'stderr', text: 'b' }, { id: 3, event: 'error', status: 'timed_out', exit_code: null, truncated: false }),
  );
  const events = await Array.fromAsync(client.jobs.output('j'));
  expect(events).toMatchObject([{ text: 'a\u2028' }, { text: 'b' }, { event: 'error', status: 'timed_out' }]);
  expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual(['0', '1', '1']);
});

test('a stream of a job that is not there is an error', async () => {
  const { client } = await answering(fails(404, 'NotFoundError'));
  await expect(Array.fromAsync(client.jobs.output('j'))).rejects.toBeInstanceOf(ApiError);
});
