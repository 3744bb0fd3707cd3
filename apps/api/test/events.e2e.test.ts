import { images, sharedService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName, uniqueVolumeName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { followEvents, type StreamedEvent } from './events/follow-events.ts';

const follow = async (query: string, headers: Record<string, string> = {}) =>
  (await followEvents(sharedService().url, query, headers)).events;

const actionsOf = (events: readonly StreamedEvent[]) => events.map(({ action }) => action);

describe('GET /events', () => {
  it('streams what happens to a container, once, and continues after an event', async () => {
    const { call } = sharedService();
    const name = uniqueContainerName();
    const events = await follow(`?container=${name}`);
    const body = { image: images.busybox, name, command: ['sh', '-c', 'exit 3'], network: 'none', labels: { team: 'hush7e1d' } };
    expect((await call('POST', '/containers', body)).status).toBe(201);
    await until(() => actionsOf(events).includes('died'));
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    await until(() => actionsOf(events).includes('remove'));
    expect(actionsOf(events)).toEqual(['create', 'start', 'died', 'remove']);
    expect(events[2]).toEqual({
      id: expect.stringMatching(/^\d+-\d+$/),
      event: 'container',
      type: 'container',
      action: 'died',
      resource_id: expect.stringMatching(/^[0-9a-f]{12}$/),
      name,
      image: expect.stringContaining('busybox'),
      node: expect.any(String),
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      exit_code: 3,
      health: null,
    });
    const rest = await follow(`?container=${name}`, { 'Last-Event-ID': events[1]?.id ?? '' });
    await until(() => rest.length >= 2);
    expect(rest).toEqual(events.slice(2));
    const since = await follow(`?container=${name}&since=10m&type=container`);
    await until(() => since.filter(({ event }) => event === 'container').length >= 4);
    expect(since.filter(({ event }) => event === 'container')).toEqual(events);
    expect(JSON.stringify(events)).not.toContain('hush7e1d');
  });

  it('filters by type and node', async () => {
    const [volumes, elsewhere] = [await follow('?type=volume'), await follow('?node=no-such-node')];
    const volume = uniqueVolumeName();
    await testPodman().run(['volume', 'create', '--', volume]);
    const name = await startContainer(images.busybox);
    const all = await follow(`?since=10m&container=${name}`);
    await until(() => volumes.some(event => event['name'] === volume) && actionsOf(all).includes('start'));
    expect(volumes.every(({ event }) => event === 'volume' || event === 'gap')).toBe(true);
    expect(elsewhere).toEqual([]);
  });

  it('reports a gap if the event to continue after is no longer stored', async () => {
    const events = await follow('', { 'Last-Event-ID': '1-1' });
    await until(() => events.length > 0);
    expect(events[0]).toMatchObject({ event: 'gap', reason: 'trimmed', node: null });
  });

  it('returns 400 for an unknown type, time or event id', async () => {
    const { call } = sharedService();
    expect((await call('GET', '/events?type=pod&since=yesterday')).body).toMatchObject({
      error: { details: [expect.objectContaining({ path: 'type' }), expect.objectContaining({ path: 'since' })] },
    });
    expect(await call('GET', '/events', undefined, { 'Last-Event-ID': 'x' })).toMatchObject({ status: 400 });
  });
});
