import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { send } from '../targets/http.ts';

/** A Redis, an API process as users start it, and simulated nodes. */
export interface FleetEnvironment {
  readonly api: { readonly pid: number; readonly port: number };
  readonly redis: { readonly pid: number; readonly port: number };
  stop(): Promise<void>;
}

/** Number of nodes that one process simulates. */
export const nodesPerProcess = 250;
/** Generous, for a busy host. */
const startTimeoutMs = 600_000;

/**
 * Starts Redis, the API and simulated nodes.
 * @param flags for the Node.js of the API, such as `--cpu-prof`
 * @throws Error with the log of the API if they are not ready in time
 */
export async function startFleetEnvironment(nodes: number, flags: readonly string[]): Promise<FleetEnvironment> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-fleet-'));
  const data = join(folder, 'redis');
  mkdirSync(data);
  const redisPort = await findFreePort();
  const env = {
    ...process.env,
    PORT: '0',
    // A busy host takes long to simulate many nodes.
    REQUEST_TIMEOUT: '300',
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    SECRET_KEY: randomBytes(24).toString('hex'),
    STATE_DIR: join(folder, 'state'),
  };
  const children: ChildProcess[] = [];
  const start = (name: string, begin: (log: number) => ChildProcess) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = begin(log);
    closeSync(log);
    children.push(child);
    return child;
  };
  const stop = async () => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true });
  };
  const logOf = (name: string) => readFileSync(join(folder, `${name}.log`), 'utf8');
  const until = Date.now() + startTimeoutMs;
  const waitFor = async <Value>(read: () => Value | undefined | Promise<Value | undefined>): Promise<Value> => {
    for (;;) {
      const value = await read();
      if (value !== undefined) return value;
      if (Date.now() > until) throw new Error(`the fleet is not ready after ${startTimeoutMs / 1000} s; log of the API:\n${logOf('api')}`);
      await delay(50);
    }
  };
  try {
    const redis = start('redis', log =>
      spawn('redis-server', ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--dir', data, '--save', '', '--appendonly', 'yes'], {
        stdio: ['ignore', log, log],
      }),
    );
    await waitFor(() => (logOf('redis').includes('eady to accept connections') ? true : undefined));
    // As `npm run api` starts it.
    const apiEnv = { ...env, NODE_OPTIONS: '--max-semi-space-size=2' };
    const api = start('api', log =>
      spawn(process.execPath, [...flags, pathOf('../../../../apps/api/src/main.ts')], { env: apiEnv, stdio: ['ignore', log, log] }),
    );
    const port = Number(await waitFor(() => /listening on http:\S+?:(\d+)"/.exec(logOf('api'))?.[1]));
    for (let first = 0; first < nodes; first += nodesPerProcess) {
      const count = Math.min(nodesPerProcess, nodes - first);
      const simulation = start(`nodes-${first}`, log =>
        fork(pathOf('./simulate.ts'), [`${first}`, `${count}`], { env, stdio: ['ignore', log, log, 'ipc'] }),
      );
      const [message] = await Promise.race([once(simulation, 'message'), once(simulation, 'exit')]);
      if (message !== 'ready') throw new Error(`the simulated nodes exited; their log:\n${logOf(`nodes-${first}`)}`);
    }
    // Redis may be too busy to answer in time while so many workers start.
    await waitFor(async () => ((await countReadyNodes(port).catch(() => 0)) === nodes ? true : undefined));
    return { api: { pid: api.pid ?? 0, port }, redis: { pid: redis.pid ?? 0, port: redisPort }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns a port of loopback that was free a moment ago. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function countReadyNodes(port: number): Promise<number> {
  const { nodes }: { nodes: { status: string }[] } = JSON.parse(
    (await send({ hostname: '127.0.0.1', port, method: 'GET', path: '/api/v1/nodes' })).toString(),
  );
  return nodes.filter(({ status }) => status === 'ready').length;
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
