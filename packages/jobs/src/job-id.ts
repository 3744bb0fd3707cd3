import { randomBytes } from 'node:crypto';
import type { Lane } from './lanes.ts';

/** How a lane appears in ids and queue names; a node's name has no underscore. */
export const laneSuffixes: Readonly<Record<Lane, string>> = { commands: '', reads: '_reads' };

/**
 * Creates a job's id: the name of its node and lane, so that any process finds the job without a lookup, then 12 hex digits
 * of the creation time in ms since 1970 and 16 random ones.
 */
export function newJobId(node: string, lane: Lane, nowMs = Date.now()): string {
  return `${node}${laneSuffixes[lane]}_${nowMs.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
}

/** What a job's id tells. */
export interface JobIdParts {
  readonly node: string;
  readonly lane: Lane;
  /** By the API's clock, in ms since 1970. */
  readonly createdAtMs: number;
}

/** Parses a job's id; `undefined` if the text is not one. */
export function parseJobId(id: string): JobIdParts | undefined {
  const [, node, suffix, time = ''] = /^([a-z0-9][a-z0-9.-]{0,62})(_reads)?_([0-9a-f]{12})[0-9a-f]{16}$/.exec(id) ?? [];
  return node === undefined ? undefined : { node, lane: suffix ? 'reads' : 'commands', createdAtMs: Number.parseInt(time, 16) };
}

/** Returns when a job was created, in ms since 1970. @throws Error if the text is not the id of a job */
export function jobCreatedAtMs(id: string): number {
  const createdAtMs = parseJobId(id)?.createdAtMs;
  if (createdAtMs === undefined) throw new Error(`${id} is not the id of a job`);
  return createdAtMs;
}
