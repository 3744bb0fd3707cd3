import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { images, type Service, startService, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCanaries, foundIn } from './canaries/texts.ts';
import { type Collector, type SeenSpan, startCollector } from './traces/collector.ts';

/** How far apart the clocks of two processes may seem, in ms: each span reads the time to the ms when it begins. */
const tolerance = 3;
const { mark, canary } = createCanaries();

let collector: Collector;
let service: Service;
let container: string;

beforeAll(async () => {
  collector = await startCollector();
  service = await startService({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=hello',
    OTEL_BSP_SCHEDULE_DELAY: '20',
  });
  container = await startContainer(images.busybox);
});
afterAll(() => service.stop());

const newTrace = () => randomBytes(16).toString('hex');
const parentOf = (traceId: string) => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'vendor=kept' });
const named = (spans: readonly SeenSpan[], name: string | RegExp) =>
  spans.find(span => (typeof name === 'string' ? span.name === name : name.test(span.name)));

/** Waits for the span of the request, which ends last, and of its job, and gives the whole trace. */
async function wholeTrace(traceId: string): Promise<readonly SeenSpan[]> {
  await until(() => ['SERVER', 'CONSUMER'].every(kind => collector.spans(traceId).some(span => span.kind === kind)));
  return collector.spans(traceId);
}

test('one trace goes from the call through the queue to podman, with times that nest and add up', async () => {
  const traceId = newTrace();
  const body = { command: `echo ${canary()}; exit 3`, stdin: canary(), environment: { SECRET: canary() } };
  const headers = { ...parentOf(traceId), 'X-Request-Id': 'traced-1' };
  const answer = await service.call('POST', `/containers/${container}/exec?node=${service.env['NODE_NAME']}`, body, headers);
  expect(answer.field('execution.exit_code')).toBe(3);
  const id = String(answer.field('job_id'));
  const spans = await wholeTrace(traceId);
  const queue = `podman-${service.env['NODE_NAME']}`;
  const http = named(spans, 'POST /api/v1/containers/:name/exec');
  const add = named(spans, `add ${queue}`);
  const job = named(spans, `process ${queue}`);
  const podman = named(spans, 'podman exec');
  expect(spans).toHaveLength(4);
  if (!http || !add || !job || !podman) throw new Error(JSON.stringify(spans));

  expect(http).toMatchObject({ kind: 'SERVER', parentSpanId: '00f067aa0ba902b7', service: 'podman-api' });
  expect(add).toMatchObject({ kind: 'PRODUCER', parentSpanId: http.spanId, service: 'podman-api' });
  expect(job).toMatchObject({ kind: 'CONSUMER', parentSpanId: add.spanId, service: 'podman-api-worker' });
  expect(podman).toMatchObject({ kind: 'CLIENT', parentSpanId: job.spanId, service: 'podman-api-worker' });
  expect(spans.map(({ traceState }) => traceState)).toEqual(Array(4).fill('vendor=kept'));
  expect(http.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/api/v1/containers/:name/exec',
    'http.response.status_code': 200,
    'url.path': `/api/v1/containers/${container}/exec`,
    'podman_api.request_id': 'traced-1',
    'podman_api.job.id': id,
  });
  const message = { 'messaging.system': 'bullmq', 'messaging.destination.name': queue, 'messaging.message.id': id };
  expect(add.attributes).toMatchObject({ ...message, 'messaging.operation.type': 'send' });
  expect(job.attributes).toMatchObject({
    ...message,
    'messaging.operation.type': 'process',
    'podman_api.operation': 'container.exec',
    'podman_api.container': container,
    'podman_api.request_id': 'traced-1',
    'podman_api.job.status': 'succeeded',
    'process.exit.code': 3,
  });
  expect(podman.attributes).toEqual({
    'process.executable.name': 'podman',
    'podman_api.podman.command': 'exec',
    'podman_api.podman.session': false,
    'process.exit.code': 3,
  });
  // A command that fails is no failure of the request's, the job's or podman's.
  expect(spans.map(({ status }) => status.code ?? 0)).toEqual([0, 0, 0, 0]);

  const within = (inner: SeenSpan, outer: SeenSpan) => {
    expect(inner.start).toBeGreaterThanOrEqual(outer.start - tolerance);
    expect(inner.end).toBeLessThanOrEqual(outer.end + tolerance);
  };
  within(add, http);
  within(job, http);
  within(podman, job);
  expect(job.start).toBeGreaterThanOrEqual(add.start - tolerance);
  const waited = Number(job.attributes['podman_api.job.waited_ms']);
  expect(Math.abs(add.start + waited - job.start)).toBeLessThanOrEqual(tolerance);
  // From the job's making to its end is what it waited and what it ran.
  const told = await service.call('GET', `/jobs/${id}`);
  const total = Date.parse(String(told.field('job.finished_at'))) - Date.parse(String(told.field('job.created_at')));
  const run = job.end - job.start;
  expect(total).toBeLessThanOrEqual(waited + run + tolerance);
  expect(waited + run).toBeLessThanOrEqual(http.end - http.start + tolerance);
  expect(podman.end - podman.start).toBeLessThanOrEqual(run + tolerance);
});

