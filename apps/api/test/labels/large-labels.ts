import { images, startService, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { expect, it } from 'vitest';

/** Length of one label: less than the kernel allows one argument of a command (MAX_ARG_STRLEN, execve(2)). */
const labelBytes = 120_000;
const labelsPerContainer = 15;

/**
 * Creates containers with large labels by podman, lists them by the service, and lets the ttl of another container end after the
 * worker was restarted.
 * @param count how many; 42 have more than 64 MiB of labels
 */
export function itListsContainersWithLargeLabels(count: number): void {
  it(`lists ${count} containers with ${labelsPerContainer} labels of ${labelBytes} bytes, and honors ttls after a restart`, async context => {
    const podman = testPodman();
    const service = await startService();
    context.onTestFinished(() => service.stop());
    const { call, env, redis } = service;
    const value = 'x'.repeat(labelBytes);
    const labels = Array.from({ length: labelsPerContainer }, (_, index) => `--label=large${index}=${value}`);
    const names = Array.from({ length: count }, uniqueContainerName);
    const [first = ''] = names;
    for (const name of names) {
      await podman.run(['create', `--name=${name}`, '--network=none', ...labels, '--', images.plain, 'sleep', '1']);
    }
    const ending = uniqueContainerName();
    const create = { image: images.plain, name: ending, network: 'none', command: 'sleep 600', labels: { team: 'ci' } };
    expect((await call('POST', '/containers', create)).status).toBe(201);

    const listed = await call('GET', '/containers');
    expect(listed.status).toBe(200);
    const containers = new Map<string, unknown>();
    const all = listed.field('containers');
    for (const one of Array.isArray(all) ? all : []) containers.set(one.name, one);
    for (const name of names) expect(containers.get(name)).toMatchObject({ labels: {}, command: ['sleep', '1'], truncated: true });
    expect(containers.get(ending)).toMatchObject({ labels: { team: 'ci' }, truncated: false });
    // One alone is small enough.
    const details = await call('GET', `/containers/${first}`);
    expect(details.field('container.labels.large0')).toBe(value);

    await service.worker.end('SIGKILL');
    await service.api.end('SIGKILL');
    const restarted = await startService({ ...env, REDIS_URL: redis.url });
    context.onTestFinished(() => restarted.stop());
    expect((await restarted.call('POST', `/containers/${ending}/renew`, { ttl: 1 })).status).toBe(200);
    await until(async () => (await restarted.call('GET', `/containers?name=${ending}`)).field('containers.0') === undefined);
    const warnings = await until(async () => {
      const given = (await restarted.call('GET', '/health')).field('warnings');
      return Array.isArray(given) && given.find(warning => String(warning).includes('too large for lists'));
    });
    expect(warnings).toContain('labels, a command or ports');
  });
}
