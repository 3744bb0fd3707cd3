import { fleetTag, keyPrefix } from '@podman-api/redis';

/** The keys of the fleet's counters. */
export const keys = {
  /** A hash: how many jobs have ended how, and how long they took, since this Redis was new. */
  counters: `${keyPrefix}${fleetTag}:tally`,
  /** A string: the number of the last batch that a process has added. */
  lastBatch: (sender: string) => `${keyPrefix}${fleetTag}:tallied:${sender}`,
} as const;