test('a command that a session runs is a span as well, and says so', async () => {
  const inSession = await until(async () => {
    await service.call('POST', `/containers/${container}/exec`, { command: `echo ${canary()}` });
    return collector.spans().find(span => span.attributes['podman_api.podman.session'] === true);
  });
  expect(inSession).toMatchObject({ name: 'podman exec', kind: 'CLIENT', attributes: { 'process.exit.code': 0 } });
  // What is done to open a session belongs to no job: it began when that had ended.
  await wholeTrace(inSession.traceId);
  const ends = new Map(collector.spans().map(({ spanId, end }) => [spanId, end]));
  const late = collector.spans().filter(({ kind, start, parentSpanId = '' }) => kind === 'CLIENT' && start > (ends.get(parentSpanId) ?? 0));
  expect(late).toEqual([]);
});

test('each podman command of a job is a span, and a failure is told by its type', async () => {
  const [made, failed] = [newTrace(), newTrace()];
  const name = ownName();
  const create = { image: images.busybox, name, command: ['sleep', '300'], ports: ['0:80'], environment: { SECRET: canary() } };
  expect(await service.call('POST', '/containers', create, parentOf(made))).toMatchObject({ status: 201 });
  const spans = await wholeTrace(made);
  const job = spans.find(({ kind }) => kind === 'CONSUMER');
  const commands = spans.filter(({ kind }) => kind === 'CLIENT');
  expect(commands.map(span => span.name)).toEqual(['podman run', 'podman port']);
  expect(commands.map(span => span.parentSpanId)).toEqual(Array(2).fill(job?.spanId));

  const missing = ownName();
  const answer = await service.call('POST', `/containers/${missing}/exec`, { command: canary() }, parentOf(failed));
  expect(answer.status).toBe(404);
  const failure = await wholeTrace(failed);
  const failedJob = failure.find(({ kind }) => kind === 'CONSUMER');
  expect(failedJob).toMatchObject({
    status: { code: 2 },
    attributes: { 'error.type': 'NotFoundError', 'podman_api.job.status': 'failed' },
  });
  expect(failedJob?.status.message).toBeUndefined();
  // It is the caller's failure and not the API's.
  const http = failure.find(({ kind }) => kind === 'SERVER');
  expect(http).toMatchObject({ attributes: { 'http.response.status_code': 404 } });
  expect(http?.status.code ?? 0).toBe(0);
});

test('a caller who does not want a trace gets none, and a request without a route tells no path', async () => {
  const [unsampled, lost] = [newTrace(), newTrace()];
  const path = `/containers/${container}`;
  await service.call('GET', path, undefined, { traceparent: `00-${unsampled}-00f067aa0ba902b7-00` });
  await fetch(`${service.url}/${mark}?${mark}`, { headers: parentOf(lost) });
  const [span] = await until(() => (collector.spans(lost).length > 0 ? collector.spans(lost) : undefined));
  expect(span).toMatchObject({ name: 'GET', attributes: { 'http.response.status_code': 404 } });
  expect(collector.spans(unsampled)).toEqual([]);
});

test('no secret and no text of a command is in what was sent', () => {
  expect(collector.headers()).toMatchObject({ 'x-collector-key': 'hello' });
  expect(collector.bodies()).toContain(container);
  expect(foundIn(collector.bodies(), mark)).toEqual([]);
});

test('a collector that is away is told of in one line and delays no exit for long', async () => {
  await collector.stop();
  await service.call('POST', `/containers/${container}/exec`, { command: 'true' });
  const begun = performance.now();
  expect(await Promise.all([service.api.end(), service.worker.end()])).toEqual([0, 0]);
  expect(performance.now() - begun).toBeLessThan(5000);
  for (const { output } of [service.api, service.worker]) {
    const lines = output().trimEnd().split('\n');
    expect(lines.filter(line => line.includes('traces'))).toHaveLength(1);
    expect(lines.filter(line => !line.startsWith('{'))).toEqual([]);
  }
});

test('without its variables nothing of OpenTelemetry is loaded, and no job has a place in a trace', async () => {
  const reporter = fileURLToPath(new URL('./traces/report-modules.ts', import.meta.url));
  const off = await startService({ NODE_OPTIONS: `--import=${reporter}`, OTEL_EXPORTER_OTLP_ENDPOINT: '' });
  const answer = await off.call('POST', `/containers/${container}/exec`, { command: 'true' }, parentOf(newTrace()));
  const node = off.env['NODE_NAME'] ?? '';
  const job = await off.redis.ask('HGET', `bull:{${node}}:podman-${node}:${String(answer.field('job_id'))}`, 'data');
  expect(job).toContain('container.exec');
  expect(job).not.toMatch(/trace(parent|state)/);
  expect(await Promise.all([off.api.end(), off.worker.end()])).toEqual([0, 0]);
  expect(off.worker.output()).toContain('loaded of OpenTelemetry: nothing\n');
  // prom-client asks its API for exemplars, whether or not there are any.
  expect(off.api.output()).toContain('loaded of OpenTelemetry: @opentelemetry/api by prom-client\n');
  await off.stop();
});
