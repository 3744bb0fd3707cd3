import { randomBytes } from 'node:crypto';
import type { Lane } from '@podman-api/operations';

/** The lanes of a node; each is a queue of its own. */
export const lanes: readonly Lane[] = ['commands', 'reads'];

/** A lane's mark in names; a node's name has no underscore. */
const laneMark: Readonly<Record<Lane, string>> = { commands: '', reads: '_reads' };

/** The BullMQ queue of a node's lane: `podman-<node>`, and `podman-<node>_reads`. */
export function queueName(node: string, lane: Lane): string {
  return `podman-${node}${laneMark[lane]}`;
}

/**
 * A new job's id. It begins with its queue's name, so that any process finds the job without looking it up, then
 * tells when it was made: 12 hex digits of ms since 1970, and 16 at random.
 */
export function newJobId(node: string, lane: Lane, now = Date.now()): string {
  return `${node}${laneMark[lane]}_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
}

/** Where a job is, and when it was made in ms since 1970, by its id; nothing where that is no id of ours. */
export function placeOf(id: string): { node: string; lane: Lane; created: number } | undefined {
  const [, node, mark, time = ''] = /^([a-z0-9][a-z0-9.-]{0,62})(_reads)?_([0-9a-f]{12})[0-9a-f]{16}$/.exec(id) ?? [];
  return node === undefined ? undefined : { node, lane: mark ? 'reads' : 'commands', created: Number.parseInt(time, 16) };
}

/** Returns when a job was submitted, in ms since 1970, by the API's clock. @throws Error if the id is none of a job */
export function jobCreatedAt(id: string): number {
  const created = placeOf(id)?.created;
  if (created === undefined) throw new Error(`${id} is not the id of a job`);
  return created;
}

/**
 * In Redis Cluster all that stands between the braces of a key decides where the key is: what belongs to a node, its
 * queues and jobs among it, is in one place, so that a script can touch it in one step. Nodes are spread.
 */
const tagged = (node: string) => `{${node}}`;

/** BullMQ's prefix for a node's queues: their keys are `bull:{<node>}:podman-<node>:…`. */
export function queuePrefix(node: string): string {
  return `bull:${tagged(node)}`;
}

/** BullMQ's own key for something of a node's queue, such as the list `wait`, or a job by its id. */
export function queueKey(node: string, lane: Lane, what: string): string {
  return `${queuePrefix(node)}:${queueName(node, lane)}:${what}`;
}

/** A job's id with its node tagged. What is no id of a job never becomes the key of one, even if it has braces itself. */
function taggedId(id: string): string {
  const node = placeOf(id)?.node;
  return node === undefined ? `invalid:${id}` : tagged(node) + id.slice(node.length);
}

/** Our own keys and channels, beside BullMQ's. */
export const keys = {
  /** A hash: all that is known of a job, in plain words. */
  record: (id: string) => `podman-api:job:${taggedId(id)}`,
  /** The fields of a job's input that are secret, sealed; gone when the job ends. */
  sealed: (id: string) => `podman-api:sealed:${taggedId(id)}`,
  /** A set: who waits for a job that several may wait for. */
  waits: (id: string) => `podman-api:waits:${taggedId(id)}`,
  /** A stream: what a job's command writes, sealed. */
  output: (id: string) => `podman-api:output:${taggedId(id)}`,
  /** A sorted set: the kept outputs of a node's jobs, `<bytes> <id>`, by the time of their end. */
  outputs: (node: string) => `podman-api:outputs:${tagged(node)}`,
  /** A text: which job an Idempotency-Key stands for. */
  claim: (hash: string) => `podman-api:key:${hash}`,
  /** A sorted set: the ids of all jobs, by the time they were made. */
  jobs: 'podman-api:jobs',
  /** A hash: the sizes in bytes of large inputs that wait on a node, by the keys of the jobs' records. */
  largeInputs: (node: string) => `podman-api:large-inputs:${tagged(node)}`,
  /** A set: jobs that run on a node and are to be cancelled. */
  cancels: (node: string) => `podman-api:cancels:${tagged(node)}`,
  /** A set: jobs whose worker died and of which something may be left on a node. */
  orphans: (node: string) => `podman-api:orphans:${tagged(node)}`,
  /** A hash: what each worker process last told of itself. */
  workers: 'podman-api:{fleet}:workers',
  /** A hash: what was last told of each node. */
  nodes: 'podman-api:{fleet}:nodes',
  /** A set: the nodes that get no new containers. */
  draining: 'podman-api:{fleet}:draining',
  /** A sorted set, in the order of letters: `<name> <node> <id>` of each container, or of the job that is to make it. */
  names: 'podman-api:{fleet}:names',
  /** A sorted set, in the order of letters: `<id> <node> <name>` of each container. */
  ids: 'podman-api:{fleet}:ids',
  /** A hash: how many jobs have ended how, and how long they took, since this Redis was new. */
  tally: 'podman-api:{fleet}:tally',
  /** A text: the number of the last counts that a process has added to the tally. */
  tallied: (sender: string) => `podman-api:{fleet}:tallied:${sender}`,
  /** A hash: the containers of a node, and the jobs that are to make some, by their ids. */
  containers: (node: string) => `podman-api:{fleet}:containers:${node}`,
  /** Where an API process hears how its jobs ended, and that there is new output. */
  outcomes: (apiProcess: string) => `podman-api:outcomes:${apiProcess}`,
} as const;
