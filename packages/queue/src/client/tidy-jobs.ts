import { keys } from '../names.ts';
import type { RedisClient } from '../redis.ts';

/** How many jobs are looked at in one step. */
const batch = 1000;

/**
 * Rids the list of all jobs of those that are forgotten: a list over a thousand nodes makes a thousand jobs. One that is old
 * and has a record still runs or waits, or has ended lately.
 */
export async function tidyJobs(redis: RedisClient, resultTtl: number): Promise<void> {
  const newest = Date.now() - resultTtl * 1000;
  let kept = 0;
  for (;;) {
    const ids = await redis.zrangebyscore(keys.jobs, '-inf', newest, 'LIMIT', kept, batch);
    const there = await Promise.all(ids.map(id => redis.exists(keys.record(id))));
    const gone = ids.filter((_, index) => there[index] === 0);
    if (gone.length > 0) await redis.zrem(keys.jobs, ...gone);
    if (ids.length < batch) return;
    kept += ids.length - gone.length;
  }
}
