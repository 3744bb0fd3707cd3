import { keyPrefix, nodeTag } from '@podman-api/redis';
import { parseJobId } from './job-id.ts';

/** Returns a job's id with its node as the hash tag. A text that is not a job id never maps to the key of a job, even if it contains braces. */
function taggedId(id: string): string {
  const node = parseJobId(id)?.node;
  return node === undefined ? `invalid:${id}` : nodeTag(node) + id.slice(node.length);
}

/** Keys and channels of jobs, besides BullMQ's. */
export const keys = {
  /** A hash: the record of a job, in plain text. */
  record: (id: string) => `${keyPrefix}job:${taggedId(id)}`,
  /** A string: the secret fields of a job's input, sealed; deleted when the job ends. */
  sealed: (id: string) => `${keyPrefix}sealed:${taggedId(id)}`,
  /** A set: the callers that wait for a job with an Idempotency-Key. */
  waits: (id: string) => `${keyPrefix}waits:${taggedId(id)}`,
  /** A stream: the output of a job's command, sealed. */
  output: (id: string) => `${keyPrefix}output:${taggedId(id)}`,
  /** A sorted set: the stored outputs of a node's jobs, `<bytes> <id>`, by the time at which the job ended. */
  outputs: (node: string) => `${keyPrefix}outputs:${nodeTag(node)}`,
  /** A string: the claim of an Idempotency-Key, `<job id> <fingerprint of the request>`. */
  idempotencyKey: (hash: string) => `${keyPrefix}key:${hash}`,
  /** A sorted set: the ids of all jobs by creation time. */
  jobs: `${keyPrefix}jobs`,
  /** A hash: sizes in bytes of the large inputs that are queued on a node, by the keys of the jobs' records. */
  largeInputs: (node: string) => `${keyPrefix}large-inputs:${nodeTag(node)}`,
  /** A set: running jobs of a node that are to be cancelled. */
  cancels: (node: string) => `${keyPrefix}cancels:${nodeTag(node)}`,
  /** A set: jobs of a node whose worker died; their processes or containers may still exist. */
  orphans: (node: string) => `${keyPrefix}orphans:${nodeTag(node)}`,
  /** A channel: notifies an API process of outcomes and new output of jobs. */
  outcomes: (apiProcess: string) => `${keyPrefix}outcomes:${apiProcess}`,
} as const;
