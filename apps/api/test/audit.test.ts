import { dockerTasks, operations, streamOperations, type Task } from '@podman-api/operations';
import { type AuditEntry, createJobLogger, createLog } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';
import { createFleetRegistry } from '../src/metrics/fleet.ts';
import { routes } from '../src/routes/routes.ts';

const log = (await createLog('test', false)).child({}, { level: 'silent' });

/** Returns the entries of the audit log after a job of a task. */
function entriesOf(task: Task, input: object): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  const end = createJobLogger(log, { write: entry => entries.push(entry) });
  const job = { operation: task.name, container: 'web', node: 'local', request_id: 'one', token: 'ci', changes: task.changes(input) };
  end({ id: 'local_1', job, outcome: { status: 'succeeded' }, durationMs: 1 });
  return entries;
}

describe('the audit log', () => {
  it('has an entry for the job of each operation except reads', () => {
    const without = operations.filter(operation => entriesOf(operation, operation.example.input).length === 0);
    // A terminal is opened by a GET because it is a WebSocket.
    const reads = operations.filter(({ method, name }) => method === 'GET' && name !== 'container.terminal');
    expect(without.map(({ name }) => name)).toEqual(reads.map(({ name }) => name));
    expect(operations.flatMap(operation => entriesOf(operation, operation.example.input)).map(({ operation }) => operation)).toEqual(
      operations.filter(operation => !without.includes(operation)).map(({ name }) => name),
    );
  });

  it('has entries for refused attempts at each route that changes something', () => {
    const changing = routes.filter(({ method }) => method !== 'GET');
    // A ticket changes nothing; the request that uses it has an entry.
    expect(changing.filter(({ changes }) => !changes).map(({ name }) => name)).toEqual(['ticket.create']);
    expect(routes.filter(({ method, changes }) => method === 'GET' && changes)).toEqual([]);
  });
});

describe('GET /metrics', () => {
  it('counts the jobs of each operation and of each task of the Docker-compatible API', async () => {
    const none = { finishedJobs: new Map(), errors: new Map(), waitTimes: new Map(), runTimes: new Map() };
    const totals = { ...none, totalTimes: { buckets: [], sumSeconds: 0 } };
    const text = await createFleetRegistry({ totals, nodes: [], depths: [], limit: 1000 }).metrics();
    const tasks = [...operations, ...streamOperations, ...dockerTasks];
    const uncounted = tasks.filter(
      ({ name }) =>
        !text.includes(`podman_api_jobs_total{operation="${name}",status="succeeded"} 0\n`) ||
        !text.includes(`podman_api_job_run_seconds_count{operation="${name}"} 0\n`),
    );
    expect(uncounted.map(({ name }) => name)).toEqual([]);
  });
});
