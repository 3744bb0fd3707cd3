import { QueueKeys } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { queueKey, queueName, queuePrefix } from '../src/bullmq/queue-names.ts';
import { newJobId, parseJobId } from '../src/job-id.ts';
import { keys } from '../src/keys.ts';
import { lanes } from '../src/lanes.ts';

describe('job ids and queue names', () => {
  it.each(['a', 'lab-7', 'host.example.org', 'x-reads', 'reads'])('contain the node %s and the lane of a job', node => {
    for (const lane of lanes) {
      const id = newJobId(node, lane, 1_750_000_000_000);
      expect(parseJobId(id)).toEqual({ node, lane, createdAtMs: 1_750_000_000_000 });
      expect(id.startsWith(queueName(node, lane).slice('podman-'.length))).toBe(true);
      // BullMQ refuses integers and colons, and keeps keys of its own under short words.
      expect(id).toMatch(/^[a-z0-9._-]+_[0-9a-f]{28}$/);
    }
  });

  it('differ for all nodes and lanes', () => {
    const names = ['a', 'a.reads', 'a-reads', 'reads'].flatMap(node => lanes.map(lane => queueName(node, lane)));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    '',
    'x',
    'meta',
    'a_123',
    'a:b_0000000000000000000000000000',
    '../a_0000000000000000000000000000',
    'A_0000000000000000000000000000',
    'a_000000000000000000000000000g',
  ])('reject %j as a job id', id => expect(parseJobId(id)).toBeUndefined());

  it('accept only one spelling of an id, so that a job has one set of keys', () => {
    const id = newJobId('vm', 'commands');
    const alias = `{vm}${id.slice(2)}`;
    expect(keys.record(alias)).not.toBe(keys.record(id));
    expect(keys.output(alias)).not.toBe(keys.output(id));
  });

  it('build the same keys as BullMQ', () => {
    const its = new QueueKeys(queuePrefix('lab-7')).toKey(queueName('lab-7', 'reads'), 'wait');
    expect(queueKey('lab-7', 'reads', 'wait')).toBe(its);
  });
});
