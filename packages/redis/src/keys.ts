/** What all keys and channels of ours begin with; BullMQ's begin with `bull:`. */
export const keyPrefix = 'podman-api:';

/**
 * Returns a node's name as a hash tag. Redis Cluster places a key by what stands between its braces, so everything of one
 * node is on one server, where a script can touch it in one step, and nodes are spread over the servers.
 */
export const nodeTag = (node: string) => `{${node}}`;

/** The hash tag of what belongs to the fleet as a whole. */
export const fleetTag = '{fleet}';
