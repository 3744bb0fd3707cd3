import { sharedContainer, type TestChild, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCanaries, foundIn } from '../canaries/canaries.ts';
import type { TelemetryService } from './telemetry-service.ts';

/** Fields of a line of the log. */
type Line = Readonly<Record<string, unknown>>;

/** Returns all lines that a process has logged so far; each is JSON. */
export function linesOf({ output }: TestChild): readonly Line[] {
  // After the last line break there is nothing, or an incomplete line.
  return output()
    .split('\n')
    .slice(0, -1)
    .map((line): Line => JSON.parse(line));
}

const waitForLine = (child: TestChild, fields: Line) =>
  until(() => linesOf(child).find(line => Object.entries(fields).every(([name, value]) => line[name] === value)));

/** Registers the tests of the logs of running processes. */
export function testLogs(telemetry: TelemetryService): void {
  const { mark, canary } = createCanaries();

  describe('logs', () => {
    it('connect a request, its job and its podman command by the request id', async () => {
      const { api, worker, call } = telemetry.service;
      const body = { command: `true ${canary()}`, stdin: canary(), environment: { SECRET: canary() } };
      const request_id = 'logged-1';
      const response = await call('POST', `/containers/${sharedContainer('plain')}/exec`, body, { 'X-Request-Id': request_id });
      const job = String(response.field('job_id'));
      const route = '/api/v1/containers/:name/exec';
      const requested = await waitForLine(api, { request_id });
      expect(requested).toMatchObject({ level: 'info', app: 'api', method: 'POST', route, status: 200, job, msg: `POST ${route} 200` });
      expect(requested['duration_ms']).toBeGreaterThan(1);
      expect(await call('GET', `/jobs/${job}`)).toMatchObject({ body: { job: { request_id } } });
      const done = await waitForLine(worker, { request_id });
      expect(done).toMatchObject({ level: 'info', app: 'worker', operation: 'container.exec', status: 'succeeded', job });
      const command = await waitForLine(worker, { podman: 'exec', job });
      expect(command).toMatchObject({ level: 'debug', operation: 'container.exec', session: false, exit_code: 0 });
      expect(foundIn(api.output() + worker.output(), mark)).toEqual([]);
    });

    it('hold the error type of a failed request, but not its path and query', async () => {
      const missing = uniqueContainerName();
      await telemetry.quiet.call('GET', `/containers/${missing}`, undefined, { 'X-Request-Id': 'failed-1' });
      const route = '/api/v1/containers/:name';
      expect(await waitForLine(telemetry.quiet.api, { request_id: 'failed-1' })).toMatchObject({
        level: 'info',
        route,
        status: 404,
        error: 'NotFoundError',
      });
      await fetch(`${telemetry.quiet.url}/${mark}?${mark}`, { headers: { 'X-Request-Id': 'failed-2' } });
      expect(await waitForLine(telemetry.quiet.api, { request_id: 'failed-2' })).toMatchObject({ level: 'info', route: null, status: 404 });
      expect(foundIn(telemetry.quiet.api.output(), mark)).toEqual([]);
    });

    it('hold successful reads only if DEBUG is set', async () => {
      const { api, url, call } = telemetry.quiet;
      await Promise.all(
        [url, telemetry.service.url].map(base => fetch(`${base}/api/v1/health`, { headers: { 'X-Request-Id': 'read-1' } })),
      );
      const line = await waitForLine(telemetry.service.api, { request_id: 'read-1' });
      expect(line).toMatchObject({ level: 'debug', route: '/api/v1/health', status: 200 });
      // A later request is logged, which the read would have been before.
      await call('GET', `/containers/${uniqueContainerName()}`, undefined, { 'X-Request-Id': 'read-2' });
      await waitForLine(api, { request_id: 'read-2' });
      expect(linesOf(api).filter(({ route }) => route === '/api/v1/health')).toEqual([]);
    });

    it('mark a request whose caller left before the response', async () => {
      const { api, url, call } = telemetry.quiet;
      const request_id = 'left-1';
      const leave = new AbortController();
      const response = fetch(`${url}/api/v1/containers/${sharedContainer('plain')}/exec`, {
        method: 'POST',
        body: JSON.stringify({ command: 'sleep 600' }),
        headers: { 'Content-Type': 'application/json', 'X-Request-Id': request_id },
        signal: leave.signal,
      });
      const job = await until(async () => {
        const jobs = (await call('GET', '/jobs?status=running')).field('jobs');
        return Array.isArray(jobs) ? jobs.find(one => one.request_id === request_id) : undefined;
      });
      onTestFinished(async () => {
        await call('DELETE', `/jobs/${job.id}`);
      });
      leave.abort();
      await expect(response).rejects.toThrow('aborted');
      expect(await waitForLine(api, { request_id })).toMatchObject({ level: 'info', status: null, aborted: true });
    });
  });
}
