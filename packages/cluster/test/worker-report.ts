import type { WorkerReport } from '../src/heartbeats/worker-report.ts';

/** Returns the report of an idle worker of the node `a`. */
export function createWorkerReport(changes: Partial<WorkerReport> = {}): WorkerReport {
  return {
    id: 'worker-1',
    node: 'a',
    pid: 1,
    started_at: '2026-01-05T09:00:00.000Z',
    max_workers: 10,
    running: 0,
    stopping: false,
    podman: { working: true, version: '5.4.2', error: null },
    event_loop_delay_ms: 0,
    labels: {},
    arch: 'x64',
    cpus: 2,
    memory: 1,
    containers: 0,
    shortened_containers: 0,
    list_error: null,
    pools: {},
    ...changes,
  };
}
