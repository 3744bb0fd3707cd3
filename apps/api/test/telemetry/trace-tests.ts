import { randomBytes } from 'node:crypto';
import { parseJobId } from '@podman-api/jobs';
import { images, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { createCanaries, foundIn } from '../canaries/canaries.ts';
import type { SeenSpan } from './collector.ts';
import { parentOf, type TelemetryService } from './telemetry-service.ts';

const newTrace = () => randomBytes(16).toString('hex');
const named = (spans: readonly SeenSpan[], name: string | RegExp) =>
  spans.find(span => (typeof name === 'string' ? span.name === name : name.test(span.name)));

/** Registers the tests of the traces of running processes. */
export function testTraces(telemetry: TelemetryService): void {
  const { mark, canary } = createCanaries();

  /** Waits for the last span of the API and of the worker. @returns all spans of the trace */
  async function wholeTrace(traceId: string): Promise<readonly SeenSpan[]> {
    await until(() => ['SERVER', 'CONSUMER'].every(kind => telemetry.collector.spans(traceId).some(span => span.kind === kind)));
    return telemetry.collector.spans(traceId);
  }

  /** Runs a command with secrets in a trace. */
  async function traceExec() {
    const traceId = newTrace();
    const body = { command: `echo ${canary()}; exit 3`, stdin: canary(), environment: { SECRET: canary() } };
    const headers = { ...parentOf(traceId), 'X-Request-Id': 'traced-1' };
    const sentAt = Date.now();
    const response = await telemetry.service.call(
      'POST',
      `/containers/${telemetry.container}/exec?node=${telemetry.service.env['NODE_NAME']}`,
      body,
      headers,
    );
    const respondedAtMs = Date.now();
    expect(response.field('execution.exit_code')).toBe(3);
    const id = String(response.field('job_id'));
    const spans = await wholeTrace(traceId);
    const queue = `podman-${telemetry.service.env['NODE_NAME']}`;
    const http = named(spans, 'POST /api/v1/containers/:name/exec');
    const add = named(spans, `add ${queue}`);
    const job = named(spans, `process ${queue}`);
    const podman = named(spans, 'podman exec');
    expect(spans).toHaveLength(4);
    if (!http || !add || !job || !podman) throw new Error(JSON.stringify(spans));
    return { id, queue, sentAt, respondedAtMs, spans, http, add, job, podman };
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
        'url.path': `/api/v1/containers/${telemetry.container}/exec`,
        'podman_api.request_id': 'traced-1',
        'podman_api.job.id': id,
      });
      const message = { 'messaging.system': 'bullmq', 'messaging.destination.name': queue, 'messaging.message.id': id };
      expect(add.attributes).toMatchObject({ ...message, 'messaging.operation.type': 'send' });
      expect(job.attributes).toMatchObject({
        ...message,
        'messaging.operation.type': 'process',
        'podman_api.operation': 'container.exec',
        'podman_api.container': telemetry.container,
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
      const { id, sentAt, respondedAtMs, http, add, job, podman } = await traceExec();
      for (const [inner, outer] of [
        [add, http],
        [podman, job],
      ] as const) {
        expect(inner.start).toBeGreaterThanOrEqual(outer.start);
        expect(inner.end).toBeLessThanOrEqual(outer.end);
      }
      const view = await telemetry.service.call('GET', `/jobs/${id}`);
      const [createdAt = 0, finishedAt = 0] = ['created_at', 'finished_at'].map(field => Date.parse(String(view.field(`job.${field}`))));
      // Processes share only the system's clock, which each reads in whole ms.
      const inOrder = [
        [sentAt, http.start, createdAt, finishedAt, respondedAtMs],
        [add.start, job.start, job.end, respondedAtMs],
        [job.start, finishedAt],
      ];
      for (const times of inOrder.map(all => all.map(Math.floor))) expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(job.start - Number(job.attributes['podman_api.job.waited_ms'])).toBe(parseJobId(id)?.createdAtMs);
    });

    it('have a span for a command that runs in a session', async () => {
      const inSession = await until(async () => {
        await telemetry.service.call('POST', `/containers/${telemetry.container}/exec`, { command: `echo ${canary()}` });
        const inSessions = telemetry.collector.spans().filter(span => span.attributes['podman_api.podman.session'] === true);
        // The commands of `traceExec` exit with 3, in a session too once there is one.
        return inSessions.find(span => span.attributes['process.exit.code'] === 0);
      });
      expect(inSession).toMatchObject({ name: 'podman exec', kind: 'CLIENT' });
      // A job causes the opening of the session, which is in no trace: no podman span starts after its job has finished.
      const commands = () => telemetry.collector.spans().filter(({ kind }) => kind === 'CLIENT');
      const endOfJob = ({ parentSpanId }: SeenSpan) => telemetry.collector.spans().find(span => span.spanId === parentSpanId)?.end;
      // The span of a job is sent after those of its commands.
      await until(() => commands().every(span => span.parentSpanId === undefined || endOfJob(span) !== undefined));
      expect(commands().filter(span => span.start > (endOfJob(span) ?? 0))).toEqual([]);
    });

    it('have a span for each podman command of a job', async () => {
      const made = newTrace();
      const name = uniqueContainerName();
      const create = { image: images.busybox, name, command: ['sleep', '300'], ports: ['0:80'], environment: { SECRET: canary() } };
      expect(await telemetry.service.call('POST', '/containers', create, parentOf(made))).toMatchObject({ status: 201 });
      const spans = await wholeTrace(made);
      const job = spans.find(({ kind }) => kind === 'CONSUMER');
      const commands = spans.filter(({ kind }) => kind === 'CLIENT');
      expect(commands.map(span => span.name)).toEqual(['podman run', 'podman port']);
      expect(commands.map(span => span.parentSpanId)).toEqual(Array(2).fill(job?.spanId));
    });

    it('name the error type of a failure, and its text nowhere', async () => {
      const failed = newTrace();
      const missing = uniqueContainerName();
      const response = await telemetry.service.call('POST', `/containers/${missing}/exec`, { command: canary() }, parentOf(failed));
      expect(response.status).toBe(404);
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
      const path = `/containers/${telemetry.container}`;
      await telemetry.service.call('GET', path, undefined, { traceparent: `00-${unsampled}-00f067aa0ba902b7-00` });
      // Each process sends its spans in order.
      await telemetry.service.call('GET', path, undefined, parentOf(later));
      await wholeTrace(later);
      expect(telemetry.collector.spans(unsampled)).toEqual([]);
    });

    it('do not hold the path of a request without a route', async () => {
      const lost = newTrace();
      await fetch(`${telemetry.service.url}/${mark}?${mark}`, { headers: parentOf(lost) });
      const [span] = await until(() => (telemetry.collector.spans(lost).length > 0 ? telemetry.collector.spans(lost) : undefined));
      expect(span).toMatchObject({ name: 'GET', attributes: { 'http.response.status_code': 404 } });
    });

    it('are sent with the configured headers, without secrets and commands', () => {
      expect(telemetry.collector.headers()).toMatchObject({ 'x-collector-key': 'hello' });
      expect(telemetry.collector.bodies()).toContain(telemetry.container);
      expect(foundIn(telemetry.collector.bodies(), mark)).toEqual([]);
    });
  });
}
