import { randomBytes } from 'node:crypto';
import { startApp, type TestChild, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf, testLogs } from './telemetry/log-tests.ts';
import { parentOf, quietVariables, useTelemetryService } from './telemetry/telemetry-service.ts';
import { testTraces } from './telemetry/trace-tests.ts';

const telemetry = useTelemetryService();

testTraces(telemetry);
testLogs(telemetry);

describe('a collector that is not there', () => {
  it('makes each process drop its traces with one warning', async () => {
    const { service, collector, container } = telemetry;
    await collector.stop();
    await service.call('POST', `/containers/${container}/exec`, { command: 'true' });
    expect(await Promise.all([service.api.end(), service.worker.end()])).toEqual([0, 0]);
    for (const { output } of [service.api, service.worker]) {
      const lines = output().trimEnd().split('\n');
      expect(lines.filter(line => line.includes('traces'))).toHaveLength(1);
      expect(lines.filter(line => !line.startsWith('{'))).toEqual([]);
    }
  });
});

// Last: the worker with DEBUG and traces has ended, so another one gets all jobs.
describe('processes without DEBUG and traces', () => {
  let worker: TestChild;
  beforeAll(async () => {
    await telemetry.service.worker.end();
    worker = startApp('worker', { ...telemetry.service.env, ...quietVariables });
  });
  afterAll(async () => {
    await worker.end();
  });

  it('log no podman commands, load nothing of OpenTelemetry and mark no job', async () => {
    const { service, quiet, container } = telemetry;
    const exec = () => quiet.call('POST', `/containers/${container}/exec`, { command: 'true' }, parentOf(randomBytes(16).toString('hex')));
    const response = await until(async () => [await exec()].find(({ status }) => status === 200));
    // Podman has run, which the worker with DEBUG has logged.
    expect(linesOf(service.worker)).toContainEqual(expect.objectContaining({ level: 'debug', podman: 'version' }));
    expect(linesOf(worker).filter(({ level }) => level === 'debug')).toEqual([]);
    const node = service.env['NODE_NAME'] ?? '';
    const job = await service.redis.sendCommand('HGET', `bull:{${node}}:podman-${node}:${String(response.field('job_id'))}`, 'data');
    expect(job).toContain('container.exec');
    expect(job).not.toMatch(/trace(parent|state)/);
    expect(await Promise.all([quiet.api.end(), worker.end()])).toEqual([0, 0]);
    await until(() => [quiet.api, worker].every(({ output }) => output().includes('loaded of OpenTelemetry: ')));
    expect(worker.output()).toContain('loaded of OpenTelemetry: nothing\n');
    // prom-client asks its API for exemplars, whether or not there are any.
    expect(quiet.api.output()).toContain('loaded of OpenTelemetry: @opentelemetry/api by prom-client\n');
  });
});
