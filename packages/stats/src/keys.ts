import { fleetTag, keyPrefix } from '@podman-api/redis';

/** Keys of the fleet's counters. */
export const keys = {
  /** Hash of counters and durations of finished jobs, since this Redis was created; see `toIncrements`. */
  counters: `${keyPrefix}${fleetTag}:counters`,
  /** String: number of the last batch of a process. */
  lastBatch: (sender: string) => `${keyPrefix}${fleetTag}:last-batch:${sender}`,
} as const;
