import { createHash } from 'node:crypto';

/** Number of containers of a simulated node. */
export const containersPerNode = 20;

/** A container of a simulated node. */
export interface SimulatedContainer {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
}

/** Returns the name of a simulated node. @param index from 0 on */
export function nodeNameOf(index: number): string {
  return `sim-${String(index).padStart(4, '0')}`;
}

/** Returns the containers of a simulated node; the same in every process. */
export function containersOf(node: string): readonly SimulatedContainer[] {
  return Array.from({ length: containersPerNode }, (_, index) => {
    const name = `${node}-web-${index}`;
    return { name, id: createHash('sha256').update(name).digest('hex') };
  });
}
