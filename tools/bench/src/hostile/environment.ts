import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A Redis, an API process and a worker process, with a podman that only records its calls. */
export interface HostileEnvironment {
  readonly folder: string;
  /** The API's port on loopback. */
  readonly port: number;
  /** Output of the API and the worker. */
  logs(): string;
  /** Names of those of the three processes that have exited. */
  listExitedProcesses(): readonly string[];
  /** Folder of podman's recorded calls, with a file for each process. */
  readonly callsFolder: string;
  /** The processes' working folder and their folder for temporary files, which must be empty after the run. */
  readonly emptyFolders: readonly string[];
  stop(): Promise<void>;
}

/** Small, so that a body that is too large costs little. */
const settings = { MAX_BODY: '256KiB', RESULT_TTL: '60', REQUEST_TIMEOUT: '20', NODE_NAME: 'hostile', PORT: '0' };
/** Allows more creates, because the policy is not the subject of this test. */
const policy = { ALLOWED_CAPABILITIES: 'ALL', ALLOWED_RUNTIMES: 'crun,constructor' };
/** Ends a start that hangs; a busy machine may need half a minute. */
const startTimeoutMs = 180_000;

/** @throws Error if the service does not start in time */
export async function createHostileEnvironment(): Promise<HostileEnvironment> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-hostile-'));
  const pathOf = (name: string) => join(folder, name);
  const [bin, data, work, temporary] = [pathOf('bin'), pathOf('redis'), pathOf('work'), pathOf('tmp')] as const;
  const callsFolder = join(bin, 'calls');
  for (const path of [data, work, temporary, callsFolder]) mkdirSync(path, { recursive: true });
  copyFileSync(new URL('./fake-podman.sh', import.meta.url), join(bin, 'podman'));
  const socket = join(data, 'redis.sock');
  const env = {
    ...process.env,
    ...settings,
    ...policy,
    PATH: `${bin}:${process.env['PATH']}`,
    REDIS_URL: `unix://${socket}`,
    SECRET_KEY: randomBytes(24).toString('hex'),
    STATE_DIR: pathOf('state'),
    TMPDIR: temporary,
  };
  const children = new Map<string, ChildProcess>();
  const start = (name: string, file: string, args: readonly string[]) => {
    const log = openSync(pathOf(`${name}.log`), 'a');
    children.set(name, spawn(file, args, { cwd: work, env, stdio: ['ignore', log, log] }));
    closeSync(log);
  };
  const app = (name: string) => [fileURLToPath(new URL(`../../../../apps/${name}/src/main.ts`, import.meta.url))];
  /** Empty for a process that was not started yet. */
  const log = (name: string) => (existsSync(pathOf(`${name}.log`)) ? readFileSync(pathOf(`${name}.log`), 'utf8') : '');
  const stop = async () => {
    for (const child of children.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(folder, { recursive: true });
  };
  const deadline = Date.now() + startTimeoutMs;
  const waitFor = async <Value>(read: () => Value | undefined | Promise<Value | undefined>): Promise<Value> => {
    for (;;) {
      const value = await read();
      if (value !== undefined) return value;
      if (Date.now() > deadline) throw new Error(`the service did not start:\n${log('redis')}\n${log('api')}\n${log('worker')}`);
      await delay(50);
    }
  };
  try {
    start('redis', 'redis-server', ['--port', '0', '--unixsocket', socket, '--dir', data, '--save', '', '--appendonly', 'no']);
    await waitFor(() => (log('redis').includes('ready to accept connections') ? true : undefined));
    start('worker', process.execPath, app('worker'));
    start('api', process.execPath, app('api'));
    const port = Number(await waitFor(() => /listening on http:\S+?:(\d+)"/.exec(log('api'))?.[1]));
    await waitFor(async () => ((await fetch(`http://127.0.0.1:${port}/api/v1/health`)).status === 200 ? true : undefined));
    const listExitedProcesses = () =>
      [...children].filter(([, child]) => child.exitCode !== null || child.signalCode !== null).map(([name]) => name);
    return {
      folder,
      port,
      logs: () => log('api') + log('worker'),
      listExitedProcesses,
      callsFolder,
      emptyFolders: [work, temporary],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
