import type { Client } from '../../../client.ts';

/**
 * How long the container of a `run --rm` outlives this program, in seconds: longer than the API may be away for before a
 * run is given up.
 */
export const lease = 300;

/**
 * Renews a container's time, thrice in each lease. One renewal that fails changes nothing, and what is wrong the command
 * itself will tell.
 * @param seconds the lease
 * @returns ends it
 */
export function keepAlive({ containers }: Pick<Client, 'containers'>, id: string, seconds: number): () => void {
  const timer = setInterval(() => containers.renew(id, { ttl: seconds }).catch(() => {}), (seconds * 1000) / 3).unref();
  return () => clearInterval(timer);
}
