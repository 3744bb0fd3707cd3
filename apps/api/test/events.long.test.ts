import { images, startApp, startService, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followEvents } from './events/follow-events.ts';

describe.each(['single', 'sentinel', 'cluster'] as const)('GET /events with Redis of the kind %s', kind => {
  it('has what happened while the node had no worker, once and without a gap, and ends with the API process', async () => {
    const service = await startService({}, { kind });
    onTestFinished(() => service.stop());
    const name = uniqueContainerName();
    const create = (own: string) => testPodman().run(['create', `--name=${own}`, '--pull=never', '--', images.busybox, 'true']);
    const { events, ended } = await followEvents(service.url, '');
    const before = uniqueContainerName();
    await create(before);
    await until(() => events.some(event => event['name'] === before));

    await service.worker.end('SIGKILL');
    await create(name);
    await testPodman().run(['rm', '--', name]);
    const another = startApp('worker', service.env);
    await until(() => events.some(event => event['name'] === name && event.action === 'remove'));
    expect(events.filter(event => event['name'] === name).map(({ action }) => action)).toEqual(['create', 'remove']);
    expect(events.filter(event => event['name'] === before).map(({ action }) => action)).toEqual(['create']);
    expect(events.filter(({ event }) => event === 'gap')).toEqual([]);

    expect(await service.api.end('SIGTERM')).toBe(0);
    await ended;
    expect(await another.end('SIGTERM')).toBe(0);
  });
});
