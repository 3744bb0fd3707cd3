import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { podmanSettings } from '@podman-api/runtime';
import { type Call, caller } from './call.ts';
import { startChild, type TestChild } from './child.ts';
import { until } from './poll.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { prepareStorage } from './storage.ts';

/** A Redis, an API process and a worker process, as users run them. */
export interface Service {
  readonly redis: TestRedis;
  readonly api: TestChild;
  readonly worker: TestChild;
  readonly url: string;
  readonly call: Call;
  /** Variables for more processes of the same service. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param extra variables for both processes */
export async function startService(extra: Readonly<Record<string, string>> = {}): Promise<Service> {
  const redis = await startRedis();
  const settings = podmanSettings();
  const env = {
    ...prepareStorage(),
    ...(settings !== undefined && { CONTAINERS_CONF: settings }),
    REDIS_URL: redis.url,
    SECRET_KEY: randomBytes(24).toString('hex'),
    NODE_NAME: `test-${randomBytes(4).toString('hex')}`,
    PORT: '0',
    ...extra,
  };
  const worker = startApp('worker', env);
  const api = startApp('api', env);
  await api.says('listening on');
  const url = /listening on (http:\S+?)"/.exec(api.output())?.[1] ?? '';
  const call = caller(url);
  await until(async () => (await call('GET', '/health')).status === 200);
  return {
    redis,
    api,
    worker,
    url,
    call,
    env,
    async stop() {
      await Promise.all([endIfAlive(api), endIfAlive(worker)]);
      await redis.stop();
    },
  };
}

/** Starts an app of this repository as `npm run` does. */
export function startApp(name: 'api' | 'worker' | 'standalone', env: Readonly<Record<string, string>>): TestChild {
  return startChild(process.execPath, [fileURLToPath(new URL(`../../../apps/${name}/src/main.ts`, import.meta.url))], env);
}

async function endIfAlive({ process: child, end, ended }: TestChild): Promise<void> {
  await (child.exitCode === null && child.signalCode === null ? end() : ended);
}
