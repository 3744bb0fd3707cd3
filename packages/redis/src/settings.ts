import { type PeriodicTask, runPeriodically } from '@podman-api/runtime';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './client.ts';

/** Interval of reading Redis's settings, which may be changed while it runs. */
const settingsIntervalMs = 60_000;
/** Interval of reading how much memory Redis uses. */
const memoryIntervalMs = 1000;
/** Twice the longest of Redis's default save points (one hour). */
const maxSaveAgeSeconds = 7200;

/** Redis's settings and memory, as of the last reading. */
export interface RedisSettings {
  /** Problems of the settings, one sentence each, for the operator of Redis. */
  readonly warnings: readonly string[];
  /** Whether Redis has reached its memory limit. It then refuses writes, so no job can run. */
  readonly isMemoryFull: boolean;
  stop(): void;
}

/**
 * Watches Redis for settings that may lose jobs, and for a full memory.
 * @param onWarning called with each warning when it is first found
 */
export function watchSettings(redis: RedisClient, onWarning: (warning: string) => void): RedisSettings {
  let warnings: readonly string[] = [];
  let isMemoryFull = false;
  let tasks: readonly PeriodicTask[] = [];
  const masters = () => (redis instanceof Cluster ? redis.nodes('master') : [redis]);
  const readSettings = async () => {
    const found = [...new Set((await Promise.all(masters().map(readWarnings))).flat())];
    for (const warning of found) if (!warnings.includes(warning)) onWarning(warning);
    warnings = found;
  };
  const readMemory = async () => {
    const infos = await Promise.all(masters().map(server => server.info('memory')));
    isMemoryFull = infos.some(hasReachedMemoryLimit);
  };
  const stopTasks = () => {
    for (const task of tasks) task.stop();
  };
  const start = () => {
    stopTasks();
    tasks = [runPeriodically(settingsIntervalMs, readSettings), runPeriodically(memoryIntervalMs, readMemory)];
  };
  redis.on('ready', start);
  return {
    get warnings() {
      return warnings;
    },
    get isMemoryFull() {
      return isMemoryFull;
    },
    stop() {
      redis.off('ready', start);
      stopTasks();
    },
  };
}

async function readWarnings(server: Redis): Promise<string[]> {
  return findSettingsProblems(await server.info(), await readSavePoints(server));
}

/** Reads the setting `save`; `undefined` if CONFIG is not allowed, as in many managed services. */
async function readSavePoints(server: Redis): Promise<string | undefined> {
  return server.config('GET', 'save').then(
    answer => (Array.isArray(answer) ? String(answer[1] ?? '') : undefined),
    () => undefined,
  );
}

/**
 * Returns a warning for each setting that may lose jobs.
 * @param info Redis's answer to INFO
 * @param save the setting `save`; `undefined` if unknown: an overdue save then counts as saving turned off
 * @param now in ms since 1970
 */
export function findSettingsProblems(info: string, save: string | undefined, now = Date.now()): string[] {
  const field = (name: string) => parseInfoField(info, name);
  const policy = field('maxmemory_policy') ?? 'noeviction';
  const isOverdue =
    Number(field('rdb_changes_since_last_save')) > 0 && now / 1000 - Number(field('rdb_last_save_time') ?? now / 1000) > maxSaveAgeSeconds;
  const isPersistent = field('aof_enabled') !== '0' || (save === undefined ? !isOverdue : save !== '');
  return [
    ...(policy === 'noeviction'
      ? []
      : [`Redis deletes jobs when its memory is full: set its maxmemory-policy to noeviction; it is ${policy}.`]),
    ...(isPersistent ? [] : ['Redis does not save jobs to disk and loses them when it restarts: set its appendonly to yes.']),
  ];
}

/**
 * Returns whether Redis has reached `maxmemory`, beyond which it refuses writes (with `noeviction`).
 * @param info Redis's answer to INFO memory
 */
export function hasReachedMemoryLimit(info: string): boolean {
  const maxBytes = Number(parseInfoField(info, 'maxmemory') ?? 0);
  return maxBytes > 0 && Number(parseInfoField(info, 'used_memory') ?? 0) >= maxBytes;
}

function parseInfoField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}
