import { setTimeout as delay } from 'node:timers/promises';
import { type Request, send } from '../http/send.ts';
import { specificationOf } from '../load/work.ts';
import { listObservedContainers, type ObservedContainer } from './containers.ts';
import type { PodmanRunner } from './podman.ts';

/** Idle containers of the pool of a run: fewer than callers take at times. */
const poolSize = 3;
/** Time for the workers to remove the idle containers of a pool that was removed. */
const removalTimeoutMs = 60_000;
const pollIntervalMs = 500;

/** Declares the pool of a run. */
export function declarePool(api: string, pool: string, image: string): Promise<void> {
  return repeat(api, { method: 'PUT', path: `/pools/${pool}`, body: { size: poolSize, container: specificationOf(image) } });
}

/**
 * Removes the pool of a run, and waits until its idle containers are gone.
 * @returns those that are left after a minute
 */
export async function removePool(api: string, pool: string, podman: PodmanRunner): Promise<readonly ObservedContainer[]> {
  await repeat(api, { method: 'DELETE', path: `/pools/${pool}` });
  const until = Date.now() + removalTimeoutMs;
  for (;;) {
    const left = await listObservedContainers(podman, prefixOf(pool));
    if (left.length === 0 || Date.now() > until) return left;
    await delay(pollIntervalMs);
  }
}

/** Prefix of the names of a pool's containers, before they are claimed. */
export function prefixOf(pool: string): string {
  return `pool-${pool}-`;
}

/** Sends a request until it succeeds; a pool that no longer exists counts as removed. */
async function repeat(api: string, request: Request): Promise<void> {
  for (;;) {
    const outcome = await send(api, request);
    if (typeof outcome !== 'string' && (outcome.status < 300 || outcome.status === 404)) return;
    await delay(pollIntervalMs);
  }
}
