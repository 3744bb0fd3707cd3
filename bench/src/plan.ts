import { randomBytes } from 'node:crypto';
import { type Figures, Meter } from './measure.ts';
import type { Way } from './ways/way.ts';

/** What is measured, one after the other. */
export const lifeOperations = ['create', 'stop', 'start', 'end'] as const;
export const plainOperations = ['exec', 'file', 'wholeFile', 'logs', 'inspect', 'list'] as const;

/** Their names in the report, where they differ. */
const names: Readonly<Record<string, string>> = { end: 'stop and remove', wholeFile: 'file, whole or not at all' };
const nameOf = (operation: string) => names[operation] ?? operation;

/** The figures of one operation, in one way, with so many callers at once. */
export interface Row {
  readonly operation: string;
  readonly way: string;
  readonly callers: number;
  readonly figures: Figures;
}

interface Effort {
  /** How often each way has its turn; the ways take turns, so that a host that grows slower is so for all. */
  readonly turns: number;
  /** How many calls a turn has, all callers together. */
  readonly calls: number;
}

/** Measures the operations that leave a container as it was, on one that exists. */
export async function measurePlain(
  ways: readonly Way[],
  callers: number,
  effort: Effort,
  operations: readonly (typeof plainOperations)[number][],
): Promise<Row[]> {
  const rows: Row[] = [];
  const [first] = ways;
  const name = newName();
  await first?.create(name);
  for (const operation of operations) {
    const able = ways.filter(way => way[operation]);
    const meters = able.map(way => ({ way, meter: new Meter() }));
    for (const way of able) await way[operation]?.(name);
    for (let turn = 0; turn < effort.turns; turn += 1) {
      for (const { way, meter } of meters) await meter.turn(callers, Math.ceil(effort.calls / callers), async () => way[operation]?.(name));
    }
    rows.push(...meters.map(({ way, meter }) => ({ operation: nameOf(operation), way: way.name, callers, figures: meter.figures() })));
  }
  await first?.remove(name);
  return rows;
}

/** Measures a container's life from create to remove, each caller with containers of its own. */
export async function measureLives(ways: readonly Way[], callers: number, effort: Effort): Promise<Row[]> {
  const meters = ways.map(way => ({ way, meters: new Map(lifeOperations.map(operation => [operation, new Meter()])) }));
  for (let turn = 0; turn < effort.turns; turn += 1) {
    for (const { way, meters: own } of meters) {
      const each = Math.ceil(effort.calls / callers);
      const names = Array.from({ length: callers }, () => Array.from({ length: each }, newName));
      for (const [operation, meter] of own) {
        const next = names.map(list => list.values());
        await meter.turn(callers, each, caller => way[operation](next[caller]?.next().value ?? ''));
      }
    }
  }
  return lifeOperations.flatMap(operation =>
    meters.flatMap(({ way, meters: own }) => {
      const meter = own.get(operation);
      return meter ? [{ operation: nameOf(operation), way: way.name, callers, figures: meter.figures() }] : [];
    }),
  );
}

/** Has so many containers there while something is measured. */
export async function among(count: number, way: Way, measure: () => Promise<Row[]>): Promise<Row[]> {
  const names = Array.from({ length: count }, newName);
  for (const name of names) await way.create(name);
  try {
    return await measure();
  } finally {
    for (const name of names) await way.remove(name);
  }
}

function newName(): string {
  return `bench-${randomBytes(6).toString('hex')}`;
}
