import { until } from '../poll.ts';
import { freePorts } from './port.ts';
import { dataSettings, type RedisDeployment, startServer } from './server.ts';

const masters = 3;
/** Number of hash slots, https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/. */
const slots = 16_384;

/** Starts a Redis Cluster of three masters. @param replicas whether each master has a replica */
export async function startCluster(folder: string, replicas: boolean): Promise<RedisDeployment> {
  const count = replicas ? 2 * masters : masters;
  const ports = await freePorts(2 * count);
  const servers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startServer(folder, `cluster${index}`, {
        ...dataSettings,
        port: String(ports[index]),
        'cluster-enabled': 'yes',
        'cluster-port': String(ports[count + index]),
        'cluster-node-timeout': '2000',
        'repl-diskless-sync-delay': '0',
      }),
    ),
  );
  const share = Math.ceil(slots / masters);
  await Promise.all(
    servers.map(async (server, index) => {
      await server.ask('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      const first = index * share;
      if (index < masters) await server.ask('CLUSTER', 'ADDSLOTSRANGE', `${first}`, `${Math.min(first + share, slots) - 1}`);
    }),
  );
  for (const index of servers.keys()) await servers[0]?.ask('CLUSTER', 'MEET', '127.0.0.1', `${ports[index]}`, `${ports[count + index]}`);
  const all = async (holds: (info: string, index: number) => boolean, command: readonly string[]) =>
    (await Promise.all(servers.map(async (server, index) => holds(await server.ask(...command), index)))).every(Boolean);
  await until(() => all(info => info.includes(`cluster_known_nodes:${count}`), ['CLUSTER', 'INFO']));
  for (const [index, server] of servers.slice(masters).entries()) {
    const master = (await servers[index]?.ask('CLUSTER', 'MYID'))?.trim() ?? '';
    await server.ask('CLUSTER', 'REPLICATE', master);
  }
  await until(() => all(info => info.includes('cluster_state:ok'), ['CLUSTER', 'INFO']));
  await until(() => all((info, index) => index < masters || info.includes('master_link_status:up'), ['INFO', 'replication']));
  const addresses = ports.slice(0, masters).map(port => `127.0.0.1:${port}`);
  return { url: `redis+cluster://${addresses.join(',')}`, servers };
}
