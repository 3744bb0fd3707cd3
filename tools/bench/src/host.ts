import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findPodmanSettings } from '@podman-api/runtime';
import { formatSettings, formatStorageConf, removeStorages } from '@podman-api/testing/storage';
import { content } from './targets/target.ts';

/** The API and podman's REST service, started for a measurement. */
export interface Host {
  readonly url: string;
  /** Token of the API. */
  readonly token: string;
  /** Socket of podman's service. */
  readonly socket: string;
  /** Process whose children are the API, the worker and Redis. */
  readonly pid: number;
  /** Socket of Redis. */
  readonly redisSocket: string;
  readonly env: NodeJS.ProcessEnv;
  /** Path of a file of 1 KiB. */
  readonly file: string;
  stop(): Promise<void>;
}

/**
 * Starts the API and podman's service.
 * @param variables environment variables of the API
 * @param hasOwnStorage whether podman's service has a separate storage, with the same images, so that the worker does not observe
 * what the service does; default: false
 * @throws Error if the API ends before it is ready
 */
export async function startHost(variables: Readonly<Record<string, string>> = {}, hasOwnStorage = false): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-bench-'));
  const settings = findPodmanSettings();
  const env = { ...process.env, ...(settings !== undefined && { CONTAINERS_CONF: settings }) };
  const file = join(folder, 'file');
  writeFileSync(file, content);

  const token = execFileSync(process.execPath, [appFile('api/src/token.ts'), 'create', 'bench', '--scopes', 'admin'], {
    env: { ...env, STATE_DIR: folder },
    encoding: 'utf8',
  }).trim();
  const standalone = spawn(process.execPath, [appFile('standalone/src/main.ts')], {
    env: { ...env, STATE_DIR: folder, PORT: '0', REDIS_URL: '', RATE_LIMIT: '1000000', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = standalone;
  if (pid === undefined) throw new Error('the service could not be started');
  const url = await waitForMatch(standalone, /listens on (http:\S+) and is (?:healthy|degraded)/);

  const socket = join(folder, 'podman.sock');
  const serviceVariables = configureService(folder, settings, hasOwnStorage);
  const service = spawn('podman', ['system', 'service', '--time=0', `unix://${socket}`], {
    env: { ...env, ...serviceVariables },
    stdio: 'ignore',
  });
  while (!existsSync(socket)) await delay(20);
  return {
    url,
    token,
    socket,
    pid,
    redisSocket: join(folder, 'redis', 'redis.sock'),
    env,
    file,
    async stop() {
      // A suite that failed may have left containers in it.
      if (hasOwnStorage) spawnSync('podman', ['rm', '--all', '--force', '--time=0'], { env: { ...env, ...serviceVariables } });
      for (const child of [standalone, service]) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      while (!(await removeStorages(folder))) await delay(100);
    },
  };
}

/**
 * Seconds after which podman's service removes an exec session, so that the two conmon processes of each exec do not slow down later
 * calls; default of podman: 300. Clients of a separate storage read the exit code after the end, which takes them more than a second
 * on a busy machine.
 */
const execRemovalDelaySeconds = { shared: 1, own: 10 };

/** Returns the variables of podman's service. */
function configureService(folder: string, settings: string | undefined, hasOwnStorage: boolean): Record<string, string> {
  const config = join(folder, 'containers.conf');
  if (!hasOwnStorage) {
    writeFileSync(config, formatSettings(settings, { engine: [`exit_command_delay = ${execRemovalDelaySeconds.shared}`] }));
    return { CONTAINERS_CONF: config };
  }
  const storage = join(folder, 'storage.conf');
  const imageStore = execFileSync('podman', ['info', '--format={{.Store.GraphRoot}}'], { encoding: 'utf8' }).trim();
  const own = join(folder, 'service');
  mkdirSync(own);
  writeFileSync(
    storage,
    `${formatStorageConf(join(own, 'graph'), join(own, 'run'))}[storage.options]\nadditionalimagestores = ["${imageStore}"]\n`,
  );
  // Podman keeps its events there, among others.
  writeFileSync(
    config,
    formatSettings(settings, { engine: [`exit_command_delay = ${execRemovalDelaySeconds.own}`, `tmp_dir = "${own}/tmp"`] }),
  );
  return { CONTAINERS_CONF: config, CONTAINERS_STORAGE_CONF: storage };
}

function appFile(path: string): string {
  return fileURLToPath(new URL(`../../../apps/${path}`, import.meta.url));
}

/** Returns the first group of a pattern as soon as the output of a process matches it. */
async function waitForMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  if (!child.stdout) throw new Error('the process has no stdout');
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) {
      child.stdout.resume();
      return found;
    }
  }
  throw new Error(`the API exited before it was ready:\n${text}`);
}
