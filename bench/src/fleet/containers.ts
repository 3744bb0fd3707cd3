import { createHash } from 'node:crypto';

/** How many containers a simulated node has. */
export const containersANode = 20;

/** A container of a simulated node. */
export interface SimulatedContainer {
  /** The full one, 64 hex digits. */
  readonly id: string;
  readonly name: string;
}

/** @param index from 0 on */
export function nodeNameOf(index: number): string {
  return `sim-${String(index).padStart(4, '0')}`;
}

/** What a simulated node has, the same in every process. */
export function containersOf(node: string): readonly SimulatedContainer[] {
  return Array.from({ length: containersANode }, (_, index) => {
    const name = `${node}-web-${index}`;
    return { name, id: createHash('sha256').update(name).digest('hex') };
  });
}
