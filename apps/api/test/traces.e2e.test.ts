import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseJobId } from '@podman-api/jobs';
import { images, type Service, startApi, startService, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createCanaries, foundIn } from './canaries/texts.ts';
import { type Collector, type SeenSpan, startCollector, startSilentServer } from './traces/collector.ts';

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

/** Waits for the last span of the API and of the worker. @returns all spans of the trace */
async function wholeTrace(traceId: string): Promise<readonly SeenSpan[]> {
  await until(() => ['SERVER', 'CONSUMER'].every(kind => collector.spans(traceId).some(span => span.kind === kind)));
  return collector.spans(traceId);
}

/** Runs a command with secrets in a trace. */
async function traceExec() {
  const traceId = newTrace();
  const body = { command: `echo ${canary()}; exit 3`, stdin: canary(), environment: { SECRET: canary() } };
  const headers = { ...parentOf(traceId), 'X-Request-Id': 'traced-1' };
  const sentAt = Date.now();
  const answer = await service.call('POST', `/containers/${container}/exec?node=${service.env['NODE_NAME']}`, body, headers);
  const answeredAt = Date.now();
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
  return { id, queue, sentAt, answeredAt, spans, http, add, job, podman };
}

describe('traces', () => {
  it('go from the request through the queue to podman', async () => {
    const { id, queue, spans, http, add, job, podman } = await traceExec();
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
    // The exit code of the caller's command is not a failure of the request, the job or podman.
    expect(spans.map(({ status }) => status.code ?? 0)).toEqual([0, 0, 0, 0]);
  });

  it('have times that nest in each process and are in order between processes', async () => {
    const { id, sentAt, answeredAt, http, add, job, podman } = await traceExec();
    for (const [inner, outer] of [
      [add, http],
      [podman, job],
    ] as const) {
      expect(inner.start).toBeGreaterThanOrEqual(outer.start);
      expect(inner.end).toBeLessThanOrEqual(outer.end);
    }
    const view = await service.call('GET', `/jobs/${id}`);
    const [createdAt = 0, finishedAt = 0] = ['created_at', 'finished_at'].map(field => Date.parse(String(view.field(`job.${field}`))));
    // Processes share only the system's clock, which each reads in whole ms.
    const inOrder = [
      [sentAt, http.start, createdAt, finishedAt, answeredAt],
      [add.start, job.start, job.end, answeredAt],
      [job.start, finishedAt],
    ];
    for (const times of inOrder.map(all => all.map(Math.floor))) expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(job.start - Number(job.attributes['podman_api.job.waited_ms'])).toBe(parseJobId(id)?.createdAtMs);
  });

  it('have a span for a command that runs in a session', async () => {
    const inSession = await until(async () => {
      await service.call('POST', `/containers/${container}/exec`, { command: `echo ${canary()}` });
      return collector.spans().find(span => span.attributes['podman_api.podman.session'] === true);
    });
    expect(inSession).toMatchObject({ name: 'podman exec', kind: 'CLIENT', attributes: { 'process.exit.code': 0 } });
    // A job causes the opening of the session, which is in no trace: no podman span starts after its job has finished.
    const commands = () => collector.spans().filter(({ kind }) => kind === 'CLIENT');
    const endOfJob = ({ parentSpanId }: SeenSpan) => collector.spans().find(span => span.spanId === parentSpanId)?.end;
    // The span of a job is sent after those of its commands.
    await until(() => commands().every(span => span.parentSpanId === undefined || endOfJob(span) !== undefined));
    expect(commands().filter(span => span.start > (endOfJob(span) ?? 0))).toEqual([]);
  });

  it('have a span for each podman command of a job', async () => {
    const made = newTrace();
    const name = ownName();
    const create = { image: images.busybox, name, command: ['sleep', '300'], ports: ['0:80'], environment: { SECRET: canary() } };
    expect(await service.call('POST', '/containers', create, parentOf(made))).toMatchObject({ status: 201 });
    const spans = await wholeTrace(made);
    const job = spans.find(({ kind }) => kind === 'CONSUMER');
    const commands = spans.filter(({ kind }) => kind === 'CLIENT');
    expect(commands.map(span => span.name)).toEqual(['podman run', 'podman port']);
    expect(commands.map(span => span.parentSpanId)).toEqual(Array(2).fill(job?.spanId));
  });

  it('name the error type of a failure, and its text nowhere', async () => {
    const failed = newTrace();
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
    // A 404 is the caller's failure, so the request's span has not failed.
    const http = failure.find(({ kind }) => kind === 'SERVER');
    expect(http).toMatchObject({ attributes: { 'http.response.status_code': 404 } });
    expect(http?.status.code ?? 0).toBe(0);
  });

  it('are not recorded if the caller does not sample', async () => {
    const [unsampled, later] = [newTrace(), newTrace()];
    const path = `/containers/${container}`;
    await service.call('GET', path, undefined, { traceparent: `00-${unsampled}-00f067aa0ba902b7-00` });
    // Each process sends its spans in order.
    await service.call('GET', path, undefined, parentOf(later));
    await wholeTrace(later);
    expect(collector.spans(unsampled)).toEqual([]);
  });

  it('do not hold the path of a request without a route', async () => {
    const lost = newTrace();
    await fetch(`${service.url}/${mark}?${mark}`, { headers: parentOf(lost) });
    const [span] = await until(() => (collector.spans(lost).length > 0 ? collector.spans(lost) : undefined));
    expect(span).toMatchObject({ name: 'GET', attributes: { 'http.response.status_code': 404 } });
  });

  it('are sent with the configured headers, without secrets and commands', () => {
    expect(collector.headers()).toMatchObject({ 'x-collector-key': 'hello' });
    expect(collector.bodies()).toContain(container);
    expect(foundIn(collector.bodies(), mark)).toEqual([]);
  });

  it('do not keep a process from exiting if the collector never answers', async () => {
    const silent = await startSilentServer();
    const { api, call } = await startApi({
      ...service.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: silent.url,
      // Longer than the test may take.
      OTEL_EXPORTER_OTLP_TIMEOUT: '3600000',
      OTEL_BSP_EXPORT_TIMEOUT: '3600000',
    });
    await call('GET', '/health');
    await until(() => silent.requestCount() > 0);
    expect(await api.end()).toBe(0);
    expect(api.output()).toContain('the last traces were not sent: the collector does not answer');
  });

  it('are dropped with one warning if the collector is not there', async () => {
    await collector.stop();
    await service.call('POST', `/containers/${container}/exec`, { command: 'true' });
    expect(await Promise.all([service.api.end(), service.worker.end()])).toEqual([0, 0]);
    for (const { output } of [service.api, service.worker]) {
      const lines = output().trimEnd().split('\n');
      expect(lines.filter(line => line.includes('traces'))).toHaveLength(1);
      expect(lines.filter(line => !line.startsWith('{'))).toEqual([]);
    }
  });

  it('load nothing of OpenTelemetry and mark no job if they are off', async () => {
    const reporter = fileURLToPath(new URL('./traces/report-modules.ts', import.meta.url));
    const off = await startService({ NODE_OPTIONS: `--import=${reporter}`, OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    onTestFinished(() => off.stop());
    const answer = await off.call('POST', `/containers/${container}/exec`, { command: 'true' }, parentOf(newTrace()));
    const node = off.env['NODE_NAME'] ?? '';
    const job = await off.redis.sendCommand('HGET', `bull:{${node}}:podman-${node}:${String(answer.field('job_id'))}`, 'data');
    expect(job).toContain('container.exec');
    expect(job).not.toMatch(/trace(parent|state)/);
    expect(await Promise.all([off.api.end(), off.worker.end()])).toEqual([0, 0]);
    await until(() => [off.api, off.worker].every(({ output }) => output().includes('loaded of OpenTelemetry: ')));
    expect(off.worker.output()).toContain('loaded of OpenTelemetry: nothing\n');
    // prom-client asks its API for exemplars, whether or not there are any.
    expect(off.api.output()).toContain('loaded of OpenTelemetry: @opentelemetry/api by prom-client\n');
  });
});
