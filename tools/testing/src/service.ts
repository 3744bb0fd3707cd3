import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPodmanSettings } from '@podman-api/runtime';
import { createCall, type SendRequest } from './call.ts';
import { startChild, type TestChild } from './child.ts';
import { until } from './poll.ts';
import { type RedisChoice, startRedis, type TestRedis } from './redis/redis.ts';
import { prepareStorage } from './storage.ts';

/** A Redis, an API process and a worker process, as users run them. */
export interface Service {
  readonly redis: TestRedis;
  readonly api: TestChild;
  readonly worker: TestChild;
  readonly url: string;
  readonly call: SendRequest;
  /** Variables for more processes of the same service. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends both processes and Redis, and removes its data. */
  stop(): Promise<void>;
}

/** Variables of every service of the tests: calls may take longer than the default on a busy machine. */
export const busyHostVariables = { REQUEST_TIMEOUT: '300' };

/**
 * Starts a Redis, an API process and a worker process, and waits until the service is healthy.
 * @param extra environment variables for both processes
 * @param choice the kind of Redis, for a test that depends on it
 */
export async function startService(extra: Readonly<Record<string, string>> = {}, choice: RedisChoice = {}): Promise<Service> {
  const redis = await startRedis(choice);
  const env = {
    ...podmanVariables(),
    ...redis.env,
    REDIS_URL: redis.url,
    SECRET_KEY: randomBytes(24).toString('hex'),
    NODE_NAME: `test-${randomBytes(4).toString('hex')}`,
    PORT: '0',
    // In the folder of Redis, which `stop` removes.
    API_TOKENS_FILE: join(redis.folder, 'tokens.json'),
    AUDIT_LOG: join(redis.folder, 'audit.log'),
    ...busyHostVariables,
    ...extra,
  };
  const worker = startApp('worker', env);
  const { api, url, call } = await startApi(env);
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

/** An API process that listens. */
export interface TestApi {
  readonly api: TestChild;
  readonly url: string;
  readonly call: SendRequest;
}

/** Starts an API process and waits until it listens. */
export async function startApi(env: Readonly<Record<string, string>>): Promise<TestApi> {
  const api = startApp('api', env);
  await api.waitForOutput('listening on');
  const url = /listening on (http:\S+?)"/.exec(api.output())?.[1] ?? '';
  return { api, url, call: createCall(url) };
}

/** Returns the variables for a standalone process, as `npm start` runs it. @param folder value of STATE_DIR */
export function standaloneVariables(folder: string): Record<string, string> {
  return { ...podmanVariables(), ...busyHostVariables, STATE_DIR: folder, PORT: '0', REDIS_URL: '' };
}

/** Returns the URL that a standalone process has printed; empty before that. */
export function standaloneUrl({ output }: TestChild): string {
  return /listens on (http:\S+)/.exec(output())?.[1] ?? '';
}

/** Starts an app of this repository as `npm run` does. */
export function startApp(name: 'api' | 'worker' | 'standalone', env: Readonly<Record<string, string>>): TestChild {
  return startChild(process.execPath, [fileURLToPath(new URL(`../../../apps/${name}/src/main.ts`, import.meta.url))], env);
}

/** Returns the variables that make podman use the storage of the tests and the settings of the set-up. */
function podmanVariables(): Record<string, string> {
  const settings = findPodmanSettings();
  return { ...prepareStorage(), ...(settings !== undefined && { CONTAINERS_CONF: settings }) };
}

async function endIfAlive({ process: child, end, ended }: TestChild): Promise<void> {
  await (child.exitCode === null && child.signalCode === null ? end() : ended);
}
