import { randomBytes } from 'node:crypto';
import { images, type TestFleet } from '@podman-api/testing';
import { expect } from 'vitest';

/**
 * Creates containers by requests sent at once to both API processes of a fleet, and removes them. Expects each node to have
 * its share of them, with a deviation of a fifth of the share, or of two containers.
 */
export async function expectSpread(fleet: TestFleet, count: number): Promise<void> {
  const names = Array.from({ length: count }, () => `f-${randomBytes(5).toString('hex')}`);
  const create = (name: string, index: number) =>
    fleet.apis[index % 2 === 0 ? 0 : 1].call('POST', '/containers', { image: images.plain, network: 'none', command: 'sleep 600', name });
  const responses = await Promise.all(names.map(create));
  expect(responses.map(({ status }) => status)).toEqual(names.map(() => 201));
  const counts = await Promise.all(
    fleet.nodes.map(
      async ({ podman }) =>
        (await podman.run(['ps', '--all', '--format={{.Names}}'])).split('\n').filter(name => names.includes(name)).length,
    ),
  );
  expect(counts.reduce((sum, each) => sum + each)).toBe(count);
  const share = count / fleet.nodes.length;
  for (const each of counts) expect(Math.abs(each - share)).toBeLessThanOrEqual(Math.max(2, share / 5));
  await Promise.all(names.map(name => fleet.call('DELETE', `/containers/${name}?force=true`)));
}
