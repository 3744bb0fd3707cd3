/** Label of a container whose value is the id of the job that created it. */
export const jobLabel = 'podman-api.job';

/** Label of a container whose value is its ttl in seconds, and the id of the job that set it. */
export const ttlLabel = 'podman-api.ttl';

/** How many characters are read of either, which this service writes with about 60. */
export const maxServiceLabelLength = 200;
