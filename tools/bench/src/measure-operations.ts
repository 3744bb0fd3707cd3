import { randomBytes } from 'node:crypto';
import { LatencyMeter, type LatencySummary } from './latency-meter.ts';
import type { Target } from './targets/target.ts';

/** Operations that a container's life consists of, in this order. */
const lifecycleOperations = ['create', 'stop', 'start', 'end'] as const;
/** Operations that leave a container as it was, in the order in which they are measured. */
export const inPlaceOperations = ['exec', 'file', 'wholeFile', 'logs', 'inspect', 'list'] as const;

/** Names in the report that differ from those of the methods. */
const names: Readonly<Record<string, string>> = { end: 'stop and remove', wholeFile: 'file, written atomically' };
const nameOf = (operation: string) => names[operation] ?? operation;

/** Latency of one operation of one target with a number of concurrent callers. */
export interface OperationResult {
  readonly operation: string;
  readonly target: string;
  readonly callers: number;
  readonly latency: LatencySummary;
}

interface MeasurementSize {
  /** Rounds of each target. The targets alternate, so that a host that becomes slower does so for all of them. */
  readonly rounds: number;
  /** Calls in a round, of all callers together. */
  readonly calls: number;
}

/** Measures operations that leave a container as it was, on one container. */
export async function measureInPlace(
  targets: readonly Target[],
  callers: number,
  size: MeasurementSize,
  operations: readonly (typeof inPlaceOperations)[number][],
): Promise<OperationResult[]> {
  const results: OperationResult[] = [];
  const [first] = targets;
  const container = newName();
  await first?.create(container);
  for (const operation of operations) {
    const supporting = targets.filter(target => target[operation]);
    const meters = supporting.map(target => ({ target, meter: new LatencyMeter() }));
    for (const target of supporting) await target[operation]?.(container);
    for (let round = 0; round < size.rounds; round += 1) {
      for (const { target, meter } of meters) {
        await meter.run(callers, Math.ceil(size.calls / callers), async () => target[operation]?.(container));
      }
    }
    results.push(...meters.map(({ target, meter }) => createResult(operation, target, callers, meter)));
  }
  await first?.remove(container);
  return results;
}

/** Measures a container's life from create to remove; each caller has its own containers. */
export async function measureLifecycles(targets: readonly Target[], callers: number, size: MeasurementSize): Promise<OperationResult[]> {
  const metersOf = () => new Map(lifecycleOperations.map(operation => [operation, new LatencyMeter()]));
  const measured = targets.map(target => ({ target, meters: metersOf() }));
  const callsPerCaller = Math.ceil(size.calls / callers);
  for (let round = 0; round < size.rounds; round += 1) {
    for (const { target, meters } of measured) {
      const containers = Array.from({ length: callers }, () => Array.from({ length: callsPerCaller }, newName));
      for (const [operation, meter] of meters) {
        const remaining = containers.map(list => list.values());
        await meter.run(callers, callsPerCaller, caller => target[operation](remaining[caller]?.next().value ?? ''));
      }
    }
  }
  return lifecycleOperations.flatMap(operation =>
    measured.flatMap(({ target, meters }) => {
      const meter = meters.get(operation);
      return meter ? [createResult(operation, target, callers, meter)] : [];
    }),
  );
}

/** Runs a measurement while a number of other containers exist. */
export async function withContainers(count: number, target: Target, measure: () => Promise<OperationResult[]>): Promise<OperationResult[]> {
  const containers = Array.from({ length: count }, newName);
  for (const container of containers) await target.create(container);
  try {
    return await measure();
  } finally {
    for (const container of containers) await target.remove(container);
  }
}

function createResult(operation: string, target: Target, callers: number, meter: LatencyMeter): OperationResult {
  return { operation: nameOf(operation), target: target.name, callers, latency: meter.summarize() };
}

function newName(): string {
  return `bench-${randomBytes(6).toString('hex')}`;
}
