import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './redis.ts';
import { every } from './worker/every.ts';

/** How often Redis's settings are looked at, in ms; somebody may change them while it runs. */
const lookEvery = 60_000;
/** Redis's own save points save after an hour at the latest where anything has changed; twice that, in seconds. */
const savedWithin = 7200;

/** What is wrong with how Redis is set, as it was last seen. */
export interface RedisSettings {
  /** One sentence each, for who runs Redis. */
  readonly warnings: readonly string[];
  stop(): void;
}

/** @param onWarning hears of each warning when it is first seen */
export function watchSettings(redis: RedisClient, onWarning: (warning: string) => void): RedisSettings {
  let warnings: readonly string[] = [];
  let stop = () => {};
  const look = async () => {
    const servers = redis instanceof Cluster ? redis.nodes('master') : [redis];
    const found = [...new Set((await Promise.all(servers.map(warningsOf))).flat())];
    for (const warning of found) if (!warnings.includes(warning)) onWarning(warning);
    warnings = found;
  };
  const start = () => {
    stop();
    stop = every(lookEvery, look);
  };
  redis.on('ready', start);
  return {
    get warnings() {
      return warnings;
    },
    stop() {
      redis.off('ready', start);
      stop();
    },
  };
}

async function warningsOf(server: Redis): Promise<string[]> {
  return settingsWarnings(await server.info(), await savePoints(server));
}

/** The setting itself; nothing where this user may not ask, as with many managed services. */
async function savePoints(server: Redis): Promise<string | undefined> {
  return server.config('GET', 'save').then(
    answer => (Array.isArray(answer) ? String(answer[1] ?? '') : undefined),
    () => undefined,
  );
}

/**
 * @param info what Redis answers to INFO
 * @param save its save points, where they are known; else INFO has to tell whether there are any
 */
export function settingsWarnings(info: string, save: string | undefined, now = Date.now()): string[] {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy') ?? 'noeviction';
  const overdue = Number(field('rdb_changes_since_last_save')) > 0 && now / 1000 - Number(field('rdb_last_save_time') ?? now) > savedWithin;
  const persists = field('aof_enabled') !== '0' || (save === undefined ? !overdue : save !== '');
  return [
    ...(policy === 'noeviction'
      ? []
      : [`Redis drops jobs when its memory is full: set its maxmemory-policy to noeviction; it is ${policy}.`]),
    ...(persists ? [] : ['Redis keeps nothing on disk and forgets all jobs when it is restarted: set its appendonly to yes.']),
  ];
}
