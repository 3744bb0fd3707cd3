import { QueueKeys } from 'bullmq';
import { expect, test } from 'vitest';
import { lanes, newJobId, placeOf, queueKey, queueName, queuePrefix } from '../src/names.ts';

test.each(['a', 'lab-7', 'host.example.org', 'x-reads', 'reads'])('a job’s id tells the node %s and the lane', node => {
  for (const lane of lanes) {
    const id = newJobId(node, lane, 1_750_000_000_000);
    expect(placeOf(id)).toEqual({ node, lane, created: 1_750_000_000_000 });
    expect(id.startsWith(queueName(node, lane).slice('podman-'.length))).toBe(true);
    // BullMQ refuses integers and colons, and keeps keys of its own under short words.
    expect(id).toMatch(/^[a-z0-9._-]+_[0-9a-f]{28}$/);
  }
});

test('queues of different nodes and lanes never share a name', () => {
  const names = ['a', 'a.reads', 'a-reads', 'reads'].flatMap(node => lanes.map(lane => queueName(node, lane)));
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  '',
  'x',
  'meta',
  'a_123',
  'a:b_0000000000000000000000000000',
  '../a_0000000000000000000000000000',
  'A_0000000000000000000000000000',
  'a_000000000000000000000000000g',
])('%j is no id', id => expect(placeOf(id)).toBeUndefined());

test('a key of BullMQ’s is where BullMQ has it', () => {
  const its = new QueueKeys(queuePrefix('lab-7')).toKey(queueName('lab-7', 'reads'), 'wait');
  expect(queueKey('lab-7', 'reads', 'wait')).toBe(its);
});
