import { until } from '../poll.ts';
import { findFreePorts } from './find-free-ports.ts';
import { dataSettings, type RedisDeployment, startServer } from './server.ts';

const masterCount = 3;
/** Number of hash slots, https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/. */
const slotCount = 16_384;

/** Starts a Redis Cluster of three masters. @param hasReplicas whether each master has a replica */
export async function startCluster(folder: string, hasReplicas: boolean): Promise<RedisDeployment> {
  const count = hasReplicas ? 2 * masterCount : masterCount;
  const ports = await findFreePorts(2 * count);
  const servers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startServer(folder, `cluster${index}`, {
        ...dataSettings,
        port: String(ports[index]),
        'cluster-enabled': 'yes',
        'cluster-port': String(ports[count + index]),
        // Without replicas nothing can fail over, and a master that gets no CPU time would stop the whole cluster.
        'cluster-node-timeout': hasReplicas ? '2000' : '30000',
        'repl-diskless-sync-delay': '0',
      }),
    ),
  );
  const share = Math.ceil(slotCount / masterCount);
  await Promise.all(
    servers.map(async (server, index) => {
      await server.sendCommand('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      const first = index * share;
      if (index < masterCount)
        await server.sendCommand('CLUSTER', 'ADDSLOTSRANGE', `${first}`, `${Math.min(first + share, slotCount) - 1}`);
    }),
  );
  for (const index of servers.keys())
    await servers[0]?.sendCommand('CLUSTER', 'MEET', '127.0.0.1', `${ports[index]}`, `${ports[count + index]}`);
  const doAllReport = async (matches: (info: string, index: number) => boolean, command: readonly string[]) =>
    (await Promise.all(servers.map(async (server, index) => matches(await server.sendCommand(...command), index)))).every(Boolean);
  await until(() => doAllReport(info => info.includes(`cluster_known_nodes:${count}`), ['CLUSTER', 'INFO']));
  for (const [index, server] of servers.slice(masterCount).entries()) {
    const master = (await servers[index]?.sendCommand('CLUSTER', 'MYID'))?.trim() ?? '';
    await server.sendCommand('CLUSTER', 'REPLICATE', master);
  }
  await until(() => doAllReport(info => info.includes('cluster_state:ok'), ['CLUSTER', 'INFO']));
  await until(() => doAllReport((info, index) => index < masterCount || info.includes('master_link_status:up'), ['INFO', 'replication']));
  const addresses = ports.slice(0, masterCount).map(port => `127.0.0.1:${port}`);
  return { url: `redis+cluster://${addresses.join(',')}`, servers };
}
