import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges that are named as counters are, which Prometheus's own check complains of; others say the same by type. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What prom-client knows of a Node.js process: CPU, memory, files, garbage collection, the lag of the event loop. */
export function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  return registry;
}
