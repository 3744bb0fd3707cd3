import { Gauge, Registry } from 'prom-client';
import type { Figures } from './figures.ts';

export const promType = Registry.PROMETHEUS_CONTENT_TYPE;

/** The figures in Prometheus's text format. */
export async function promText(figures: Figures): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name: `podman_api_${name}`, help, registers: [registry] }).set(value);
  gauge('uptime_seconds', 'Seconds since this API process started', figures.uptime_seconds);
  gauge('max_workers', 'podman commands that all workers together may run at once', figures.max_workers);
  gauge('active_commands', 'podman commands that run now', figures.active_threads);
  gauge('workers', 'Worker processes that are alive', figures.workers.length);
  const jobs = new Gauge({ name: 'podman_api_jobs', help: 'Jobs in the queues by state', labelNames: ['state'], registers: [registry] });
  for (const [state, count] of Object.entries(figures.queue)) jobs.set({ state }, count);
  return registry.metrics();
}
