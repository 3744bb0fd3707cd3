import { images, type RedisServer, type Service, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failOver } from './fail-over.ts';

let service: Service;
let container: string;
beforeAll(async () => {
  service = await startService({}, { kind: 'sentinel' });
  container = await startContainer(images.plain);
});
afterAll(() => service.stop());

const master = async (): Promise<RedisServer> => {
  const [found] = await service.redis.masters();
  if (found === undefined) throw new Error('there is no master');
  return found;
};
/** The sentinels begin no failover soon after another, and none without a replica that they know to be well. */
const sentinelsAreReady = () =>
  until(async () => {
    const told = await Promise.all(service.redis.sentinels.map(one => one.ask('SENTINEL', 'CKQUORUM', 'jobs').catch(() => '')));
    const replicas = await Promise.all(service.redis.sentinels.map(one => one.ask('SENTINEL', 'REPLICAS', 'jobs')));
    return (
      told.every(text => text.startsWith('OK')) &&
      replicas.every(text => /\nflags\nslave\n/.test(text) && /\nmaster-link-status\nok\n/.test(text))
    );
  });

test('a failover that a sentinel is asked for', async () => {
  const blow = async () => {
    const [sentinel] = service.redis.sentinels;
    expect(await sentinel?.ask('SENTINEL', 'FAILOVER', 'jobs')).toBe('OK\n');
  };
  await failOver({ service, container, victim: await master(), blow, mend: () => {} });
});

test('a master that stands still', async () => {
  await sentinelsAreReady();
  await failOver({ service, container, victim: await master(), blow: victim => victim.freeze(), mend: victim => victim.thaw() });
});

test('a master that is killed', async () => {
  await sentinelsAreReady();
  await failOver({ service, container, victim: await master(), blow: victim => victim.kill(), mend: victim => victim.restart() });
});
