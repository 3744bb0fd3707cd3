import { until } from '../poll.ts';
import { findFreePorts } from './find-free-ports.ts';
import { dataSettings, type RedisDeployment, type RedisServer, startServer } from './server.ts';

/** Name of the master in the configuration of the sentinels. */
export const masterName = 'jobs';

/**
 * Starts a master, a replica and three sentinels, two of which decide on a failover. They do so at once after `allowFailover`;
 * before that, a master that gets no CPU or waits for a slow disk stays the master.
 */
export async function startSentinel(folder: string): Promise<RedisDeployment> {
  const [first = 0, second = 0, ...ports] = await findFreePorts(5);
  const settings = { ...dataSettings, 'repl-diskless-sync-delay': '0' };
  const master = await startServer(folder, 'first', { ...settings, port: String(first) });
  const replica = await startServer(folder, 'second', { ...settings, port: String(second), replicaof: `127.0.0.1 ${first}` });
  await until(async () => (await replica.sendCommand('INFO', 'replication')).includes('master_link_status:up'));
  const watch = {
    'sentinel monitor': `${masterName} 127.0.0.1 ${first} 2`,
    'sentinel down-after-milliseconds': `${masterName} 600000`,
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

/** Lets the sentinels replace a master that has not answered for a second. */
export async function allowFailover(sentinels: readonly RedisServer[]): Promise<void> {
  await Promise.all(sentinels.map(one => one.sendCommand('SENTINEL', 'SET', masterName, 'down-after-milliseconds', '1000')));
}
