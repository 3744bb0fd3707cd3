import { every, type PeriodicTask } from '@podman-api/runtime';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './client.ts';

/** Interval of reading Redis's settings, which may be changed while it runs. */
const settingsIntervalMs = 60_000;
/** Interval of reading how much memory Redis uses. */
const memoryIntervalMs = 1000;
/** Redis's default save points save a change after an hour at the latest; twice that counts as overdue. */
const overdueAfterSeconds = 7200;

/** Redis's settings and memory, as of the last reading. */
export interface RedisSettings {
  /** What is wrong with the settings, one sentence each, for the operator of Redis. */
  readonly warnings: readonly string[];
  /** Whether Redis has reached its memory limit: it refuses to store anything, so no job can run. */
  readonly isMemoryFull: boolean;
  stop(): void;
}

/**
 * Watches Redis's settings for what may lose jobs, and its memory.
 * @param onWarning called with each warning when it is first found
 */
export function watchSettings(redis: RedisClient, onWarning: (warning: string) => void): RedisSettings {
  let warnings: readonly string[] = [];
  let isMemoryFull = false;
  let tasks: readonly PeriodicTask[] = [];
  const masters = () => (redis instanceof Cluster ? redis.nodes('master') : [redis]);
  const readSettings = async () => {
    const found = [...new Set((await Promise.all(masters().map(warningsOf))).flat())];
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
    tasks = [every(settingsIntervalMs, readSettings), every(memoryIntervalMs, readMemory)];
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

async function warningsOf(server: Redis): Promise<string[]> {
  return settingsWarnings(await server.info(), await savePoints(server));
}

/** Reads the setting `save`; `undefined` if this user may not, as with many managed services. */
async function savePoints(server: Redis): Promise<string | undefined> {
  return server.config('GET', 'save').then(
    answer => (Array.isArray(answer) ? String(answer[1] ?? '') : undefined),
    () => undefined,
  );
}

/**
 * Returns a warning for each setting that may lose jobs.
 * @param info Redis's answer to INFO
 * @param save its setting `save`; `undefined` if unknown; then INFO shows whether it saves
 * @param now in ms since 1970
 */
export function settingsWarnings(info: string, save: string | undefined, now = Date.now()): string[] {
  const field = (name: string) => fieldOf(info, name);
  const policy = field('maxmemory_policy') ?? 'noeviction';
  const overdue =
    Number(field('rdb_changes_since_last_save')) > 0 &&
    now / 1000 - Number(field('rdb_last_save_time') ?? now / 1000) > overdueAfterSeconds;
  const persists = field('aof_enabled') !== '0' || (save === undefined ? !overdue : save !== '');
  return [
    ...(policy === 'noeviction'
      ? []
      : [`Redis drops jobs when its memory is full: set its maxmemory-policy to noeviction; it is ${policy}.`]),
    ...(persists ? [] : ['Redis keeps nothing on disk and forgets all jobs when it is restarted: set its appendonly to yes.']),
  ];
}

/**
 * Returns whether Redis has reached the memory limit `maxmemory`, beyond which it stores nothing (with `noeviction`).
 * @param info Redis's answer to INFO memory
 */
export function hasReachedMemoryLimit(info: string): boolean {
  const maxBytes = Number(fieldOf(info, 'maxmemory') ?? 0);
  return maxBytes > 0 && Number(fieldOf(info, 'used_memory') ?? 0) >= maxBytes;
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}
