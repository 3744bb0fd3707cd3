import { describe, expect, it } from 'vitest';
import { pickOriginFields } from '../src/job.ts';
import { type JobRecord, originFields, originOf } from '../src/record/record.ts';

const origin = {
  operation: 'image.pull',
  container: null,
  node: 'a',
  request_id: 'r',
  token: null,
  changes: true,
  created_at: '2026-01-05',
};
const record: JobRecord = { ...origin, container: '', token: '', changes: 'true', status: 'queued' };
const options = { claim: 'podman-api:key:1', reserved_name: 'web' };

describe('fields of a job that its record has from the start', () => {
  it('are stored as text, an empty one for null', () => {
    const names = ['operation', 'container', 'node', 'request_id', 'token', 'changes', 'created_at', 'claim', 'reserved_name', 'callback'];
    const values = ['image.pull', '', 'a', 'r', '', 'true', '2026-01-05', 'podman-api:key:1', 'web', 'true'];
    expect(originFields({ ...origin, ...options, callback: true })).toEqual(names.flatMap((name, index) => [name, values[index]]));
    expect(originFields(origin)).toHaveLength(14);
  });

  it('are read from the record as they were', () => {
    expect(originOf(record)).toEqual(origin);
    expect(originOf({ ...record, ...options, callback: 'true', attempts: '1' })).toEqual({ ...origin, ...options, callback: true });
  });

  it('are copied without the other fields of the job', () => {
    expect(pickOriginFields({ ...origin, ...options, input: {}, sealed: [], signature: 's' })).toEqual({ ...origin, ...options });
  });
});
