import { fleetTag, keyPrefix } from '@podman-api/redis';

const prefix = `${keyPrefix}${fleetTag}:`;

/** Keys of nodes, workers and the directory of containers. */
export const keys = {
  /** A hash: the last report of each worker process, `<seconds> <JSON>`, by its id. */
  workers: `${prefix}workers`,
  /** A hash: the last report from each node, by its name. */
  nodes: `${prefix}nodes`,
  /** A set: the nodes that get no new containers. */
  draining: `${prefix}draining`,
  /** A sorted set in alphabetical order: `<name> <node> <id>` of each container, or of the job that has reserved the name. */
  names: `${prefix}names`,
  /** A sorted set in alphabetical order: `<id> <node> <name>` of each container. */
  ids: `${prefix}ids`,
  /** A stream: the latest events of all nodes. */
  events: `${prefix}events`,
  /** A sorted set: the latest events that a node has added to the stream, by their time in ms. */
  publishedEvents: (node: string) => `${prefix}published-events:${node}`,
  /** A hash: the names of a node's containers, and of the jobs that have reserved names on it, by their ids. */
  containers: (node: string) => `${prefix}containers:${node}`,
  /** A hash: the allocations of a node's containers, `<token> <memory> <hundredths of a CPU>`, by the ids of their jobs. */
  allocations: (node: string) => `${prefix}allocations:${node}`,
  /** A hash: the allocations of a token's containers, `<memory> <hundredths of a CPU>`, by the ids of their jobs. */
  tokenAllocations: (token: string) => `${prefix}token-allocations:${token}`,
  /** A hash: the declared pools, sealed, by name. */
  pools: `${prefix}pools`,
  /** A number that grows with each change of a pool. */
  poolsVersion: `${prefix}pools-version`,
  /** The id of the worker that keeps the pools of a node; expires after ten seconds. */
  poolKeeper: (node: string) => `${prefix}pool-keeper:${node}`,
  /** A sorted set: the jobs of a token that have not ended, by the time at which they were submitted. */
  runningJobs: (token: string) => `${prefix}running-jobs:${token}`,
  /** The node of a session of Docker's clients, by the hash of its name; expires a week after its last use. */
  sessionNode: (hash: string) => `${prefix}session-node:${hash}`,
  /** A hash: the leases of Docker's clients, sealed, by id; the first character of each shows whether it was ended. */
  leases: `${prefix}leases`,
  /** Set while a process removes what has the labels of a lease; expires after a minute. */
  leaseClaim: (id: string) => `${prefix}lease-claim:${id}`,
} as const;
