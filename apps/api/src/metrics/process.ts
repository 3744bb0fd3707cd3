import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges with names of counters, which `promtool check metrics` rejects; others have the same values by type. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Creates a registry with prom-client's metrics of a Node.js process: CPU, memory, files, garbage collection, event loop. */
export function createProcessRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  return registry;
}
