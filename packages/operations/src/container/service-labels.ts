/** Label of a container whose value is the id of the job that created it. */
export const jobLabel = 'podman-api.job';

/** Label of a container whose value is its ttl in seconds, and the id of the job that set it. */
export const ttlLabel = 'podman-api.ttl';

/** Label of a container whose value says for whose quotas it counts, see allocation.ts. */
export const tokenLabel = 'podman-api.token';

/** How many characters are read of each, which this service writes with about 60, and at most 185. */
export const maxServiceLabelLength = 200;
