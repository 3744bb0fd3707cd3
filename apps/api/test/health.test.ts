import { describe, expect, it } from 'vitest';
import { createWorkerReport } from '../../../packages/cluster/test/worker-report.ts';
import type { HealthInput } from '../src/routes/health.ts';
import { determineHealth } from '../src/routes/health.ts';

type Node = HealthInput['nodes'] extends ReadonlyMap<string, infer Value> ? Value : never;

const node = (name: string, status: Node['status']): Node => ({
  name,
  status,
  podman: 'connected',
  podman_version: '5.4.2',
  labels: {},
  arch: 'x64',
  cpus: 2,
  memory: 1,
  workers: 1,
  max_workers: 10,
  running: 0,
  containers: 0,
  last_seen: '2026-01-05T09:00:00.000Z',
});
const judge = (changes: Partial<HealthInput> = {}) =>
  determineHealth({
    isRedisAvailable: true,
    isRedisFull: false,
    workers: [createWorkerReport()],
    nodes: new Map([['a', node('a', 'ready')]]),
    eventLoopDelayMs: 0,
    ...changes,
  });

describe('judgeHealth', () => {
  it('is healthy when Redis answers and all workers can run podman', () => {
    expect(judge()).toEqual({ status: 'healthy', podman: 'connected', warnings: [] });
  });

  it('is degraded, not unhealthy, while this process gets too little CPU', () => {
    expect(judge({ eventLoopDelayMs: 3500 })).toEqual({
      status: 'degraded',
      podman: 'connected',
      warnings: ['This API process gets too little CPU: its event loop was delayed by 3500 ms.'],
    });
  });

  it('is degraded while a worker gets too little CPU', () => {
    const { status, warnings } = judge({ workers: [createWorkerReport({ pid: 7, event_loop_delay_ms: 2000 })] });
    expect(status).toBe('degraded');
    expect(warnings).toEqual(['The worker 7 on node a gets too little CPU: its event loop was delayed by 2000 ms.']);
  });

  it('is degraded while podman is slow', () => {
    const podman = { working: true, version: '5.4.2', error: 'no answer within 10 s' };
    expect(judge({ workers: [createWorkerReport({ podman })] })).toMatchObject({ status: 'degraded', podman: 'connected' });
  });

  it('is degraded and names the node when one of two is offline', () => {
    const nodes = new Map([
      ['a', node('a', 'ready')],
      ['b', node('b', 'offline')],
    ]);
    const { status, warnings } = judge({ nodes });
    expect(status).toBe('degraded');
    expect(warnings).toEqual(['Node b is offline: start a worker there, or remove it with DELETE /nodes/b.']);
  });

  it('is unhealthy without a worker that can run podman', () => {
    const podman = { working: false, version: null, error: 'podman is not installed' };
    expect(judge({ workers: [createWorkerReport({ podman })] })).toMatchObject({ status: 'unhealthy', podman: 'disconnected' });
    expect(judge({ workers: [] }).warnings).toEqual(['No worker is alive: start one with "npm run worker".']);
    expect(judge({ workers: [createWorkerReport({ stopping: true })] }).status).toBe('unhealthy');
  });

  it('is unhealthy while Redis has reached its memory limit', () => {
    expect(judge({ isRedisFull: true })).toEqual({
      status: 'unhealthy',
      podman: 'connected',
      warnings: [expect.stringMatching(/^Redis has reached its memory limit and stores nothing: raise its maxmemory/)],
    });
  });

  it('is unhealthy and names Redis while Redis does not answer', () => {
    const { status, podman, warnings } = judge({ isRedisAvailable: false, workers: [] });
    expect(status).toBe('unhealthy');
    expect(podman).toBe('connected');
    expect(warnings).toEqual(['Redis does not answer: check that it runs and that REDIS_URL is right.']);
  });
});
