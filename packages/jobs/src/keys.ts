import { keyPrefix, nodeTag } from '@podman-api/redis';
import { laneSuffixes, parseJobId } from './job-id.ts';
import type { Lane } from './lanes.ts';

/** Returns a job's id with its node as the hash tag. A string that is not a job id never maps to the key of a job, even if it contains braces. */
function taggedId(id: string): string {
  const node = parseJobId(id)?.node;
  return node === undefined ? `invalid:${id}` : nodeTag(node) + id.slice(node.length);
}

/** Returns the name of a node's lane in keys: `{<node>}`, `{<node>}_reads` or `{<node>}_waits`. */
export function laneTag(node: string, lane: Lane): string {
  return nodeTag(node) + laneSuffixes[lane];
}

/** Returns the prefix of the keys of a node's job records; the rest is the job's id without the node. */
export function recordPrefix(node: string): string {
  return `${keyPrefix}job:${nodeTag(node)}`;
}

/** Keys and pub/sub channels of jobs, besides BullMQ's. */
export const keys = {
  /** A hash: the record of a job, in plain text. */
  record: (id: string) => `${keyPrefix}job:${taggedId(id)}`,
  /** A string: the secret fields of a job's input, sealed; deleted when the job ends. */
  sealed: (id: string) => `${keyPrefix}sealed:${taggedId(id)}`,
  /** A set: the callers that wait for a job with an Idempotency-Key. */
  waits: (id: string) => `${keyPrefix}waits:${taggedId(id)}`,
  /** A stream: the output of a job's command, sealed. */
  output: (id: string) => `${keyPrefix}output:${taggedId(id)}`,
  /** A hash: the state of a job's channel, see channel/PROTOCOL.md. Neither replicated nor saved, like the two streams. */
  channel: (id: string) => `${keyPrefix}channel:${taggedId(id)}`,
  /** A stream: entries that the API has sent on a job's channel and the worker has not read, sealed. */
  channelIn: (id: string) => `${keyPrefix}channel-in:${taggedId(id)}`,
  /** A stream: entries that the worker has sent on a job's channel and the API has not read, sealed. */
  channelOut: (id: string) => `${keyPrefix}channel-out:${taggedId(id)}`,
  /** A sorted set: the stored outputs of a node's jobs, `<bytes> <id>`, by the time at which the job ended. */
  outputs: (node: string) => `${keyPrefix}outputs:${nodeTag(node)}`,
  /** A string: the claim of an Idempotency-Key, `<job id> <fingerprint of the request>`. */
  idempotencyKey: (hash: string) => `${keyPrefix}key:${hash}`,
  /** A sorted set: the ids of all jobs by creation time. */
  jobs: `${keyPrefix}jobs`,
  /** A hash: sizes in bytes of the large inputs that are queued on a node, by the keys of the jobs' records. */
  largeInputs: (node: string) => `${keyPrefix}large-inputs:${nodeTag(node)}`,
  /** A hash: the slots of each worker in a lane, `<slots> <unix time of the report>`; see fair-share/lua.ts. */
  slots: (laneTag: string) => `${keyPrefix}slots:${laneTag}`,
  /** A hash: the tokens of the admitted jobs of a lane, by the jobs' ids. */
  admitted: (laneTag: string) => `${keyPrefix}admitted:${laneTag}`,
  /** A list: the tokens that have held jobs in a lane; with `:<token>`, a list of the held jobs of that token. */
  held: (laneTag: string) => `${keyPrefix}held:${laneTag}`,
  /** A set: running jobs of a node that are to be cancelled. */
  cancels: (node: string) => `${keyPrefix}cancels:${nodeTag(node)}`,
  /** A set: jobs of a node whose worker died; their processes or containers may still exist. */
  orphans: (node: string) => `${keyPrefix}orphans:${nodeTag(node)}`,
  /** A pub/sub channel: notifies an API process of outcomes and new output of jobs. */
  outcomes: (apiProcess: string) => `${keyPrefix}outcomes:${apiProcess}`,
  /** A pub/sub channel: notifies a process of changes of its jobs' channels. */
  channelNotifications: (process: string) => `${keyPrefix}channel-news:${process}`,
} as const;
