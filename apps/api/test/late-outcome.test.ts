import { createOutcome, type JobView } from '@podman-api/jobs';
import { describe, expect, it } from 'vitest';
import { readLateOutcome } from '../src/routes/operations/outcome.ts';

const view: JobView = {
  id: 'local_1',
  operation: 'container.exec',
  container: 'web',
  node: 'local',
  status: 'running',
  created_at: '2026-01-05T09:30:00.000Z',
  started_at: null,
  finished_at: null,
  attempts: 1,
  request_id: 'one',
  token: null,
};

const readFrom = (job: JobView | undefined) => readLateOutcome({ read: async () => job }, 'local_1');

describe('readLateOutcome', () => {
  it('returns the outcome of a job that has ended after the wait of its caller', async () => {
    const outcome = createOutcome('succeeded', { result: { exit_code: 0 } });
    expect(await readFrom({ ...view, status: 'succeeded', outcome })).toBe(outcome);
  });

  it('throws a 408 for a job that continues, or has expired', async () => {
    await expect(readFrom({ ...view, status: 'queued' })).rejects.toMatchObject({
      status: 408,
      message: expect.stringContaining('(queued)'),
    });
    await expect(readFrom(undefined)).rejects.toMatchObject({ status: 408 });
  });
});
