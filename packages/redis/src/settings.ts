import { every, type PeriodicTask } from '@podman-api/runtime';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './client.ts';

/** Interval of reading Redis's settings: somebody may change them while it runs. */
const readIntervalMs = 60_000;
/** Redis's default save points save a change after an hour at the latest; twice that counts as overdue. */
const overdueAfterSeconds = 7200;

/** What is wrong with Redis's settings, as of the last reading. */
export interface RedisSettings {
  /** One sentence each, for the operator of Redis. */
  readonly warnings: readonly string[];
  stop(): void;
}

/**
 * Watches Redis's settings for what may lose jobs.
 * @param onWarning called with each warning when it is first found
 */
export function watchSettings(redis: RedisClient, onWarning: (warning: string) => void): RedisSettings {
  let warnings: readonly string[] = [];
  let reading: PeriodicTask | undefined;
  const look = async () => {
    const servers = redis instanceof Cluster ? redis.nodes('master') : [redis];
    const found = [...new Set((await Promise.all(servers.map(warningsOf))).flat())];
    for (const warning of found) if (!warnings.includes(warning)) onWarning(warning);
    warnings = found;
  };
  const start = () => {
    reading?.stop();
    reading = every(readIntervalMs, look);
  };
  redis.on('ready', start);
  return {
    get warnings() {
      return warnings;
    },
    stop() {
      redis.off('ready', start);
      reading?.stop();
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
 * @param save its setting `save`; `undefined` if unknown, then INFO tells whether it saves
 * @param now in ms since 1970
 */
export function settingsWarnings(info: string, save: string | undefined, now = Date.now()): string[] {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
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
