import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Member, type Program } from './member.ts';
import { findFreePort } from './port.ts';
import { createRedisProgram, cutConnections } from './redis.ts';

/** The whole service: a Redis, two API processes and three worker processes of one node. */
export interface Cluster {
  readonly members: readonly Member[];
  /** The API processes' addresses, without the base path. */
  readonly apis: readonly [string, string];
  /** Makes Redis close connections of its clients. */
  cut(type: 'normal' | 'pubsub'): Promise<number | undefined>;
}

/**
 * Few workers and short limits, so that jobs have to wait and waits reach their limit. `RESULT_TTL` outlives the run,
 * or nothing could be read at its end.
 */
const settings = { MAX_WORKERS: '2', REQUEST_TIMEOUT: '5', SHUTDOWN_TIMEOUT: '10', RESULT_TTL: '36000' };

/**
 * @param folder for its data and logs
 * @param env environment of podman and the processes
 */
export async function createCluster(folder: string, name: string, env: NodeJS.ProcessEnv): Promise<Cluster> {
  const logs = `${folder}/logs`;
  mkdirSync(logs, { recursive: true });
  const redis = createRedisProgram(folder, `${logs}/redis.log`, env);
  const variables = {
    ...env,
    ...settings,
    REDIS_URL: `unix://${redis.socket}`,
    SECRET_KEY: randomBytes(24).toString('hex'),
    NODE_NAME: name,
    STATE_DIR: `${folder}/state`,
  };
  const app = (role: 'api' | 'worker', number: number, own: NodeJS.ProcessEnv): Program => ({
    name: `${role}-${number}`,
    role,
    file: process.execPath,
    args: [fileURLToPath(new URL(`../../../../apps/${role}/src/main.ts`, import.meta.url))],
    env: { ...variables, ...own },
    log: `${logs}/${role}-${number}.log`,
  });
  const ports = [await findFreePort(), await findFreePort()] as const;
  const apis = ports.map((port, index) => app('api', index + 1, { PORT: String(port) }));
  const workers = [1, 2, 3].map(number => app('worker', number, {}));
  return {
    members: [redis, ...apis, ...workers].map(program => new Member(program)),
    apis: [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`],
    cut: type => cutConnections(redis.socket, type),
  };
}
