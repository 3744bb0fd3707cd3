import type { Reaper } from '../dead/reap.ts';
import { ended } from '../job.ts';
import { placeOf } from '../names.ts';
import { noWorker } from '../nodes/no-worker.ts';
import type { ClientParts } from './client.ts';
import { tidyJobs } from './tidy-jobs.ts';
import { takeBack, withdraw } from './withdraw.ts';

/** How often the list of all jobs is rid of those that are forgotten, in ms. */
const tidyEvery = 60_000;

/**
 * After each look at the workers, ends the jobs that nobody will end otherwise: those of workers that have died;
 * those that wait for a node without a worker, which their callers hear at once; and those that may or may not have
 * been added when Redis went away.
 */
export function keepHouse(parts: ClientParts, reaper: Reaper): void {
  const { fleet, leftovers, waiter, redis, resultTtl } = parts;
  let tidied = performance.now();
  let takingBack = false;
  const takeBackLeftovers = async () => {
    if (takingBack) return;
    takingBack = true;
    for (const id of leftovers) await takeBack(parts, id);
    takingBack = false;
  };
  fleet.onLook(() => {
    if (!fleet.isRedisAvailable) return;
    reaper.look();
    for (const id of waiter.waiting) {
      const node = placeOf(id)?.node;
      if (node !== undefined && fleet.abandoned(node)) giveUp(parts, id, node);
    }
    void takeBackLeftovers();
    if (performance.now() - tidied < tidyEvery) return;
    tidied = performance.now();
    tidyJobs(redis, resultTtl).catch(() => {});
  });
}

function giveUp(parts: ClientParts, id: string, node: string): void {
  withdraw(parts, id, { outcome: ended('withdrawn', { error: noWorker(node).toJSON() }) }).catch(() => {});
}
