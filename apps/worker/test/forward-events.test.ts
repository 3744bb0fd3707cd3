import type { EventPublisher, FleetEvent } from '@podman-api/cluster';
import { describe, expect, it } from 'vitest';
import type { PodmanEvent } from '../src/containers/events.ts';
import { createEventForwarder } from '../src/containers/forward-events.ts';

const hourMs = 3_600_000;

function forwarder(readLastTime: EventPublisher['readLastTime'] = async () => undefined) {
  const published: (Partial<FleetEvent> | 'gap')[] = [];
  const publisher: EventPublisher = {
    publish: event => published.push(event),
    publishGap: () => published.push('gap'),
    readLastTime,
  };
  return { published, ...createEventForwarder(publisher, 'node') };
}

const event = (changes: Partial<PodmanEvent>): PodmanEvent => ({
  type: 'container',
  action: 'start',
  id: 'a'.repeat(64),
  name: 'web',
  image: 'x',
  time: '2026-01-05T09:30:00.000Z',
  exitCode: null,
  health: '',
  isOfJob: false,
  ...changes,
});

describe('createEventForwarder', () => {
  it('begins shortly before the last event of the node', async () => {
    const lastMs = Date.now() - 60_000;
    const { readStart, published } = forwarder(async () => lastMs);
    expect([await readStart(), published]).toEqual([lastMs - 2000, []]);
  });

  it.each([
    ['the last event is older than an hour', async () => Date.now() - 2 * hourMs],
    ['Redis does not answer', () => Promise.reject(new Error('Connection is closed.'))],
  ])('records a gap if %s', async (_case, readLastTime) => {
    const { readStart, published } = forwarder(readLastTime);
    expect(await readStart()).toBeGreaterThan(Date.now() - hourMs - 60_000);
    expect(published).toEqual(['gap']);
  });

  it('records a gap for each loss of Redis, but not for the first connection', async () => {
    const { readStart, recordPossibleLoss, published } = forwarder();
    recordPossibleLoss();
    await readStart();
    expect(published).toEqual([]);
    recordPossibleLoss();
    expect(published).toEqual(['gap']);
  });

  it('reports the exit code of a container that died, and its health when it changes', () => {
    const { forward, published } = forwarder();
    for (const health of ['starting', 'healthy', 'healthy', 'unhealthy']) forward(event({ action: 'health_status', health }));
    forward(event({ action: 'died', exitCode: 3 }));
    forward(event({ action: 'died', exitCode: -1 }));
    forward(event({ action: 'exec_died' }));
    forward(event({ type: 'image', action: 'pull', image: '' }));
    expect(published).toEqual(
      [
        { action: 'health_status', health: 'starting' },
        { action: 'health_status', health: 'healthy' },
        { action: 'health_status', health: 'unhealthy' },
        { action: 'died', exit_code: 3 },
        { action: 'died', exit_code: null },
        { type: 'image', action: 'pull', image: null },
      ].map(expected => expect.objectContaining({ node: 'node', resource_id: 'a'.repeat(12), ...expected })),
    );
  });
});
