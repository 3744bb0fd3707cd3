import type { Node } from '@podman-api/cluster';
import { errorTypes } from '@podman-api/errors';
import { endStatuses, type QueueDepth } from '@podman-api/jobs';
import { taskNames } from '@podman-api/operations';
import { type DurationHistogram, emptyHistogram, type Totals } from '@podman-api/stats';
import { Counter, Gauge, Registry } from 'prom-client';
import { CountedHistogram } from './counted-histogram.ts';
import { fleetMetrics } from './declared.ts';

/** Counters, nodes and queues of the fleet at one moment. */
export interface FleetSnapshot {
  readonly totals: Totals;
  readonly nodes: readonly Node[];
  readonly depths: readonly QueueDepth[];
  /** Maximum number of jobs that wait in a queue. */
  readonly limit: number;
}

/** Every series starts at 0: Prometheus counts no increase for a series that appears with its first value. */
const emptyHistograms: readonly (readonly [string, DurationHistogram])[] = [...taskNames].map(name => [name, emptyHistogram]);

/** Creates the metrics of the fleet; called for each request, because nodes come and go. */
export function createFleetRegistry({ totals, nodes, depths, limit }: FleetSnapshot): Registry {
  const registry = new Registry();
  const registers = [registry];
  const ends = new Counter({ ...fleetMetrics.ends, registers });
  for (const operation of new Set([...taskNames, ...totals.finishedJobs.keys()])) {
    for (const status of endStatuses) ends.inc({ operation, status }, totals.finishedJobs.get(operation)?.get(status) ?? 0);
  }
  const errors = new Counter({ ...fleetMetrics.errors, registers });
  for (const type of Object.keys(errorTypes)) errors.inc({ type }, totals.errors.get(type) ?? 0);
  new CountedHistogram(fleetMetrics.waits, registry, new Map([...emptyHistograms, ...totals.waitTimes]));
  new CountedHistogram(fleetMetrics.runs, registry, new Map([...emptyHistograms, ...totals.runTimes]));

  const queued = new Gauge({ ...fleetMetrics.queued, registers });
  for (const { node, lane, waiting, active } of depths) {
    queued.set({ node, lane, state: 'waiting' }, waiting);
    queued.set({ node, lane, state: 'active' }, active);
  }
  new Gauge({ ...fleetMetrics.limit, registers }).set(limit);
  addNodes(registry, nodes);
  return registry;
}

function addNodes(registry: Registry, nodes: readonly Node[]): void {
  const registers = [registry];
  const byStatus = new Gauge({ ...fleetMetrics.nodes, registers });
  for (const status of ['ready', 'draining', 'offline'] as const) {
    byStatus.set({ status }, nodes.filter(node => node.status === status).length);
  }
  const gauges = [
    [new Gauge({ ...fleetMetrics.nodeUp, registers }), ({ status }: Node) => Number(status !== 'offline')],
    [new Gauge({ ...fleetMetrics.podmanUp, registers }), ({ podman }: Node) => Number(podman === 'connected')],
    [new Gauge({ ...fleetMetrics.workers, registers }), ({ workers }: Node) => workers],
    [new Gauge({ ...fleetMetrics.running, registers }), ({ running }: Node) => running],
    [new Gauge({ ...fleetMetrics.commandsLimit, registers }), ({ max_workers }: Node) => max_workers],
    [new Gauge({ ...fleetMetrics.containers, registers }), ({ containers }: Node) => containers],
  ] as const;
  for (const [gauge, of] of gauges) {
    for (const node of nodes) {
      const value = of(node);
      if (value !== null) gauge.set({ node: node.name }, value);
    }
  }
}
