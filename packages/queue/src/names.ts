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

/** A new job's id. It begins with its queue's name, so that any process finds the job without looking it up. */
export function newJobId(node: string, lane: Lane): string {
  return `${node}${laneMark[lane]}_${randomBytes(10).toString('hex')}`;
}

/** Where a job is, by its id; nothing where that is no id of ours. */
export function placeOf(id: string): { node: string; lane: Lane } | undefined {
  const [, node, mark] = /^([a-z0-9][a-z0-9.-]{0,62})(_reads)?_[0-9a-f]{20}$/.exec(id) ?? [];
  return node === undefined ? undefined : { node, lane: mark ? 'reads' : 'commands' };
}

/** Our own keys and channels, beside BullMQ's `bull:podman-<node>:…`. */
export const keys = {
  /** A hash: how the job ended. */
  record: (id: string) => `podman-api:job:${id}`,
  /** The fields of a job's input that are secret, sealed. */
  sealed: (id: string) => `podman-api:sealed:${id}`,
  /** A hash: what each worker process last told of itself. */
  workers: 'podman-api:workers',
  /** Where an API process hears how its jobs ended. */
  outcomes: (apiProcess: string) => `podman-api:outcomes:${apiProcess}`,
} as const;
