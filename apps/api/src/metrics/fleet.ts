import type { Node } from '@podman-api/cluster';
import { errorTypes } from '@podman-api/errors';
import { endStatuses, type QueueDepth } from '@podman-api/jobs';
import { taskNames } from '@podman-api/operations';
import { type DurationHistogram, emptyHistogram, type Totals } from '@podman-api/stats';
import { Counter, Gauge, Registry } from 'prom-client';
import { CountedHistogram } from './counted-histogram.ts';
import { ofFleet } from './declared.ts';

/** The figures of the fleet at one moment. */
export interface FleetFigures {
  readonly totals: Totals;
  readonly nodes: readonly Node[];
  readonly depths: readonly QueueDepth[];
  /** Maximum number of jobs that wait in a queue. */
  readonly limit: number;
}

/** Every series starts at 0: Prometheus counts no increase for a series that appears with its first value. */
const emptyHistograms: readonly (readonly [string, DurationHistogram])[] = [...taskNames].map(name => [name, emptyHistogram]);

/** Creates the metrics of the fleet; called for each request, because nodes come and go. */
export function fleetRegistry({ totals, nodes, depths, limit }: FleetFigures): Registry {
  const registry = new Registry();
  const registers = [registry];
  const ends = new Counter({ ...ofFleet.ends, registers });
  for (const operation of new Set([...taskNames, ...totals.finishedJobs.keys()])) {
    for (const status of endStatuses) ends.inc({ operation, status }, totals.finishedJobs.get(operation)?.get(status) ?? 0);
  }
  const errors = new Counter({ ...ofFleet.errors, registers });
  for (const type of Object.keys(errorTypes)) errors.inc({ type }, totals.errors.get(type) ?? 0);
  new CountedHistogram(ofFleet.waits, registry, new Map([...emptyHistograms, ...totals.waitTimes]));
  new CountedHistogram(ofFleet.runs, registry, new Map([...emptyHistograms, ...totals.runTimes]));

  const queued = new Gauge({ ...ofFleet.queued, registers });
  for (const { node, lane, waiting, active } of depths) {
    queued.set({ node, lane, state: 'waiting' }, waiting);
    queued.set({ node, lane, state: 'active' }, active);
  }
  new Gauge({ ...ofFleet.limit, registers }).set(limit);
  addNodes(registry, nodes);
  return registry;
}

function addNodes(registry: Registry, nodes: readonly Node[]): void {
  const registers = [registry];
  const byStatus = new Gauge({ ...ofFleet.nodes, registers });
  for (const status of ['ready', 'draining', 'offline'] as const) {
    byStatus.set({ status }, nodes.filter(node => node.status === status).length);
  }
  const gauges = [
    [new Gauge({ ...ofFleet.nodeUp, registers }), ({ status }: Node) => Number(status !== 'offline')],
    [new Gauge({ ...ofFleet.podmanUp, registers }), ({ podman }: Node) => Number(podman === 'connected')],
    [new Gauge({ ...ofFleet.workers, registers }), ({ workers }: Node) => workers],
    [new Gauge({ ...ofFleet.running, registers }), ({ running }: Node) => running],
    [new Gauge({ ...ofFleet.most, registers }), ({ max_workers }: Node) => max_workers],
    [new Gauge({ ...ofFleet.containers, registers }), ({ containers }: Node) => containers],
  ] as const;
  for (const [gauge, of] of gauges) {
    for (const node of nodes) {
      const value = of(node);
      if (value !== null) gauge.set({ node: node.name }, value);
    }
  }
}
