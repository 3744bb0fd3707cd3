import { images, type Service, startService, type TestChild, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCanaries, foundIn } from './canaries/texts.ts';

const { mark, canary } = createCanaries();
let debugging: Service;
let usual: Service;
let container: string;

beforeAll(async () => {
  [debugging, usual] = await Promise.all([startService({ DEBUG: 'true' }), startService({ DEBUG: 'false' })]);
  container = await startContainer(images.busybox);
});
afterAll(() => Promise.all([debugging.stop(), usual.stop()]));

type Line = Readonly<Record<string, unknown>>;

/** All lines that a process has logged so far; each is JSON. */
function linesOf({ output }: TestChild): readonly Line[] {
  const whole = output().slice(0, output().lastIndexOf('\n'));
  return whole.split('\n').map((line): Line => JSON.parse(line));
}

const lineWith = (child: TestChild, fields: Line) =>
  until(() => linesOf(child).find(line => Object.entries(fields).every(([name, value]) => line[name] === value)));

test('a request, its job and its podman command are found by the request id', async () => {
  const { api, worker, call } = debugging;
  const body = { command: `true ${canary()}`, stdin: canary(), environment: { SECRET: canary() } };
  const request_id = 'logged-1';
  const answer = await call('POST', `/containers/${container}/exec`, body, { 'X-Request-Id': request_id });
  const job = String(answer.field('job_id'));
  const route = '/api/v1/containers/:name/exec';
  const requested = await lineWith(api, { request_id });
  expect(requested).toMatchObject({ level: 'info', app: 'api', method: 'POST', route, status: 200, job, msg: `POST ${route} 200` });
  expect(requested['duration_ms']).toBeGreaterThan(1);
  expect(await call('GET', `/jobs/${job}`)).toMatchObject({ body: { job: { request_id } } });
  const done = await lineWith(worker, { request_id });
  expect(done).toMatchObject({ level: 'info', app: 'worker', operation: 'container.exec', status: 'succeeded', job });
  const command = await lineWith(worker, { podman: 'exec', job });
  expect(command).toMatchObject({ level: 'debug', operation: 'container.exec', session: false, exit_code: 0 });
  expect(foundIn(api.output() + worker.output(), mark)).toEqual([]);
});

test('what fails is logged with the type of its error, and neither path nor query', async () => {
  const missing = ownName();
  await usual.call('GET', `/containers/${missing}`, undefined, { 'X-Request-Id': 'failed-1' });
  const route = '/api/v1/containers/:name';
  expect(await lineWith(usual.api, { request_id: 'failed-1' })).toMatchObject({
    level: 'info',
    route,
    status: 404,
    error: 'NotFoundError',
  });
  await fetch(`${usual.url}/${mark}?${mark}`, { headers: { 'X-Request-Id': 'failed-2' } });
  expect(await lineWith(usual.api, { request_id: 'failed-2' })).toMatchObject({ level: 'info', route: null, status: 404 });
  expect(foundIn(usual.api.output(), mark)).toEqual([]);
});

test('reads that go well are logged for who debugs alone; an answer that nobody took is no answer', async () => {
  for (const { url } of [debugging, usual]) {
    await fetch(`${url}/api/v1/health`, { headers: { 'X-Request-Id': 'read-1' } });
    await fetch(`${url}/api/v1/containers/${container}/exec`, {
      method: 'POST',
      body: JSON.stringify({ command: 'sleep 1' }),
      headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'left-1' },
      signal: AbortSignal.timeout(300),
    }).catch(() => {});
  }
  expect(await lineWith(debugging.api, { request_id: 'read-1' })).toMatchObject({ level: 'debug', route: '/api/v1/health', status: 200 });
  // The later one is there, and the read is not.
  expect(await lineWith(usual.api, { request_id: 'left-1' })).toMatchObject({ level: 'info', status: null, aborted: true });
  // The service was asked for its health until that was good.
  expect(linesOf(usual.api).filter(line => line['route'] === '/api/v1/health')).toEqual([]);
  expect(linesOf(usual.worker).filter(line => line['level'] === 'debug')).toEqual([]);
});
