import { images, type RedisServer, type Service, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { failOver } from './fail-over.ts';

let service: Service;
let container: string;
beforeAll(async () => {
  service = await startService({}, { kind: 'cluster', hasReplicas: true });
  container = await startContainer(images.plain);
});
afterAll(() => service.stop());

/** Returns the master that has a key. */
const masterOf = async (key: string): Promise<RedisServer> => {
  for (const server of await service.redis.masters()) if ((await server.sendCommand('KEYS', '*')).split('\n').includes(key)) return server;
  throw new Error(`no master has ${key}`);
};

describe('a Redis Cluster with replicas', () => {
  it("fails over when the master of a node's queues is killed", async () => {
    const master = await masterOf(`bull:{${service.env['NODE_NAME']}}:podman-${service.env['NODE_NAME']}:meta`);
    await failOver({ service, container, master, breakMaster: () => master.kill(), repair: () => master.restart() });
  });

  it('fails over when the master of the list of workers hangs', async () => {
    const master = await masterOf('podman-api:{fleet}:workers');
    await failOver({ service, container, master, breakMaster: () => master.freeze(), repair: () => master.thaw() });
  });
});
