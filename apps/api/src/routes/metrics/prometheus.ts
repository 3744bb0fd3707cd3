import { ApiError } from '@podman-api/errors';
import { Gauge, Registry } from 'prom-client';
import { ofProcess } from '../../metrics/declared.ts';
import { type FleetFigures, fleetRegistry } from '../../metrics/fleet.ts';
import type { AppParts } from '../../parts.ts';

export const promType = Registry.PROMETHEUS_CONTENT_TYPE;

/** The text format of all metrics; of this process's alone while Redis is away, so that this can be told from a dead API. */
export async function promText(parts: AppParts): Promise<string> {
  const figures = await readFleet(parts);
  const registry = new Registry();
  new Gauge({ ...ofProcess.redisUp, registers: [registry] }).set(Number(figures !== undefined));
  return Registry.merge([...(figures ? [fleetRegistry(figures)] : []), registry, parts.metrics]).metrics();
}

async function readFleet({ queue, config }: AppParts): Promise<FleetFigures | undefined> {
  if (!queue.fleet.isRedisAvailable) return undefined;
  const nodes = [...queue.fleet.nodes.values()];
  try {
    const [totals, depths] = await Promise.all([queue.totals(), queue.depths(nodes.map(({ name }) => name))]);
    return { totals, nodes, depths, limit: config.MAX_QUEUE };
  } catch (error) {
    if (error instanceof ApiError && error.type === 'ServiceUnavailableError') return undefined;
    throw error;
  }
}
