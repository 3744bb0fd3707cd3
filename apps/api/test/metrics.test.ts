import { describe, expect, it } from 'vitest';
import { createFleetRegistry } from '../src/metrics/fleet.ts';

const none = {
  finishedJobs: new Map(),
  errors: new Map(),
  waitTimes: new Map(),
  runTimes: new Map(),
  totalTimes: { buckets: [], sumSeconds: 0 },
};
const node = {
  name: 'host-7',
  status: 'draining',
  podman: 'connected',
  podman_version: '5.4.2',
  labels: {},
  arch: 'x64',
  cpus: 8,
  memory: 1,
  workers: 2,
  max_workers: 20,
  running: 3,
  containers: null,
  last_seen: '2026-01-05T09:30:00.000Z',
} as const;
const textOf = async (overrides: object) =>
  createFleetRegistry({ totals: { ...none, ...overrides }, nodes: [node], depths: [], limit: 1000 }).metrics();

describe('createFleetRegistry', () => {
  it('writes cumulative buckets', async () => {
    const counted = { buckets: [1, 0, 2, ...Array.from({ length: 13 }, () => 0), 4], sumSeconds: 7200.5 };
    const text = await textOf({ runTimes: new Map([['container.exec', counted]]) });
    const lines = text.split('\n').filter(line => /^podman_api_job_run_seconds.*"container.exec"/.test(line));
    expect([...lines.slice(0, 4), ...lines.slice(-4)]).toEqual([
      'podman_api_job_run_seconds_bucket{operation="container.exec",le="0.0025"} 1',
      'podman_api_job_run_seconds_bucket{operation="container.exec",le="0.005"} 1',
      'podman_api_job_run_seconds_bucket{operation="container.exec",le="0.01"} 3',
      'podman_api_job_run_seconds_bucket{operation="container.exec",le="0.025"} 3',
      'podman_api_job_run_seconds_bucket{operation="container.exec",le="1800"} 3',
      'podman_api_job_run_seconds_bucket{operation="container.exec",le="+Inf"} 7',
      'podman_api_job_run_seconds_sum{operation="container.exec"} 7200.5',
      'podman_api_job_run_seconds_count{operation="container.exec"} 7',
    ]);
    expect(text).toContain('# TYPE podman_api_job_run_seconds histogram\n');
  });

  it('writes 0 for operations without jobs, and operations that this version does not know', async () => {
    const text = await textOf({ finishedJobs: new Map([['other', new Map([['failed', 2]])]]) });
    expect(text).toContain('podman_api_jobs_total{operation="container.exec",status="unknown"} 0\n');
    expect(text).toContain('podman_api_jobs_total{operation="other",status="failed"} 2\n');
    expect(text).toContain('podman_api_job_wait_seconds_count{operation="container.stop"} 0\n');
  });

  it('writes the state of each node, and its count of containers if that is known', async () => {
    const text = await textOf({});
    expect(text).toContain('podman_api_nodes{status="draining"} 1\n');
    expect(text).toContain('podman_api_nodes{status="offline"} 0\n');
    expect(text).toContain('podman_api_node_up{node="host-7"} 1\n');
    expect(text).toContain('podman_api_commands_limit{node="host-7"} 20\n');
    expect(text).not.toContain('podman_api_containers{');
  });
});
