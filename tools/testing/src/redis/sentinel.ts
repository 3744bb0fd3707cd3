import { until } from '../poll.ts';
import { findFreePorts } from './find-free-ports.ts';
import { dataSettings, type RedisDeployment, startServer } from './server.ts';

/** Name of the master in the configuration of the sentinels. */
export const masterName = 'jobs';

/** Starts a master, a replica and three sentinels, two of which decide on a failover within a second or two. */
export async function startSentinel(folder: string): Promise<RedisDeployment> {
  const [first = 0, second = 0, ...ports] = await findFreePorts(5);
  const settings = { ...dataSettings, 'repl-diskless-sync-delay': '0' };
  const master = await startServer(folder, 'first', { ...settings, port: String(first) });
  const replica = await startServer(folder, 'second', { ...settings, port: String(second), replicaof: `127.0.0.1 ${first}` });
  await until(async () => (await replica.sendCommand('INFO', 'replication')).includes('master_link_status:up'));
  const watch = {
    'sentinel monitor': `${masterName} 127.0.0.1 ${first} 2`,
    'sentinel down-after-milliseconds': `${masterName} 1000`,
    'sentinel failover-timeout': `${masterName} 2000`,
  };
  const sentinels = await Promise.all(
    ports.map((port, index) => startServer(folder, `sentinel${index}`, { port: String(port), ...watch }, true)),
  );
  for (const sentinel of sentinels) {
    // Defaults: 10 s for INFO and 2 s for messages between sentinels, https://redis.io/docs/latest/commands/sentinel/.
    await sentinel.sendCommand('SENTINEL', 'DEBUG', 'info-period', '500', 'publish-period', '500');
    await until(async () =>
      (await sentinel.sendCommand('INFO', 'sentinel')).includes(`status=ok,address=127.0.0.1:${first},slaves=1,sentinels=3`),
    );
  }
  const addresses = ports.map(port => `127.0.0.1:${port}`);
  return { url: `redis+sentinel://${addresses.join(',')}/${masterName}`, servers: [master, replica], sentinels };
}
