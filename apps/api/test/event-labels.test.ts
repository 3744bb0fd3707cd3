import type { FleetEvent } from '@podman-api/cluster';
import { describe, expect, it } from 'vitest';
import { EventLabels } from '../src/docker/system/event-labels.ts';

const eventOf = (id: string): FleetEvent => ({
  type: 'container',
  action: 'start',
  resource_id: id,
  full_id: id,
  name: id,
  image: null,
  node: 'a',
  time: '2026-01-05T09:30:00.000Z',
  exit_code: null,
  health: null,
});

/** Creates the labels of a reader. @param length that of each container's label @returns them, and the ids that were inspected */
function createLabels(length: number) {
  const inspected: string[] = [];
  const readLabels = async (id: string) => {
    inspected.push(id);
    return { text: 'x'.repeat(length) };
  };
  return { labels: new EventLabels(readLabels, ['text']), inspected };
}

describe('EventLabels', () => {
  it('inspects a container at its first event only', async () => {
    const { labels, inspected } = createLabels(1);
    expect([await labels.match(eventOf('a')), await labels.match(eventOf('a'))]).toEqual([{ text: 'x' }, { text: 'x' }]);
    expect(inspected).toEqual(['a']);
  });

  it('drops the oldest labels beyond 1 MiB', async () => {
    const { labels, inspected } = createLabels(400_000);
    for (const id of ['a', 'b', 'c', 'c', 'b', 'a']) await labels.match(eventOf(id));
    expect(inspected).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not keep the labels of one container that are longer than 1 MiB', async () => {
    const { labels, inspected } = createLabels(2_000_000);
    for (const id of ['a', 'a']) expect(await labels.match(eventOf(id))).toBeDefined();
    expect(inspected).toEqual(['a', 'a']);
  });

  it('drops the oldest of more than 1,000 containers', async () => {
    const { labels, inspected } = createLabels(1);
    for (let id = 0; id <= 1000; id += 1) await labels.match(eventOf(String(id)));
    for (const id of ['1', '0']) await labels.match(eventOf(id));
    expect(inspected.slice(1001)).toEqual(['0']);
  });
});
