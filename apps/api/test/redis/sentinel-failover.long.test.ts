import { allowFailover, images, type RedisServer, type Service, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failOver } from './fail-over.ts';

let service: Service;
let container: string;
beforeAll(async () => {
  service = await startService({}, { kind: 'sentinel' });
  await allowFailover(service.redis.sentinels);
  container = await startContainer(images.plain);
});
afterAll(() => service.stop());

const findMaster = async (): Promise<RedisServer> => {
  const [found] = await service.redis.masters();
  if (found === undefined) throw new Error('there is no master');
  return found;
};
/** Waits until the sentinels can start a failover: some time after the last one, and only with a connected replica. */
const awaitSentinels = () =>
  until(async () => {
    const responses = await Promise.all(
      service.redis.sentinels.map(one => one.sendCommand('SENTINEL', 'CKQUORUM', 'jobs').catch(() => '')),
    );
    const replicas = await Promise.all(service.redis.sentinels.map(one => one.sendCommand('SENTINEL', 'REPLICAS', 'jobs')));
    return (
      responses.every(text => text.startsWith('OK')) &&
      replicas.every(text => /\nflags\nslave\n/.test(text) && /\nmaster-link-status\nok\n/.test(text))
    );
  });

describe('a master with Sentinel', () => {
  it('fails over on the command SENTINEL FAILOVER', async () => {
    const breakMaster = async () => {
      const [sentinel] = service.redis.sentinels;
      expect(await sentinel?.sendCommand('SENTINEL', 'FAILOVER', 'jobs')).toBe('OK\n');
    };
    await failOver({ service, container, master: await findMaster(), breakMaster, repair: () => {} });
  });

  it('fails over when the master hangs', async () => {
    await awaitSentinels();
    const master = await findMaster();
    await failOver({ service, container, master, breakMaster: () => master.freeze(), repair: () => master.thaw() });
  });

  it('fails over when the master is killed', async () => {
    await awaitSentinels();
    const master = await findMaster();
    await failOver({ service, container, master, breakMaster: () => master.kill(), repair: () => master.restart() });
  });
});
