import { ApiError } from '@podman-api/errors';
import { Gauge, Registry } from 'prom-client';
import type { RouteContext } from '../../context.ts';
import { processMetrics } from '../../metrics/declared.ts';
import { createFleetRegistry, type FleetSnapshot } from '../../metrics/fleet.ts';
import type { AppParts } from '../../parts.ts';

/** Handles `GET /metrics`: all metrics in Prometheus's text format. */
export function prometheus(parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    ctx.body = await formatMetrics(parts);
    ctx.type = Registry.PROMETHEUS_CONTENT_TYPE;
  };
}

/** Formats all metrics. While Redis is unavailable, these are only the metrics of this process, which shows that it is running. */
async function formatMetrics(parts: AppParts): Promise<string> {
  const snapshot = await readFleetSnapshot(parts);
  const registry = new Registry();
  new Gauge({ ...processMetrics.redisUp, registers: [registry] }).set(Number(snapshot !== undefined));
  return Registry.merge([...(snapshot ? [createFleetRegistry(snapshot)] : []), registry, parts.metrics]).metrics();
}

async function readFleetSnapshot({ fleet, jobs, stats, config }: AppParts): Promise<FleetSnapshot | undefined> {
  if (!fleet.isRedisAvailable) return undefined;
  const nodes = [...fleet.nodes.values()];
  try {
    const [totals, depths] = await Promise.all([stats.totals(), jobs.depths(nodes.map(({ name }) => name))]);
    return { totals, nodes, depths, limit: config.MAX_QUEUE };
  } catch (error) {
    if (error instanceof ApiError && error.type === 'ServiceUnavailableError') return undefined;
    throw error;
  }
}
