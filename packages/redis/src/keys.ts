/** Prefix of all keys and channels except BullMQ's, which start with `bull:`. */
export const keyPrefix = 'podman-api:';

/**
 * Returns a node's name as a hash tag (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/). Redis
 * Cluster stores keys with the same tag on one server, so a script can use all keys of a node.
 */
export const nodeTag = (node: string) => `{${node}}`;

/** Hash tag of keys that belong to the whole fleet. */
export const fleetTag = '{fleet}';
