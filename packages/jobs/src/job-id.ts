import { randomBytes } from 'node:crypto';
import { type Lane, lanes } from './lanes.ts';

/** Suffixes for lanes in job ids and queue names. They are unambiguous because node names have no underscore. */
export const laneSuffixes: Readonly<Record<Lane, string>> = { commands: '', reads: '_reads', waits: '_waits' };

/**
 * Creates a job's id: node, lane suffix, `_`, 12 hex digits of the creation time in ms since 1970, and 16 random hex digits.
 * The node and the lane are part of it so that any process finds the job without a lookup.
 */
export function newJobId(node: string, lane: Lane, nowMs = Date.now()): string {
  return `${node}${laneSuffixes[lane]}_${nowMs.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
}

/** The parts of a job's id. */
export interface JobIdParts {
  readonly node: string;
  readonly lane: Lane;
  /** By the API's clock, in ms since 1970. */
  readonly createdAtMs: number;
}

/** Parses a job's id; `undefined` if the text is not one. */
export function parseJobId(id: string): JobIdParts | undefined {
  const [, node, suffix = '', time = ''] = /^([a-z0-9][a-z0-9.-]{0,62})(_[a-z]+)?_([0-9a-f]{12})[0-9a-f]{16}$/.exec(id) ?? [];
  const lane = lanes.find(one => laneSuffixes[one] === suffix);
  return node === undefined || lane === undefined ? undefined : { node, lane, createdAtMs: Number.parseInt(time, 16) };
}

/** Returns when a job was created, in ms since 1970. @throws Error if the text is not the id of a job */
export function jobCreatedAtMs(id: string): number {
  const createdAtMs = parseJobId(id)?.createdAtMs;
  if (createdAtMs === undefined) throw new Error(`${id} is not the id of a job`);
  return createdAtMs;
}
